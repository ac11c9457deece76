import * as vscode from 'vscode';
import { parseArn } from '../core/arn';
import { Command, Row } from '../core/contributions';
import { isCancelled } from '../core/errors';
import { shortDigest } from '../core/imageRef';
import { groupImages, kindOf, type ImageKind, type ImageTree, type IndexEntry } from '../ecr/imageTree';
import type { ImagesSoFar } from '../ecr/inventory';
import type { Image, Repository } from '../ecr/model';
import { RepositoryUses, type Use } from '../ecr/uses';
import type { Session } from '../ui/connections';
import { formatAge, formatBytes, formatDate, formatTasks } from '../ui/format';
import { sayError } from '../ui/say';
import { formatScan, isAlarming } from '../ui/scanWords';
import type { DataRows, Drawn, RowData } from './ecrNodes';

/** Rows shown at once; all pages are read anyway, because only then is the newest known. */
const imagesAtOnce = 100;

/** Milliseconds in which pages are collected before the rows are drawn again. */
const drawPause = 300;

const icons: Readonly<Record<ImageKind, string>> = {
  ...{ image: 'tag', index: 'layers', signature: 'verified', attestation: 'law', sbom: 'list-tree' },
  ...{ chart: 'symbol-structure', artifact: 'file-binary' },
};

/** How many rows of each list have been asked for, by the id of the list. */
const shown = new Map<string, number>();

/** The repository that rows are made for. */
interface Place {
  readonly session: Session;
  readonly repository: Repository;
}

/**
 * The rows below a repository: what has a tag, the newest first, and what has none, folded. After the first page they
 * are those of the images read so far, and are drawn again while the others come in.
 */
export async function imageRows(
  session: Session,
  repository: Repository,
  row: Drawn,
  signal: AbortSignal,
): Promise<DataRows> {
  const { ecr } = session;
  const { name } = repository;
  const counted = ecr.knownImages(name)?.length;
  const draw = (): void => {
    const now = signal.aborted ? undefined : ecr.imagesSoFar(name);
    if (now) row.show(rowsOf({ session, repository }, now, row));
  };
  const found = await ecr.openImages(name, signal, nowAndThen(draw));
  if (!found.isReading && found.items.length !== counted) row.redraw();
  return rowsOf({ session, repository }, found, row);
}

/** Calls something soon, but at most once in a pause; and at the end. */
function nowAndThen(draw: () => void): (ended: boolean) => void {
  let timer: NodeJS.Timeout | undefined;
  return (ended) => {
    if (timer && !ended) return;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        timer = undefined;
        draw();
      },
      ended ? 0 : drawPause,
    );
  };
}

function rowsOf(place: Place, { items: images, error, isReading }: ImagesSoFar, row: Drawn): DataRows {
  const { session, repository } = place;
  const { ecr, ecs } = session;
  // At the top, because the newest image may be yet to come.
  const reading = isReading ? [readingRow(images.length)] : [];
  if (images.length === 0 && !isReading) {
    const text = vscode.l10n.t('No images yet');
    return { rows: [{ key: 'none', label: text, icon: 'info', contextValue: Row.message }], error };
  }
  const tree = groupImages(images, ecr.entriesOf);
  const uses = new RepositoryUses(repository.uri, ecs.seenTasks, ecs.named.all);
  const tagged = cut(place, 'tagged', tree.roots, row, (image) => imageRow(place, image, tree, uses));
  // The rest of a long list comes before what is folded, so that it is not overlooked.
  const untagged = tree.untagged.length > 0 ? [untaggedRow(place, tree.untagged)] : [];
  return { ...tagged, rows: [...reading, ...tagged.rows, ...untagged], error };
}

function readingRow(count: number): RowData {
  return {
    ...{ key: 'reading', label: vscode.l10n.t('Reading images…'), icon: 'loading~spin', contextValue: Row.message },
    description: vscode.l10n.t('{0} so far', count),
  };
}

/** As many rows as have been asked for. */
function cut(
  { session, repository }: Place,
  list: string,
  images: readonly Image[],
  row: Drawn,
  make: (image: Image) => RowData,
): DataRows {
  const key = `${session.key} ${repository.arn} ${list}`;
  const most = shown.get(key) ?? imagesAtOnce;
  const rows = images.slice(0, most).map(make);
  if (images.length <= most) return { rows };
  const load = (): void => {
    shown.set(key, most + imagesAtOnce);
    row.changed();
  };
  return { rows, more: { count: images.length - most, load } };
}

