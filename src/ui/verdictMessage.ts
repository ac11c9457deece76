import * as vscode from 'vscode';
import { Command } from '../core/contributions';
import type { Finding } from '../deploy/finding';
import type { RolloutResult } from '../deploy/rollout';
import { showActions, type Action } from './errors';
import { formatDuration } from './format';
import { say } from './say';

/** What a verdict's message is made of. */
export interface VerdictFacts {
  readonly service: string;
  /** What was deployed, in a few words. */
  readonly image: string;
  readonly result: RolloutResult;
  /** Milliseconds from the click to the verdict. */
  readonly duration: number;
  readonly address: string | undefined;
}

/** Says how a rollout ended, and offers the next step. */
export function showVerdict(facts: VerdictFacts): Promise<void> {
  const { result, address } = facts;
  const log: Action = { label: vscode.l10n.t('Show Log'), run: () => vscode.commands.executeCommand(Command.showLog) };
  const text = verdictText(facts);
  switch (result.verdict.kind) {
    case 'healthy': {
      const open = { label: vscode.l10n.t('Open in Browser'), run: () => openExternal(address ?? '') };
      return showActions(vscode.window.showInformationMessage, text, address ? [open, log] : [log]);
    }
    case 'failed':
    case 'rolledBack':
      return showActions(vscode.window.showErrorMessage, text, [log]);
    case 'superseded':
    case 'notExercised':
    case 'unknown':
      return showActions(vscode.window.showWarningMessage, text, [log]);
  }
}

/** Opens an address in the browser of the person, wherever the extension runs. */
export async function openExternal(address: string): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(address));
}

/** The one sentence of a verdict, with the cause where there is one. */
export function verdictText({ service, image, result, duration }: VerdictFacts): string {
  const { verdict, findings } = result;
  const time = formatDuration(duration);
  const reason = findings[0] ? sayFinding(findings[0]) : verdict.reason ? say(verdict.reason) : '';
  switch (verdict.kind) {
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
    case 'unknown':
      return vscode.l10n.t('Stopped watching “{0}”; the deployment goes on in AWS. {1}', service, reason);
  }
}

/** A finding as text: how many tasks, the cause, what to do. */
export function sayFinding({ tasks, cause, fix }: Finding): string {
  const causeText = tasks > 1 ? vscode.l10n.t('{0} tasks: {1}', tasks, say(cause)) : say(cause);
  return fix ? `${causeText} ${say(fix)}` : causeText;
}
