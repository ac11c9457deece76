import * as vscode from 'vscode';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import type { FixAction } from '../../deploy/finding';
import { confirmChange } from '../../ui/changes';
import type { Session } from '../../ui/connections';

/** Creates the log group that a task definition names, after asking. */
export async function createLogGroup(
  session: Session,
  { group, region }: Extract<FixAction, { kind: 'createLogGroup' }>,
): Promise<void> {
  const { region: here } = await session.connection.identity(session.signal);
  if (region && region !== here) {
    throw new GantryError(
      'refused',
      message('The log group belongs in {0}, but the connection is to {1}.', region, here),
    );
  }
  const verb = vscode.l10n.t('Create Log Group');
  await confirmChange(session, {
    verb,
    question: vscode.l10n.t('Create the log group “{0}”?', group),
    detail: vscode.l10n.t('It keeps what it is sent until a retention is set, and CloudWatch Logs bills for it.'),
  });
  await session.connection.logs.createGroup(group, session.signal);
}
