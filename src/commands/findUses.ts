import * as vscode from 'vscode';
import { RepositoryUses } from '../ecr/uses';
import { withProgress } from '../ui/progress';
import { nameOfImage, repositoryOf, type EcrContext, type EcrPlace } from './ecrPlace';

/** Asks every cluster for its running tasks, and says who runs a repository or an image. */
export async function findUses(context: EcrContext, given: EcrPlace | undefined): Promise<void> {
  const title = vscode.l10n.t('Find Uses');
  const { session, repository, images } = await repositoryOf(context.connections, given, title);
  await withProgress(title, (_, signal) => session.ecs.seeAllTasks(signal), session.signal);
  await context.onKnown();
  const uses = new RepositoryUses(repository.uri, session.ecs.seenTasks);
  const asked = images[0] ? images : (await session.ecr.listImages(repository.name, session.signal)).items;
  const users = new Set(
    asked.flatMap((image) => uses.of(image, session.ecr.entriesOf(image.digest)).map(({ name }) => name)),
  );
  const what = images.length === 1 && images[0] ? nameOfImage(repository, images[0]) : repository.name;
  void vscode.window.showInformationMessage(
    users.size === 0
      ? vscode.l10n.t('No running task uses “{0}”.', what)
      : vscode.l10n.t('“{0}” is in use by {1}.', what, [...users].join(', ')),
  );
}
