import * as vscode from 'vscode';
import { reasonOf } from '../../core/errors';
import { requireDefinition } from '../../deploy/definition/document';
import type { DescribedTaskDefinition, RawTaskDefinition } from '../../ecs/gateway';
import type { Connections } from '../../ui/connections';
import { definitionScheme } from '../../ui/schemes';
import type { DraftFiles, EditedRevision } from './draftFiles';

/** A task definition in an editor: of a revision, or a file of the workspace. */
export interface DefinitionPlace extends Omit<EditedRevision, 'revision'> {
  readonly isNew: boolean;
  readonly document: vscode.TextDocument;
  readonly input: RawTaskDefinition;
  /** What it is compared with: the revision that is edited, or the newest one of the family; undefined for a new family. */
  readonly base: DescribedTaskDefinition | undefined;
}

/**
 * Reads the task definition that a command was called on: the given document, or the one in the active editor.
 * @throws GantryError targetInvalid when it is none
 */
export async function definitionPlace(
  connections: Connections,
  files: DraftFiles,
  uri: vscode.Uri,
): Promise<DefinitionPlace> {
  const document = await vscode.workspace.openTextDocument(uri);
  const input = requireDefinition(document.getText(), uri.path.slice(uri.path.lastIndexOf('/') + 1));
  const isDraft = uri.scheme === definitionScheme;
  const edited = isDraft ? files.refOf(uri) : { session: connections.session, revision: String(input['family']) };
  const isNew = 'isNew' in edited && edited.isNew === true;
  const { session } = edited;
  // The draft of a new family may have been renamed in the editor.
  const revision = isNew ? String(input['family']) : edited.revision;
  const base = await session.connection.ecs.describeTaskDefinition(revision, session.signal).catch((error: unknown) => {
    // ECS refuses to describe a family that it does not have, as it refuses a request that is wrong.
    if ((!isDraft || isNew) && ['notFound', 'refused'].includes(reasonOf(error) ?? '')) return undefined;
    throw error;
  });
  return { session, isNew, service: 'service' in edited ? edited.service : undefined, document, input, base };
}
