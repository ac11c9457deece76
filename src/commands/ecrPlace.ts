import * as vscode from 'vscode';
import { GantryError, reasonOf } from '../core/errors';
import { shortDigest } from '../core/imageRef';
import { message } from '../core/message';
import { groupImages, kindOf, type ImageTree } from '../ecr/imageTree';
import type { Image, Repository } from '../ecr/model';
import { RepositoryUses } from '../ecr/uses';
import type { EcsInventory } from '../ecs/inventory';
import { pickRepository } from '../ui/askRepository';
import type { Connections, Session } from '../ui/connections';
import { formatAge, formatBytes } from '../ui/format';
import { sayError } from '../ui/say';
import { cancelled, pick, type Choice } from '../ui/pick';

/** What was clicked on in the view of repositories. */
export interface EcrPlace {
  readonly session: Session;
  readonly repository: Repository;
  /** Empty for the row of a repository. */
  readonly images: readonly Image[];
}

/** What the verbs on repositories and images need of the rest. */
export interface EcrContext {
  readonly connections: Connections;
  /** A repository has other images now; without an ARN, there are other repositories. */
  readonly onChanged: (arn?: string) => void;
  /** More is known of the images that are shown. */
  readonly onKnown: () => Promise<void>;
  /** Policies that open documents have to read again. */
  readonly policyChanges: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  /** Fired when a report says something else. */
  readonly reportChanges: vscode.EventEmitter<vscode.Uri>;
}

/** The repository that a verb is for; asked for when it was called from the palette. */
export async function repositoryOf(
  connections: Connections,
  given: EcrPlace | undefined,
  title: string,
): Promise<EcrPlace> {
  if (given) return given;
  const { session } = connections;
  return { session, repository: await pickRepository(session, title), images: [] };
}

/** The one image that a verb is for. */
export async function imageOf(
  connections: Connections,
  given: EcrPlace | undefined,
  title: string,
): Promise<EcrPlace & { image: Image }> {
  const place = await repositoryOf(connections, given, title);
  const image =
    place.images[0] ?? (await pick(title, vscode.l10n.t('Image of {0}', place.repository.name), imageChoices(place)));
  return { ...place, images: [image], image };
}

/** The images that a verb is for, one or many. */
export async function imagesOf(
  connections: Connections,
  given: EcrPlace | undefined,
  title: string,
): Promise<EcrPlace> {
  const place = await repositoryOf(connections, given, title);
  if (place.images.length > 0) return place;
  const items = await imageChoices(place);
  const placeHolder = vscode.l10n.t('Images of {0}', place.repository.name);
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, placeHolder, canPickMany: true, matchOnDescription: true, ignoreFocusOut: true },
  });
  if (!chosen || chosen.length === 0) throw cancelled();
  return { ...place, images: chosen.map(({ value }) => value) };
}

/** The images of a repository that run, those with a tag first. */
export async function imageChoices({ session, repository }: EcrPlace): Promise<Choice<Image>[]> {
  const { items } = await session.ecr.listImages(repository.name, session.signal);
  const runnable = items.filter((image) => ['image', 'index'].includes(kindOf(image)));
  if (runnable.length === 0) {
    throw new GantryError('notFound', message('There are no images in “{0}”.', repository.name));
  }
  const byTag = [...runnable].sort((a, b) => Number(b.tags.length > 0) - Number(a.tags.length > 0));
  return byTag.map((value) => ({ label: labelOf(value), description: describeImage(value), value }));
}

/** Its tags, or what stands for them. */
export function labelOf({ tags, digest }: Image): string {
  return tags.length > 0 ? tags.join(', ') : vscode.l10n.t('untagged {0}', shortDigest(digest));
}

/** Age, size and digest. */
export function describeImage({ pushedAt, size, digest }: Image): string {
  return [formatAge(pushedAt), formatBytes(size), shortDigest(digest)].filter(Boolean).join(' · ');
}

/** `repository:tag`, or the digest in its place. */
export function nameOfImage(repository: Repository, { tags, digest }: Image): string {
  return tags[0] ? `${repository.name}:${tags[0]}` : `${repository.name}@${shortDigest(digest)}`;
}

/** A repository with everything that decides what may be done to its images. */
export interface RepositoryPicture {
  readonly images: readonly Image[];
  readonly tree: ImageTree;
  /** Names of the services and families that run an image. */
  readonly usersOf: (image: Image) => string[];
  /** Why there may be more who use them: a sentence. */
  readonly unknown: string | undefined;
}

/** Milliseconds for which it is believed what all clusters said. */
const believed = 5 * 60_000;

/** Reads what has to be known before images are taken away: all of them, what indexes hold, and what uses them. */
export async function readPicture({ session, repository }: EcrPlace, signal: AbortSignal): Promise<RepositoryPicture> {
  const { ecr, ecs } = session;
  const [{ items, error }, unknown] = await Promise.all([
    ecr.listImages(repository.name, signal),
    seeUses(ecs, signal),
  ]);
  if (error) throw error;
  await ecr.readIndexes(repository.name, items, signal);
  const uses = new RepositoryUses(repository.uri, ecs.seenTasks, ecs.named.all);
  const usersOf = (image: Image): string[] => [
    ...new Set(uses.of(image, ecr.entriesOf(image.digest)).map(({ name, cluster }) => `${name} (${cluster})`)),
  ];
  return { images: items, tree: groupImages(items, ecr.entriesOf), usersOf, unknown };
}

/** @returns why it is not known who uses images, or not of all */
async function seeUses(ecs: EcsInventory, signal: AbortSignal): Promise<string | undefined> {
  try {
    if (Date.now() - (ecs.allTasksSeenAt ?? 0) > believed) await ecs.seeAllUses(signal);
  } catch (error) {
    if (reasonOf(error) !== 'accessDenied') throw error;
    return vscode.l10n.t('It is not known what runs: {0}', sayError(error));
  }
  return ecs.named.error === undefined ? undefined : servicesUnknown(ecs.named.error);
}

/** That services without tasks may use an image, and why nobody knows. */
export function servicesUnknown(error: unknown): string {
  return vscode.l10n.t('It is not known what services without tasks would start: {0}', sayError(error));
}
