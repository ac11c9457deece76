import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import { Command, ContextKey } from '../core/contributions';
import type { Connections } from './connections';
import type { ReadyLine } from './readyLine';
import { spawnSandbox, waitUntilReady, type Seed } from './sandboxProcess';

/** A sandbox that answers. */
export interface RunningSandbox extends ReadyLine {
  readonly seed: Seed;
}

/** Starts and ends the sandbox, a process of its own, and keeps its connection. Nothing is written to `~/.aws`. */
export class SandboxHost implements vscode.Disposable {
  private child: ChildProcess | undefined;
  private starting = false;
  private readonly status = vscode.window.createStatusBarItem('gantry.sandbox', vscode.StatusBarAlignment.Left);
  private current: RunningSandbox | undefined;

  constructor(
    private readonly program: string,
    private readonly connections: Connections,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get isRunning(): boolean {
    return this.starting || this.child !== undefined;
  }

  /** What this window has started, while it answers. */
  get running(): RunningSandbox | undefined {
    return this.current;
  }

  /**
   * Starts the sandbox and switches to it.
   * @throws GantryError sandboxFailed, cancelled
   */
  async start(seed: Seed, signal: AbortSignal): Promise<RunningSandbox> {
    this.starting = true;
    try {
      const child = spawnSandbox(this.program, seed, (line) => this.log.trace(`sandbox: ${line}`));
      this.child = child;
      child.once('exit', () => void this.ended(child));
      const ready = await waitUntilReady(child, signal).catch((error: unknown) => {
        child.kill();
        throw error;
      });
      const { endpoint, region } = ready;
      this.log.info(vscode.l10n.t('The sandbox answers at {0}', endpoint));
      await this.connections.setSandbox({ endpoint, region, sandbox: true }, true);
      const running = { ...ready, seed };
      this.show(running);
      return running;
    } finally {
      this.starting = false;
    }
  }

  /** Ends the sandbox and what it started. */
  async stop(): Promise<void> {
    const { child } = this;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }

  dispose(): void {
    this.status.dispose();
    this.child?.kill('SIGTERM');
  }

  private show(running: RunningSandbox): void {
    this.current = running;
    this.status.name = vscode.l10n.t('Gantry Sandbox');
    this.status.text = `$(beaker) ${vscode.l10n.t('Sandbox: {0}', running.seed)}`;
    this.status.tooltip = vscode.l10n.t('The sandbox answers at {0}', running.endpoint);
    this.status.command = Command.sandboxMenu;
    this.status.show();
    this.setContext(true);
  }

  private async ended(child: ChildProcess): Promise<void> {
    if (this.child !== child) return;
    this.child = undefined;
    this.current = undefined;
    this.status.hide();
    this.setContext(false);
    await this.connections.setSandbox(undefined, false);
  }

  private setContext(running: boolean): void {
    void vscode.commands.executeCommand('setContext', ContextKey.sandboxRunning, running);
  }
}
