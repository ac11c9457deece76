import * as vscode from 'vscode';
import type { Finding } from '../deploy/finding';
import type { RolloutRecord } from '../deploy/rolloutRecord';
import { showActions, type Action } from './errors';
import { formatDuration } from './format';
import { say } from './say';

/** Says how a rollout ended, and offers the next steps. */
export function showVerdict(record: RolloutRecord, actions: readonly Action[]): Promise<void> {
  return showActions(showerOf(record), verdictText(record), actions);
}

function showerOf({ verdict }: RolloutRecord): typeof vscode.window.showInformationMessage {
  switch (verdict?.kind) {
    case 'healthy':
      return vscode.window.showInformationMessage;
    case 'failed':
    case 'rolledBack':
      return vscode.window.showErrorMessage;
    default:
      return vscode.window.showWarningMessage;
  }
}

/** Opens an address in the browser of the person, wherever the extension runs. */
export async function openExternal(address: string): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(address));
}

/** The one sentence of a verdict, with the cause where there is one. */
export function verdictText({ start, subject, verdict, findings, endedAt }: RolloutRecord): string {
  const { service } = start;
  const { image } = subject;
  const time = formatDuration((endedAt ?? subject.startedAt) - subject.startedAt);
  const reason = findings[0] ? sayFinding(findings[0]) : verdict?.reason ? say(verdict.reason) : '';
  switch (verdict?.kind) {
    case 'healthy':
      return vscode.l10n.t('“{0}” is healthy: it runs {1} ({2}).', service, image, time);
    case 'failed':
      return vscode.l10n.t('“{0}” failed to deploy {1}. {2}', service, image, reason);
    case 'rolledBack':
      return vscode.l10n.t('“{0}” was rolled back; {1} does not run. {2}', service, image, reason);
    case 'superseded':
      return vscode.l10n.t('A newer deployment of “{0}” replaced this one before it was done.', service);
    case 'notExercised':
      return vscode.l10n.t('“{0}” is updated to {1}, but its desired count is 0, so nothing runs.', service, image);
    default:
      return vscode.l10n.t('Stopped watching “{0}”; the deployment goes on in AWS. {1}', service, reason);
  }
}

/** A finding as text: how many tasks, the cause, what to do. */
export function sayFinding(finding: Finding): string {
  return finding.fix ? `${sayCause(finding)} ${say(finding.fix)}` : sayCause(finding);
}

/** The cause of a finding, with how many tasks it stopped. */
export function sayCause({ tasks, cause }: Finding): string {
  return tasks > 1 ? vscode.l10n.t('{0} tasks: {1}', tasks, say(cause)) : say(cause);
}