/** What a moved tag leaves behind. */
function untaggedRow(place: Place, untagged: readonly Image[]): RowData {
  const { session, repository } = place;
  return {
    key: 'untagged',
    label: vscode.l10n.t('Untagged ({0})', untagged.length),
    description: formatBytes(untagged.reduce((sum, image) => sum + (image.size ?? 0), 0)),
    icon: 'circle-outline',
    contextValue: Row.untagged,
    below: async (row, signal) => {
      const { ecr, ecs } = session;
      const { items } = await ecr.listImages(repository.name, signal);
      // What an index holds is not left over, but only the index says so.
      if (await ecr.readIndexes(repository.name, items, signal)) row.regroup();
      const tree = groupImages(items, ecr.entriesOf);
      const uses = new RepositoryUses(repository.uri, ecs.seenTasks, ecs.named.all);
      return cut(place, 'untagged', tree.untagged, row, (image) => imageRow(place, image, tree, uses));
    },
  };
}

function imageRow(place: Place, image: Image, tree: ImageTree, all: RepositoryUses, platform?: string): RowData {
  const { session, repository } = place;
  const kind = kindOf(image);
  const isRunnable = kind === 'image' || kind === 'index';
  const uses = isRunnable ? all.of(image, session.ecr.entriesOf(image.digest)) : [];
  const label = platform ?? (image.tags.join(', ') || kindName(kind) || vscode.l10n.t('untagged'));
  const description = describe(place, image, kind, uses, label);
  const untagged = kind === 'image' && image.tags.length === 0 ? 'circle-outline' : icons[kind];
  const own = storage(image) ? 'archive' : platform ? 'server' : untagged;
  return {
    key: `@${image.digest}`,
    label,
    description,
    spoken: vscode.l10n.t('Image {0}, {1}', label, description),
    icon: uses.length > 0 ? 'vm-running' : own,
    color: uses.length > 0 ? 'charts.green' : undefined,
    contextValue: isRunnable ? (kind === 'index' ? Row.index : Row.image) : Row.artifact,
    tooltip: tooltipOf(image, kind),
    consolePath: `ecr/repositories/private/${parseArn(repository.arn)?.account ?? ''}/${repository.name}/_/image/${image.digest}/details`,
    ...{ copyable: copyableOf(repository, image), image },
    ...(isRunnable ? { below: (row, signal) => below(place, image, tree, all, row, signal) } : {}),
  };
}

function describe(
  { session, repository }: Place,
  image: Image,
  kind: ImageKind,
  uses: readonly Use[],
  label: string,
): string {
  const scan = session.ecr.knownScan(repository.name, image);
  const kinds = kind === 'index' ? vscode.l10n.t('several platforms') : kindName(kind);
  const words = [
    kinds === label ? undefined : kinds,
    uses.length > 0 ? formatUses(uses) : undefined,
    scan?.status ? formatScan(scan) : undefined,
    storage(image),
    // A narrow sidebar cuts the end off: the digest is what one misses least.
    ...[formatAge(image.pushedAt), formatBytes(image.size), shortDigest(image.digest)],
  ];
  return words.filter(Boolean).join(' · ');
}

/** An image in the archive cannot be pulled before it is back. */
function storage({ status }: Image): string | undefined {
  if (status === 'ARCHIVED') return vscode.l10n.t('archived');
  return status === 'ACTIVATING' ? vscode.l10n.t('coming back from the archive') : undefined;
}

function copyableOf({ name, uri }: Repository, { tags: [tag], digest }: Image): NonNullable<RowData['copyable']> {
  const reference = tag ? `${uri}:${tag}` : `${uri}@${digest}`;
  return { name: tag ? `${name}:${tag}` : digest, uri: reference, digest, pull: `docker pull ${reference}` };
}

function tooltipOf(image: Image, kind: ImageKind): NonNullable<RowData['tooltip']> {
  const { tags, digest, size, pushedAt, pulledAt, mediaType, artifactType } = image;
  return {
    title: tags.join(', ') || kindName(kind) || vscode.l10n.t('untagged'),
    rows: [
      [vscode.l10n.t('Digest'), digest],
      [vscode.l10n.t('Size'), formatBytes(size)],
      [vscode.l10n.t('Pushed'), formatDate(pushedAt)],
      [vscode.l10n.t('Pulled last'), formatDate(pulledAt)],
      [vscode.l10n.t('Type'), mediaType],
      [vscode.l10n.t('Artifact'), artifactType],
    ],
  };
}

/** What belongs to an image: its platforms, what says something about it, who runs it, its scan. */
async function below(
  place: Place,
  image: Image,
  tree: ImageTree,
  uses: RepositoryUses,
  row: Drawn,
  signal: AbortSignal,
): Promise<DataRows> {
  const kind = kindOf(image);
  const platforms = kind === 'index' ? await platformRows(place, image, tree, uses, row, signal) : [];
  const referrers = (tree.referrers.get(image.digest) ?? []).map((each) => imageRow(place, each, tree, uses));
  const pulled = image.pulledAt === undefined ? vscode.l10n.t('not recorded') : formatAge(image.pulledAt);
  return {
    rows: [
      ...platforms,
      ...referrers,
      ...useRows(place, uses.of(image, place.session.ecr.entriesOf(image.digest))),
      ...(kind === 'image' ? [await scanRow(place, image, row, signal)] : []),
      fact('pulled', vscode.l10n.t('Pulled last'), pulled, 'cloud-download'),
    ],
  };
}

