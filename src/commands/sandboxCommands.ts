import * as vscode from 'vscode';
import { Command } from '../core/contributions';
import { learned } from '../ui/learned';
import { pick, type Choice } from '../ui/pick';
import { withProgress } from '../ui/progress';
import type { RunningSandbox, SandboxHost } from '../ui/sandboxHost';
import type { Seed } from '../ui/sandboxProcess';

function worlds(): Choice<Seed>[] {
  return [
    {
      label: vscode.l10n.t('A small world'),
      description: 'tiny',
      detail: vscode.l10n.t('A cluster with two services, to try things'),
      value: 'tiny',
    },
    {
      label: vscode.l10n.t('A team’s account'),
      description: 'shop',
      detail: vscode.l10n.t('Several clusters and services; not all are well'),
      value: 'shop',
    },
    {
      label: vscode.l10n.t('A big account'),
      description: 'large',
      detail: vscode.l10n.t('2 000 services in a cluster, 10 000 tasks, all simulated'),
      value: 'large',
    },
    {
      label: vscode.l10n.t('Nothing'),
      description: 'empty',
      detail: vscode.l10n.t('An account in which nothing has been made yet'),
      value: 'empty',
    },
  ];
}

/**
 * Starts the sandbox, says what its tasks are, and shows it. Asks for the world unless the caller names it, as the
 * welcome views and the walkthrough do.
 */
export async function startSandbox(host: SandboxHost, named: unknown): Promise<void> {
  if (host.isRunning) {
    learned('sandbox');
    void vscode.window.showInformationMessage(vscode.l10n.t('The sandbox is running already.'));
    return;
  }
  const known = worlds().find(({ value }) => value === named)?.value;
  const seed = known ?? (await pick(vscode.l10n.t('Start Sandbox'), vscode.l10n.t('What is in it'), worlds()));
  const ready = await withProgress(vscode.l10n.t('Starting the sandbox'), (_, signal) => host.start(seed, signal));
  await showGantry();
  void vscode.window.showInformationMessage(
    ready.runtime === 'simulated' && seed === 'large'
      ? vscode.l10n.t('The sandbox runs. The tasks of a big account are simulated.')
      : ready.runtime === 'engine'
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

/** What the status bar item offers. */
export async function sandboxMenu(host: SandboxHost): Promise<void> {
  const { running } = host;
  if (!running) return startSandbox(host, undefined);
  const action = await pick<() => Thenable<unknown>>(vscode.l10n.t('Sandbox: {0}', running.seed), running.endpoint, [
    { label: `$(list-tree) ${vscode.l10n.t('Show Gantry')}`, value: showGantry },
    {
      label: `$(link) ${vscode.l10n.t('Copy Endpoint')}`,
      description: running.endpoint,
      value: () => copy(running.endpoint),
    },
    {
      label: `$(terminal) ${vscode.l10n.t('Copy Environment for the AWS CLI')}`,
      description: 'AWS_ENDPOINT_URL …',
      value: () => copy(environmentOf(running)),
    },
    { label: `$(output) ${vscode.l10n.t('Show Log')}`, value: () => vscode.commands.executeCommand(Command.showLog) },
    { label: `$(debug-stop) ${vscode.l10n.t('Stop Sandbox')}`, value: () => stopSandbox(host) },
  ]);
  await action();
}

function showGantry(): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.view.extension.gantry');
}

async function copy(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied'), 3000);
}

/** For the shell of the platform. The sandbox looks at no secret, but clients want to sign with one. */
function environmentOf({ endpoint, region }: RunningSandbox): string {
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_DEFAULT_REGION: region,
  };
  const line = process.platform === 'win32' ? setInPowerShell : exportInShell;
  return `${Object.entries(variables).map(line).join('\n')}\n`;
}

const exportInShell = ([name, value]: [string, string]): string => `export ${name}=${value}`;
const setInPowerShell = ([name, value]: [string, string]): string => `$env:${name} = '${value}'`;
