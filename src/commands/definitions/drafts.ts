import * as vscode from 'vscode';
import type { RawTaskDefinition } from '../../ecs/gateway';
import type { Session } from '../../ui/connections';
import { cancelled } from '../../ui/pick';
import { DraftFiles } from './draftFiles';

/** Opens a definition of which nothing is registered yet; asks before it takes the place of another draft. */
export async function openDraft(files: DraftFiles, session: Session, input: RawTaskDefinition): Promise<void> {
  const family = String(input['family']);
  const uri = DraftFiles.uriOf({ session, revision: family, isNew: true });
  if (!(await files.hasDraft(uri)) || (await isReplaced(family))) {
    await closeTabs(uri);
    await files.writeFile(uri, Buffer.from(`${JSON.stringify(input, undefined, 2)}\n`));
  }
  await vscode.window.showTextDocument(uri, { preview: false });
}

/** @throws GantryError cancelled */
async function isReplaced(family: string): Promise<boolean> {
  const replace = vscode.l10n.t('Replace Draft');
  const open = vscode.l10n.t('Open Draft');
  const question = vscode.l10n.t('Replace the draft of “{0}”?', family);
  const detail = vscode.l10n.t('There is a draft of this family already, which is not registered. It would be lost.');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, replace, open);
  if (answer !== replace && answer !== open) throw cancelled();
  return answer === replace;
}

/** Closes the editors of a document, comparisons with it included, without a question. */
export async function closeTabs(uri: vscode.Uri): Promise<void> {
  // What is not saved would be asked about.
  await vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString())?.save();
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const own = tabs.filter(({ input }) => {
    const shown = input instanceof vscode.TabInputTextDiff ? input.modified : (input as { uri?: vscode.Uri })?.uri;
    return shown?.toString() === uri.toString();
  });
  await vscode.window.tabGroups.close(own);
}
