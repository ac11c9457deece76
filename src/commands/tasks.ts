import * as vscode from 'vscode';
import { taskType } from '../core/contributions';
import { isCancelled } from '../core/errors';
import type { ErrorReporter } from '../ui/errors';
import { OutputTerminal } from '../ui/outputTerminal';
import { sayError } from '../ui/say';
import type { Targets } from '../ui/targets';
import type { Level } from './chooseTarget';
import type { ShipFlow } from './shipFlow';

/** A task in `tasks.json`: `{"type": "gantry", "target": "web", "action": "ship"}`. */
interface GantryTask extends vscode.TaskDefinition {
  readonly target?: string;
  readonly action?: string;
}

/** Ships saved targets as tasks, so that a key binding or a compound task can do it. */
export class GantryTasks implements vscode.TaskProvider {
  constructor(
    private readonly flow: ShipFlow,
    private readonly targets: Targets,
    private readonly errors: ErrorReporter,
  ) {}

  provideTasks(): vscode.Task[] {
    if (!vscode.workspace.isTrusted) return [];
    return (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
      this.targets.list(folder).map(({ name }) => this.task({ type: taskType, target: name, action: 'ship' }, folder)),
    );
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const { scope, definition } = task;
    const folder = isFolder(scope) ? scope : vscode.workspace.workspaceFolders?.[0];
    // The definition has to stay the very object that VS Code handed in.
    return folder && this.task(definition as GantryTask, folder);
  }

  private task(definition: GantryTask, folder: vscode.WorkspaceFolder): vscode.Task {
    const { target = '' } = definition;
    const level = levelOf(definition.action);
    const run = new vscode.CustomExecution(() => Promise.resolve(this.terminal(level, target, folder)));
    const task = new vscode.Task(definition, folder, `${level} ${target}`, taskType, run);
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false };
    return task;
  }

  private terminal(level: Level, target: string, folder: vscode.WorkspaceFolder): OutputTerminal {
    const terminal = new OutputTerminal();
    terminal.onOpen = () => void this.run(level, target, folder, terminal);
    return terminal;
  }

  /** The exit code is 0 only when what was shipped is what runs, so that a compound task stops at the right place. */
  private async run(
    level: Level,
    target: string,
    folder: vscode.WorkspaceFolder,
    terminal: OutputTerminal,
  ): Promise<void> {
    try {
      const result = await this.flow.startTarget(level, folder, target, terminal);
      const kind = result?.verdict.kind ?? 'healthy';
      terminal.end(kind === 'healthy' || kind === 'notExercised' ? 0 : 1);
    } catch (error) {
      terminal.write(`${sayError(error)}\n`);
      void this.errors.show(error);
      terminal.end(isCancelled(error) ? 130 : 1);
    }
  }
}

function levelOf(action: string | undefined): Level {
  return action === 'build' || action === 'push' ? action : 'ship';
}

function isFolder(scope: vscode.Task['scope']): scope is vscode.WorkspaceFolder {
  return typeof scope === 'object' && 'uri' in scope;
}