/** One row a platform, and one for what BuildKit attests about each. */
async function platformRows(
  place: Place,
  image: Image,
  tree: ImageTree,
  uses: RepositoryUses,
  row: Drawn,
  signal: AbortSignal,
): Promise<RowData[]> {
  const { ecr } = place.session;
  const { items } = await ecr.listImages(place.repository.name, signal);
  // Its images are not left over, now that it is known whose they are.
  if (await ecr.readIndexes(place.repository.name, [image], signal)) row.regroup();
  const entries = ecr.entriesOf(image.digest) ?? [];
  const known = new Map(items.map((each) => [each.digest, each]));
  const platformOf = new Map(entries.map(({ digest, platform }) => [digest, platform]));
  const toRow = ({ digest, platform, attests }: IndexEntry): RowData => {
    if (attests !== undefined) {
      const about = platformOf.get(attests) ?? shortDigest(attests);
      return fact(digest, vscode.l10n.t('Attestation'), about, 'law');
    }
    const label = platform ?? vscode.l10n.t('Unknown platform');
    const held = known.get(digest);
    if (!held) return fact(digest, label, vscode.l10n.t('not in this repository'), 'server');
    return imageRow(place, held, tree, uses, label);
  };
  return [...entries].sort((a, b) => Number(a.attests !== undefined) - Number(b.attests !== undefined)).map(toRow);
}

/** What is known when everybody was asked and nobody uses an image. */
function unused(gap: unknown): string {
  return gap === undefined
    ? vscode.l10n.t('by no task and no service')
    : vscode.l10n.t('by no running task; services could not be asked');
}

/** Who runs an image and how that is known, or a way to find out. */
function useRows({ session: { ecs } }: Place, uses: readonly Use[]): RowData[] {
  const { allTasksSeenAt: at } = ecs;
  const how = at
    ? vscode.l10n.t('all clusters were asked {0}', formatAge(at))
    : vscode.l10n.t('as far as opened services show');
  if (uses.length === 0) {
    const value = at ? unused(ecs.named.error) : vscode.l10n.t('not known');
    const row = fact('use', vscode.l10n.t('In use'), `${value} · ${how}`, 'question');
    return [
      { ...row, contextValue: Row.unknownUse, command: { id: Command.findUses, title: vscode.l10n.t('Find Uses') } },
    ];
  }
  return uses.map(({ name, cluster, taskDefinition, tasks }) => ({
    ...fact(
      `use/${cluster}/${name}/${taskDefinition}`,
      vscode.l10n.t('In use by {0}', name),
      [cluster, taskDefinition, formatTasks(tasks), how].join(' · '),
      'vm-running',
    ),
    ...{ color: 'charts.green', copyable: { name } },
  }));
}

async function scanRow(
  { session, repository }: Place,
  image: Image,
  row: Drawn,
  signal: AbortSignal,
): Promise<RowData> {
  const title = vscode.l10n.t('Show Scan Findings');
  const make = (text: string, alarming: boolean): RowData => ({
    ...fact('scan', vscode.l10n.t('Scan'), text, 'shield'),
    ...{ color: alarming ? 'list.warningForeground' : undefined, command: { id: Command.showFindings, title } },
  });
  const before = session.ecr.knownScan(repository.name, image);
  try {
    const scan = await session.ecr.readScan(repository.name, image, signal);
    if (scan !== before && scan.status) row.regroup();
    return make(formatScan(scan), isAlarming(scan));
  } catch (error) {
    if (isCancelled(error)) throw error;
    // Who may list images need not be allowed to read findings; the other rows are worth having.
    return make(sayError(error), false);
  }
}

function fact(key: string, label: string, value: string, icon: string): RowData {
  return { key, label, description: value, icon, contextValue: Row.fact, copyable: { name: value } };
}

/** What it is, where it is no image. */
function kindName(kind: ImageKind): string | undefined {
  switch (kind) {
    case 'signature':
      return vscode.l10n.t('signature');
    case 'attestation':
      return vscode.l10n.t('attestation');
    case 'sbom':
      return vscode.l10n.t('software bill of materials');
    case 'chart':
      return vscode.l10n.t('Helm chart');
    case 'artifact':
      return vscode.l10n.t('artifact');
    default:
      return undefined;
  }
}

function formatUses(uses: readonly Use[]): string {
  const names = [...new Set(uses.map(({ name }) => name))];
  return names.length > 2
    ? vscode.l10n.t('in use by {0} and {1} more', names[0] ?? '', names.length - 1)
    : vscode.l10n.t('in use by {0}', names.join(', '));
}
