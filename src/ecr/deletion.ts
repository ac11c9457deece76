import { isIndex, type IndexEntry, type ImageTree } from './imageTree';
import type { Image, ImageId } from './model';

/** What deleting images means, before anything is deleted. */
export interface DeletionPlan {
  /** In this order: ECR refuses an image as long as an index holds it. Each round is done before the next begins. */
  readonly rounds: readonly (readonly ImageId[])[];
  /** What goes with them: images that only they hold, and what says something about them. */
  readonly dependents: readonly Image[];
  /** Images that stay because an index that stays holds them. */
  readonly held: readonly Image[];
}

/**
 * Plans to delete images with everything that would be left over without them.
 * @param all all images of the repository
 * @param entriesOf what an index holds; all indexes of the repository must have been read
 */
export function planDeletion(
  images: readonly Image[],
  all: readonly Image[],
  { referrers }: ImageTree,
  entriesOf: (digest: string) => readonly IndexEntry[] | undefined,
): DeletionPlan {
  const chosen = new Set(images.map(({ digest }) => digest));
  const entries = ({ digest }: Image): string[] => (entriesOf(digest) ?? []).map((entry) => entry.digest);
  const staying = new Set(all.filter((image) => isIndex(image) && !chosen.has(image.digest)).flatMap(entries));
  const known = new Map(all.map((image) => [image.digest, image]));
  const going = images.filter(({ digest }) => !staying.has(digest));
  const dependents = new Map<string, Image>();
  const add = (image: Image | undefined): void => {
    if (image && !chosen.has(image.digest)) dependents.set(image.digest, image);
  };
  for (const image of going) {
    for (const digest of entries(image)) {
      const entry = known.get(digest);
      if (entry && entry.tags.length === 0 && !staying.has(digest)) add(entry);
    }
  }
  for (const image of [...going, ...dependents.values()]) referrers.get(image.digest)?.forEach(add);
  const ids = [...going, ...dependents.values()];
  const round = (wanted: boolean): ImageId[] =>
    ids.filter((image) => isIndex(image) === wanted).map(({ digest }) => ({ digest }));
  return {
    rounds: [round(true), round(false)].filter(({ length }) => length > 0),
    dependents: [...dependents.values()],
    held: images.filter(({ digest }) => staying.has(digest)),
  };
}
