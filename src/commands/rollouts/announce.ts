import * as vscode from 'vscode';
import { Command } from '../../core/contributions';
import { idOf, type RolloutRecord } from '../../deploy/rolloutRecord';
import type { Action } from '../../ui/errors';
import { fixLabel } from '../../ui/fixLabel';
import { openExternal, showVerdict } from '../../ui/verdictMessage';

/** A rollout as the argument of a command. */
export interface RolloutRef {
  readonly rollout: string;
}

/** Says how a rollout ended, with the next step for this verdict first. */
export function announce(record: RolloutRecord): void {
  void showVerdict(record, actionsFor(record));
}

function actionsFor(record: RolloutRecord): Action[] {
  const { verdict, address, findings } = record;
  const action = findings[0]?.action;
  const fix = action ? [command(record, fixLabel(action), Command.applyFix)] : [];
  const show = command(record, vscode.l10n.t('Show Rollout'), Command.showRollout);
  const rollBack = command(record, vscode.l10n.t('Roll Back…'), Command.rollBack);
  switch (verdict?.kind) {
    case 'healthy': {
      const open: Action = { label: vscode.l10n.t('Open in Browser'), run: () => openExternal(address ?? '') };
      return address ? [open, show] : [show];
    }
    case 'failed':
      return [...fix, show, rollBack];
    case 'rolledBack':
      return [...fix, show];
    case 'unknown':
      return [command(record, vscode.l10n.t('Watch Again'), Command.watchRollout), rollBack, show];
    default:
      return [show];
  }
}

function command(record: RolloutRecord, label: string, id: string): Action {
  const ref: RolloutRef = { rollout: idOf(record) };
  return { label, run: () => vscode.commands.executeCommand(id, ref) };
}
