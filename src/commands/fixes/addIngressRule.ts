import * as vscode from 'vscode';
import { describeAction } from '../../deploy/findingsReport';
import type { FixAction } from '../../deploy/finding';
import { confirmChange } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { say } from '../../ui/say';

/** Adds a rule to a security group, after asking. */
export async function addIngressRule(
  session: Session,
  action: Extract<FixAction, { kind: 'addIngressRule' }>,
): Promise<void> {
  const verb = vscode.l10n.t('Add Rule');
  await confirmChange(session, {
    verb,
    question: vscode.l10n.t('Add a rule to the security group “{0}”?', action.securityGroup),
    detail: describeAction(action).map(say).join('\n'),
  });
  await session.connection.vpc.allowIngress(action, session.signal);
}
