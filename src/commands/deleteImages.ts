import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { batches } from '../core/paging';
import { planDeletion, type DeletionPlan } from '../ecr/deletion';
import type { Image, ImageFailure } from '../ecr/model';
import { confirmChange, requireWritable } from '../ui/changes';
import { cancelled } from '../ui/pick';
import { withProgress } from '../ui/progress';
import {
  describeImage,
  imageOf,
  imagesOf,
  labelOf,
  readPicture,
  repositoryOf,
  type EcrContext,
  type EcrPlace,
  type RepositoryPicture,
} from './ecrPlace';

/** Names that a modal has room for. */
const mostNames = 10;

/** Deletes images with everything that would be left over without them, after asking. */
export async function deleteImages(context: EcrContext, given: EcrPlace | undefined): Promise<void> {
  requireWritable(given?.session ?? context.connections.session);
  const place = await imagesOf(context.connections, given, vscode.l10n.t('Delete Images'));
  await deleteAll(context, place, await pictureOf(place));
}

/** Deletes what has no tag and belongs to nothing, after asking. */
export async function deleteUntagged(context: EcrContext, given: EcrPlace | undefined): Promise<void> {
  requireWritable(given?.session ?? context.connections.session);
  const place = await repositoryOf(context.connections, given, vscode.l10n.t('Delete Untagged Images'));
  const picture = await pictureOf(place);
  const { untagged } = picture.tree;
  if (untagged.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There are no untagged images in “{0}”.', place.repository.name),
    );
    return;
  }
  await deleteAll(context, { ...place, images: untagged }, picture);
}

/** Takes tags off an image. ECR deletes an image with its last tag, so that is asked about as a deletion. */
export async function removeTags(context: EcrContext, given: EcrPlace | undefined): Promise<void> {
  requireWritable(given?.session ?? context.connections.session);
  const title = vscode.l10n.t('Remove Tags');
  const place = await imageOf(context.connections, given, title);
  const { session, repository, image } = place;
  const [first] = image.tags;
  if (!first) throw new GantryError('refused', message('This image has no tag.'));
  const tags = image.tags.length === 1 ? [first] : await askTags(title, image);
  if (tags.length === image.tags.length) return deleteAll(context, place, await pictureOf(place));
  await confirmChange(session, {
    verb: title,
    question: vscode.l10n.t('Remove {0} from the image?', tags.join(', ')),
    detail: vscode.l10n.t(
      'It stays in “{0}” as {1}.',
      repository.name,
      image.tags.filter((t) => !tags.includes(t)).join(', '),
    ),
  });
  const failures = await session.connection.ecr.deleteImages(
    repository.name,
    tags.map((tag) => ({ tag })),
    session.signal,
  );
  session.ecr.dropImages(repository.name);
  context.onChanged(repository.arn);
  report(failures, tags.length);
}

async function askTags(title: string, image: Image): Promise<string[]> {
  const items = image.tags.map((label) => ({ label }));
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, placeHolder: vscode.l10n.t('Tags to remove'), canPickMany: true, ignoreFocusOut: true },
  });
  if (!chosen || chosen.length === 0) throw cancelled();
  return chosen.map(({ label }) => label);
}

function pictureOf(place: EcrPlace): Thenable<RepositoryPicture> {
  return withProgress(
    vscode.l10n.t('Looking for what runs “{0}”', place.repository.name),
    (_, signal) => readPicture(place, signal),
    place.session.signal,
  );
}

async function deleteAll(
  { onChanged }: EcrContext,
  { session, repository, images }: EcrPlace,
  { images: all, tree, usersOf, unknown }: RepositoryPicture,
): Promise<void> {
  const plan = planDeletion(images, all, tree, session.ecr.entriesOf);
  const going = images.filter((image) => !plan.held.includes(image));
  if (going.length === 0) {
    throw new GantryError(
      'refused',
      message('An index that stays holds {0}; delete the index instead.', plan.held.map(labelOf).join(', ')),
    );
  }
  const used = going.flatMap((image) => usersOf(image).map((user) => `${labelOf(image)}: ${user}`));
  await confirmChange(session, {
    verb: verbFor(used, unknown),
    question:
      going.length === 1
        ? vscode.l10n.t('Delete the image {0} of “{1}”?', labelOf(going[0] as Image), repository.name)
        : vscode.l10n.t('Delete {0} images of “{1}”?', going.length, repository.name),
    detail: [describe(going, used, plan), ...(unknown ? ['', unknown] : [])].join('\n'),
  });
  const failures = await withProgress(
    vscode.l10n.t('Deleting images of “{0}”', repository.name),
    async (_, signal) => {
      const failed: ImageFailure[] = [];
      for (const batch of plan.rounds.flatMap((round) => batches(round, 100))) {
        failed.push(...(await session.connection.ecr.deleteImages(repository.name, batch, signal)));
      }
      return failed;
    },
    session.signal,
  ).then(undefined, (error: unknown) => {
    // What was deleted before is gone.
    session.ecr.dropImages(repository.name);
    onChanged(repository.arn);
    throw error;
  });
  session.ecr.dropImages(repository.name);
  onChanged(repository.arn);
  report(failures, plan.rounds.flat().length);
}

function verbFor(used: readonly string[], unknown: string | undefined): string {
  if (used.length > 0) return vscode.l10n.t('Delete Images in Use');
  return unknown ? vscode.l10n.t('Delete Anyway') : vscode.l10n.t('Delete');
}

function describe(images: readonly Image[], used: readonly string[], { dependents, held }: DeletionPlan): string {
  const names = images.slice(0, mostNames).map((image) => `${labelOf(image)} · ${describeImage(image)}`);
  const more = images.length - names.length;
  return [
    ...names,
    ...(more > 0 ? [vscode.l10n.t('… and {0} more', more)] : []),
    ...(dependents.length > 0
      ? [vscode.l10n.t('With them go {0} images that nothing else needs.', dependents.length)]
      : []),
    ...(held.length > 0 ? [vscode.l10n.t('{0} stay, because an index holds them.', held.length)] : []),
    ...(used.length > 0
      ? ['', vscode.l10n.t('In use now; a task that starts later finds no image:'), ...used.slice(0, mostNames)]
      : []),
  ].join('\n');
}

/** @throws GantryError refused when something is left */
function report(failures: readonly ImageFailure[], total: number): void {
  if (failures.length === 0) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Deleted {0}', total), 5000);
    return;
  }
  const reasons = failures.map(
    ({ id, reason, code }) => `${id.tag ?? id.digest?.slice(7, 19) ?? ''}: ${reason || code}`,
  );
  throw new GantryError(
    'refused',
    message('{0} of {1} could not be deleted. {2}', failures.length, total, reasons.slice(0, 3).join('; ')),
    { detail: reasons.join('\n') },
  );
}
