import * as vscode from 'vscode';
import { Command } from '../core/contributions';
import { hopOf } from '../deploy/finding';
import { idOf, type RolloutRecord } from '../deploy/rolloutRecord';
import { fixLabel } from './fixLabel';

/** What can be done about a rollout, above the first line of its document. */
export function rolloutLenses(record: RolloutRecord | undefined): vscode.CodeLens[] {
  if (!record) return [];
  const { verdict, state, address, findings } = record;
  const action = findings[0]?.action;
  const top = new vscode.Range(0, 0, 0, 0);
  const lens = (title: string, command: string): vscode.CodeLens =>
    new vscode.CodeLens(top, { title, command, arguments: [{ rollout: idOf(record) }] });
  const rollBack = lens(`$(discard) ${vscode.l10n.t('Roll Back…')}`, Command.rollBack);
  const fix = [
    ...(action ? [lens(`$(wrench) ${fixLabel(action)}`, Command.applyFix)] : []),
    ...(hopOf(findings) ? [lens(`$(type-hierarchy) ${vscode.l10n.t('Show Network')}`, Command.showNetwork)] : []),
  ];
  if (!verdict) {
    return [
      ...fix,
      ...(state?.hook
        ? [lens(`$(debug-continue) ${vscode.l10n.t('Continue Deployment…')}`, Command.continueDeployment)]
        : []),
      ...(state?.rollingBack ? [] : [rollBack]),
      lens(`$(eye-closed) ${vscode.l10n.t('Stop Watching')}`, Command.stopWatching),
    ];
  }
  return [
    ...fix,
    ...(address
      ? [
          new vscode.CodeLens(top, {
            title: `$(link-external) ${vscode.l10n.t('Open in Browser')}`,
            command: 'vscode.open',
            arguments: [vscode.Uri.parse(address)],
          }),
        ]
      : []),
    ...(verdict.kind === 'unknown' ? [lens(`$(eye) ${vscode.l10n.t('Watch Again')}`, Command.watchRollout)] : []),
    ...(verdict.kind === 'rolledBack' ? [] : [rollBack]),
  ];
}
