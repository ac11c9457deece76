import * as path from 'node:path';
import * as vscode from 'vscode';
import { learned } from '../ui/learned';
import { cancelled } from '../ui/pick';

/**
 * Writes a small project into a new folder and opens it: a page, what serves it, and a Dockerfile.
 * @param sample the folder of the extension that holds it
 */
export async function openSample(sample: string): Promise<void> {
  const title = vscode.l10n.t('Folder for the Sample Project');
  const openLabel = vscode.l10n.t('Create Here');
  const choice = { canSelectFolders: true, canSelectFiles: false, canSelectMany: false };
  const [parent] = (await vscode.window.showOpenDialog({ ...choice, title, openLabel })) ?? [];
  if (!parent) throw cancelled();
  const folder = await freeFolder(parent);
  await vscode.workspace.fs.copy(vscode.Uri.file(sample), folder);
  learned('sample');
  await open(folder);
}

/** `gantry-sample`, or with a number where that is taken: nothing is written over. */
async function freeFolder(parent: vscode.Uri): Promise<vscode.Uri> {
  for (let number = 1; ; number += 1) {
    const folder = vscode.Uri.joinPath(parent, number === 1 ? 'gantry-sample' : `gantry-sample-${number}`);
    if (!(await exists(folder))) return folder;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}

/** In this window where nothing else is open; otherwise the person says where. */
async function open(folder: vscode.Uri): Promise<void> {
  const openFolder = (forceNewWindow: boolean): Thenable<unknown> =>
    vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow });
  if (!vscode.workspace.workspaceFolders?.length) return void (await openFolder(false));
  const here = vscode.l10n.t('Open in This Window');
  const beside = vscode.l10n.t('Open in New Window');
  const add = vscode.l10n.t('Add to Workspace');
  const text = vscode.l10n.t('The sample project is in {0}.', folder.fsPath);
  const answer = await vscode.window.showInformationMessage(text, here, beside, add);
  if (answer === here) await openFolder(false);
  if (answer === beside) await openFolder(true);
  if (answer !== add) return;
  const { length } = vscode.workspace.workspaceFolders;
  vscode.workspace.updateWorkspaceFolders(length, 0, { uri: folder, name: path.basename(folder.fsPath) });
}
