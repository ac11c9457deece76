import * as vscode from 'vscode';
import type { SandboxHost } from '../ui/sandboxHost';
import { withProgress } from '../ui/progress';

/** Starts the sandbox, says what its tasks are, and shows it. */
export async function startSandbox(host: SandboxHost): Promise<void> {
  if (host.isRunning) {
    void vscode.window.showInformationMessage(vscode.l10n.t('The sandbox is running already.'));
    return;
  }
  const ready = await withProgress(vscode.l10n.t('Starting the sandbox'), (_, signal) => host.start(signal));
  await vscode.commands.executeCommand('workbench.view.extension.gantry');
  void vscode.window.showInformationMessage(
    ready.runtime === 'engine'
      ? vscode.l10n.t('The sandbox runs. Its tasks are real containers in {0}.', ready.engine ?? '')
      : vscode.l10n.t('The sandbox runs. Without a container engine its tasks are simulated.'),
  );
}

/** Ends the sandbox after saying what is lost. */
export async function stopSandbox(host: SandboxHost): Promise<void> {
  if (!host.isRunning) return;
  const stop = vscode.l10n.t('Stop Sandbox');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Stop the sandbox?'),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Its repositories, images, services and containers are gone then. No AWS account is touched.',
      ),
    },
    stop,
  );
  if (answer === stop) await withProgress(vscode.l10n.t('Stopping the sandbox'), () => host.stop());
}
