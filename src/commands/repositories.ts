import * as vscode from 'vscode';
import { createRepository as askAndCreate } from '../ui/askRepository';
import { confirmChange, requireWritable } from '../ui/changes';
import { learned } from '../ui/learned';
import { ask } from '../ui/pick';
import { withProgress } from '../ui/progress';
import { readPicture, repositoryOf, type EcrContext, type EcrPlace } from './ecrPlace';

/** Creates a repository and shows it. */
export async function createRepository({ connections, onChanged }: EcrContext, suggestion: unknown): Promise<void> {
  const { session } = connections;
  requireWritable(session);
  const { name } = await askAndCreate(session, typeof suggestion === 'string' ? suggestion : undefined);
  onChanged();
  learned('repository');
  void vscode.window.showInformationMessage(vscode.l10n.t('Created the repository “{0}”.', name));
}

/** Deletes a repository; one with images only after its name has been typed. */
export async function deleteRepository(context: EcrContext, given: EcrPlace | undefined): Promise<void> {
  requireWritable(given?.session ?? context.connections.session);
  const verb = vscode.l10n.t('Delete Repository');
  const place = await repositoryOf(context.connections, given, verb);
  const { session, repository } = place;
  const { images, usersOf, unknown } = await withProgress(
    vscode.l10n.t('Looking for what runs “{0}”', repository.name),
    (_, signal) => readPicture(place, signal),
    session.signal,
  );
  const used = images.filter((image) => usersOf(image).length > 0);
  const users = [...new Set(used.flatMap(usersOf))];
  await confirmChange(session, {
    verb,
    question: vscode.l10n.t('Delete the repository “{0}”?', repository.name),
    detail: [
      images.length === 0
        ? vscode.l10n.t('It is empty.')
        : vscode.l10n.t('{0} images are lost, {1} of them in use.', images.length, used.length),
      ...users.slice(0, 10),
      ...(unknown && images.length > 0 ? ['', unknown] : []),
    ].join('\n'),
  });
  if (images.length > 0) await askName(verb, repository.name, images.length);
  await session.connection.ecr.deleteRepository(repository.name, images.length > 0, session.signal);
  session.ecr.dropImages(repository.name);
  context.onChanged();
  void vscode.window.showInformationMessage(vscode.l10n.t('Deleted the repository “{0}”.', repository.name));
}

async function askName(title: string, name: string, images: number): Promise<void> {
  await ask({
    title,
    prompt: vscode.l10n.t('Type “{0}” to delete it with its {1} images', name, images),
    validateInput: (text) => (text.trim() === name ? undefined : vscode.l10n.t('Not the name of the repository')),
  });
}
