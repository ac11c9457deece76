import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { requireDefinition } from '../deploy/definition/document';
import type { DefinitionSource } from '../deploy/plan';
import type { Target } from '../deploy/target';

/**
 * Reads the task definition that a target names; undefined where it names none. What stands in the editor and is not
 * saved does not count.
 * @throws GantryError targetInvalid when the file is missing or no task definition
 */
export async function readTargetDefinition(
  folder: vscode.WorkspaceFolder,
  { name, taskDefinition: path }: Target,
): Promise<DefinitionSource | undefined> {
  if (path === undefined) return undefined;
  const uri = vscode.Uri.joinPath(folder.uri, path);
  let bytes: Uint8Array;
  try {
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (cause) {
    throw new GantryError(
      'targetInvalid',
      message('The target “{0}” names the task definition {1}, which cannot be read.', name, path),
      { cause },
    );
  }
  return { path, input: requireDefinition(Buffer.from(bytes).toString('utf8'), path) };
}
