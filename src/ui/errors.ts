import * as vscode from 'vscode';
import { Command } from '../core/contributions';
import { GantryError, isCancelled, reasonOf, type Reason } from '../core/errors';
import { logError } from './log';
import { sayError } from './say';

/** A button under a message. */
export interface Action {
  readonly label: string;
  readonly run: () => unknown;
}

const command = (label: string, id: string, ...args: unknown[]): Action => ({
  label,
  run: () => vscode.commands.executeCommand(id, ...args),
});

/** Turns errors into one sentence with a button that helps. Cancelling is silent. */
export class ErrorReporter {
  /** The same sentence again within this time (ms) is not shown again: one prompt for one cause. */
  private static readonly quiet = 3_000;
  private last = { text: '', at: 0 };

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Shows an error; resolves when the message is gone. */
  async show(error: unknown, retry?: Action): Promise<void> {
    if (isCancelled(error)) return;
    logError(this.log, error);
    const text = sayError(error);
    if (text === this.last.text && Date.now() - this.last.at < ErrorReporter.quiet) return;
    this.last = { text, at: Date.now() };
    const help = actionFor(reasonOf(error), error);
    const showLog = command(vscode.l10n.t('Show Log'), Command.showLog);
    await showActions(vscode.window.showErrorMessage, text, [
      ...(help ? [help] : []),
      ...(retry ? [retry] : []),
      showLog,
    ]);
  }

  /** Runs a command's action; whatever it throws ends here and never reaches VS Code. */
  async guard(action: () => unknown): Promise<void> {
    try {
      await action();
    } catch (error) {
      void this.show(error);
    }
  }
}

/** Shows a message with buttons and runs the one that was chosen. */
export async function showActions(
  show: (text: string, ...labels: string[]) => Thenable<string | undefined>,
  text: string,
  actions: readonly Action[],
): Promise<void> {
  const chosen = await show(text, ...actions.map(({ label }) => label));
  await actions.find(({ label }) => label === chosen)?.run();
}

/** The button that helps with a cause, if there is one. */
function actionFor(reason: Reason | undefined, error: unknown): Action | undefined {
  switch (reason) {
    case 'credentialsMissing':
    case 'credentialsInvalid':
    case 'profileMissing':
    case 'regionMissing':
    case 'wrongAccount':
    case 'unreachable':
    case 'badAnswer':
    case 'timedOut':
      return command(vscode.l10n.t('Switch Connection'), Command.switchConnection);
    case 'credentialsExpired':
      return command(vscode.l10n.t('Sign In'), Command.signIn);
    case 'readOnly':
      return command(vscode.l10n.t('Edit Connection…'), Command.editConnection);
    case 'clockSkew':
      return command(vscode.l10n.t('Try Again'), Command.refreshEcs);
    case 'repositoryMissing':
      // The detail is the name that was looked for.
      return command(
        vscode.l10n.t('Create Repository'),
        Command.createRepository,
        error instanceof GantryError ? error.detail : undefined,
      );
    case 'targetInvalid':
    case 'serviceMissing':
    case 'platformMismatch':
      return command(vscode.l10n.t('Edit Targets'), Command.editTargets);
    case 'untrusted':
      return command(vscode.l10n.t('Manage Workspace Trust'), 'workbench.trust.manage');
    case 'engineMissing':
      return {
        label: vscode.l10n.t('How to Install'),
        run: () => vscode.env.openExternal(vscode.Uri.parse('https://docs.docker.com/get-started/get-docker/')),
      };
    case 'engineNotRunning':
    case 'engineDenied':
      return command(vscode.l10n.t('Choose Engine'), 'workbench.action.openSettings', 'gantry.engine');
    default:
      return undefined;
  }
}
