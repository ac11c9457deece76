import * as vscode from 'vscode';
import { systemClock } from '../core/clock';
import { GantryError, isCancelled } from '../core/errors';
import { message } from '../core/message';
import { previewLifecycle } from '../ecr/follow';
import type { Expiry } from '../ecr/previewText';
import { previewText } from '../ecr/previewText';
import { confirmChange, requireWritable } from '../ui/changes';
import { showActions } from '../ui/errors';
import { formatAge } from '../ui/format';
import { withProgress } from '../ui/progress';
import { say } from '../ui/say';
import { readPicture, repositoryOf, type EcrContext, type EcrPlace } from './ecrPlace';
import { PolicyFiles, type PolicyKind } from './policyFiles';
import type { Reports } from './reports';

/** Opens a policy of a repository as a document that can be saved. */
export async function editPolicy(context: EcrContext, kind: PolicyKind, given: EcrPlace | undefined): Promise<void> {
  const title = kind === 'lifecycle' ? vscode.l10n.t('Edit Lifecycle Policy') : vscode.l10n.t('Edit Repository Policy');
  const { session, repository } = await repositoryOf(context.connections, given, title);
  await vscode.window.showTextDocument(PolicyFiles.uriOf(session, repository, kind), { preview: false });
}

/** Deletes a policy of a repository, after asking. */
export async function deletePolicy(
  context: EcrContext,
  files: PolicyFiles,
  kind: PolicyKind,
  given: EcrPlace | undefined,
): Promise<void> {
  requireWritable(given?.session ?? context.connections.session);
  const isLifecycle = kind === 'lifecycle';
  const verb = isLifecycle ? vscode.l10n.t('Delete Lifecycle Policy') : vscode.l10n.t('Delete Repository Policy');
  const { session, repository } = await repositoryOf(context.connections, given, verb);
  const { ecr } = session.connection;
  const text = isLifecycle
    ? await ecr.lifecyclePolicy(repository.name, session.signal)
    : await ecr.repositoryPolicy(repository.name, session.signal);
  if (text === undefined) throw new GantryError('notFound', message('“{0}” has no such policy.', repository.name));
  await confirmChange(session, {
    verb,
    question: isLifecycle
      ? vscode.l10n.t('Delete the lifecycle policy of “{0}”?', repository.name)
      : vscode.l10n.t('Delete the repository policy of “{0}”?', repository.name),
    detail: isLifecycle
      ? vscode.l10n.t('Its images stay until somebody deletes them.')
      : vscode.l10n.t('Other accounts and services that it let in are locked out.'),
  });
  if (isLifecycle) await ecr.setLifecyclePolicy(repository.name, undefined, session.signal);
  else await ecr.setRepositoryPolicy(repository.name, undefined, session.signal);
  files.drop(PolicyFiles.uriOf(session, repository, kind));
  void vscode.window.showInformationMessage(vscode.l10n.t('Deleted the policy of “{0}”.', repository.name));
}

/** Shows which images a lifecycle policy would take: the one in an editor, saved or not, or the one in force. */
export async function previewPolicy(
  context: EcrContext,
  files: PolicyFiles,
  reports: Reports,
  given: EcrPlace | vscode.Uri | undefined,
): Promise<void> {
  const title = vscode.l10n.t('Preview Lifecycle Policy');
  const { place, text } =
    given instanceof vscode.Uri
      ? await fromEditor(files, given)
      : { place: await repositoryOf(context.connections, given, title), text: undefined };
  const { session, repository } = place;
  const { ecr } = session.connection;
  if (text === undefined && (await ecr.lifecyclePolicy(repository.name, session.signal)) === undefined) {
    const edit = { label: vscode.l10n.t('Edit Lifecycle Policy'), run: () => editPolicy(context, 'lifecycle', place) };
    const sentence = vscode.l10n.t('“{0}” has no lifecycle policy.', repository.name);
    return showActions(vscode.window.showInformationMessage, sentence, [edit]);
  }
  const report = await withProgress(
    title,
    async (_, signal) => {
      const [expiring, users] = await Promise.all([
        previewLifecycle(ecr, systemClock, repository.name, text, signal),
        usersIn(place, signal),
      ]);
      const expiries = expiring.map((each): Expiry => ({
        ...each,
        age: formatAge(each.pushedAt),
        users: users.of.get(each.digest) ?? [],
      }));
      return previewText(repository.name, expiries, users.known, say);
    },
    session.signal,
  );
  await reports.show(vscode.l10n.t('Preview of {0}', repository.name), report);
}

async function fromEditor(files: PolicyFiles, uri: vscode.Uri): Promise<{ place: EcrPlace; text: string }> {
  const { session, repository: name } = files.refOf(uri);
  const document = await vscode.workspace.openTextDocument(uri);
  const { items } = await session.connection.ecr.describeRepositories({ names: [name] }, session.signal);
  const [repository] = items;
  if (!repository) throw new GantryError('notFound', message('“{0}” is not there any more.', name));
  return { place: { session, repository, images: [] }, text: document.getText() };
}

/** Who runs which image; a preview is worth having without it. */
async function usersIn(
  place: EcrPlace,
  signal: AbortSignal,
): Promise<{ of: ReadonlyMap<string, readonly string[]>; known: string }> {
  try {
    const { images, usersOf, unknown } = await readPicture(place, signal);
    const of = new Map(images.map((image) => [image.digest, usersOf(image)]));
    return { of, known: unknown ?? vscode.l10n.t('tasks and services of all clusters') };
  } catch (error) {
    if (isCancelled(error)) throw error;
    return { of: new Map(), known: vscode.l10n.t('not known') };
  }
}
