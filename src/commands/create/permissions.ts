import * as vscode from 'vscode';
import { GantryError, reasonOf } from '../../core/errors';
import { message } from '../../core/message';
import { stackActions } from '../../provision/stacks';

/**
 * Says what is needed where CloudFormation may not be asked, and offers what gets one there: the template for somebody
 * who may, the policy for whoever attaches it.
 */
export async function helpWithPermission(error: unknown, name: string, template: string): Promise<never> {
  if (reasonOf(error) !== 'accessDenied' || !(error instanceof GantryError)) throw error;
  const show = vscode.l10n.t('Show Template');
  const copy = vscode.l10n.t('Copy Policy');
  const answer = await vscode.window.showErrorMessage(
    vscode.l10n.t('You may not let CloudFormation create “{0}”.', name),
    {
      modal: true,
      detail: [
        vscode.l10n.t('{0} was denied.', /cloudformation:\w+/.exec(error.message)?.[0] ?? 'CloudFormation'),
        vscode.l10n.t('It needs these actions, and those that create the resources:'),
        ...stackActions,
        '',
        vscode.l10n.t('Or give the template to somebody who may deploy it.'),
      ].join('\n'),
    },
    ...[show, copy],
  );
  if (answer === show) await showTemplate(template);
  if (answer === copy) await vscode.env.clipboard.writeText(policy());
  throw new GantryError('cancelled', message('Cancelled.'), { cause: error });
}

/** Opens a template to be read, changed, saved and deployed again. */
export async function showTemplate(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
  await vscode.window.showTextDocument(document, { preview: false });
}

function policy(): string {
  const statement = { Effect: 'Allow', Action: [...stackActions], Resource: '*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, undefined, 2);
}
