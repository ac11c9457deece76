import * as vscode from 'vscode';
import type { FixAction } from '../../deploy/finding';
import { policyDocument } from '../../deploy/fixActions';

/** Shows the policy that is missing, as a document of its own; nothing is attached by Gantry. */
export async function showPolicy(
  { role, statements }: Extract<FixAction, { kind: 'attachPolicy' }>,
  showReport: (title: string, text: string) => Promise<void>,
): Promise<void> {
  const content = `${policyDocument(statements)}\n`;
  await showReport(role ? vscode.l10n.t('Policy for {0}', role) : vscode.l10n.t('Policy to attach'), content);
  const copy = vscode.l10n.t('Copy');
  const text = role
    ? vscode.l10n.t('Attach this policy to “{0}”.', role)
    : vscode.l10n.t('Attach this policy to the role or user that is denied.');
  const chosen = await vscode.window.showInformationMessage(text, copy);
  if (chosen === copy) await vscode.env.clipboard.writeText(content);
}
