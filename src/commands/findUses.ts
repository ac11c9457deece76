import * as vscode from 'vscode';
import { RepositoryUses } from '../ecr/uses';
import { withProgress } from '../ui/progress';
import { nameOfImage, servicesUnknown, repositoryOf, type EcrContext, type EcrPlace } from './ecrPlace';

/** Asks every cluster for its running tasks and for what its services would start, and says who runs a repository or an image. */
export async function findUses(context: EcrContext, given: EcrPlace | undefined): Promise<void> {
  const title = vscode.l10n.t('Find Uses');
  const { session, repository, images } = await repositoryOf(context.connections, given, title);
  await withProgress(title, (_, signal) => session.ecs.seeAllUses(signal), session.signal);
  await context.onKnown();
  const uses = new RepositoryUses(repository.uri, session.ecs.seenTasks, session.ecs.named.all);
  const asked = images[0] ? images : (await session.ecr.listImages(repository.name, session.signal)).items;
  const users = new Set(
    asked.flatMap((image) => uses.of(image, session.ecr.entriesOf(image.digest)).map(({ name }) => name)),
  );
  const what = images.length === 1 && images[0] ? nameOfImage(repository, images[0]) : repository.name;
  const { error: gap } = session.ecs.named;
  const answer =
    users.size > 0
      ? vscode.l10n.t('“{0}” is in use by {1}.', what, [...users].join(', '))
      : gap === undefined
        ? vscode.l10n.t('No task and no service uses “{0}”.', what)
        : vscode.l10n.t('No running task uses “{0}”.', what);
  const missing = gap === undefined ? undefined : servicesUnknown(gap);
  void vscode.window.showInformationMessage([answer, missing].filter(Boolean).join(' '));
}
