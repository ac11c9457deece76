import { compareNames } from '../core/names';
import { Emitter } from '../core/emitter';
import { Listing, Listings, type Reading } from '../core/listing';
import { batches } from '../core/paging';
import type { EcrGateway } from './gateway';
import { isIndex, readIndex, type IndexEntry } from './imageTree';
import { newestFirst, type Image, type Repository, type ScanSummary } from './model';

/** The images of a repository as they were read, and in order. */
interface Kept {
  readonly listing: Listing<Image>;
  /** After every page. */
  readonly onPage: Emitter<void>;
  from: readonly Image[];
  sorted: readonly Image[];
  /** Told what has been read, by page and at the end: who asked last. */
  tell: ((ended: boolean) => void) | undefined;
}

/** The images of a repository as far as they have been read. */
export interface ImagesSoFar extends Reading<Image> {
  /** Whether more pages are coming by themselves. */
  readonly isReading: boolean;
}

/** What is known of ECR over one connection. Images stay until somebody says that they are old. */
export class EcrInventory {
  private readonly listings = new Listings();
  private readonly kept = new Map<string, Kept>();
  private readonly scans = new Map<string, ScanSummary>();
  /** By digest, so what is in here is true for ever. */
  private readonly indexes = new Map<string, readonly IndexEntry[]>();

  constructor(private readonly ecr: EcrGateway) {}

  /** All repositories by name: one call for a thousand. */
  async listRepositories(signal: AbortSignal): Promise<Reading<Repository>> {
    const page = (token: string | undefined, own: AbortSignal): ReturnType<EcrGateway['describeRepositories']> =>
      this.ecr.describeRepositories({ token }, own);
    const { items, error } = await this.listings.read('repositories', page, signal);
    return { items: [...items].sort((a, b) => compareNames(a.name, b.name)), error };
  }

  /**
   * All images of a repository, newest first: ECR gives them in no useful order, so all pages have to be read, a call
   * for a thousand. They are kept until `dropImages`; after a failure the reading goes on where it stopped.
   * @throws whatever the first page threw; a later failure is part of the reading
   */
  async listImages(repository: string, signal: AbortSignal): Promise<Reading<Image>> {
    const kept = this.kept.get(repository) ?? this.keep(repository);
    await this.readOn(kept, signal);
    return soFar(kept);
  }

  /**
   * The same without waiting for more than the first page; the others follow in the background.
   * @param tell told after every page, and at the end or when a page fails; what there is then, `imagesSoFar` says
   * @throws whatever the first page threw
   */
  async openImages(repository: string, signal: AbortSignal, tell: (ended: boolean) => void): Promise<ImagesSoFar> {
    const kept = this.kept.get(repository) ?? this.keep(repository);
    const reading = this.readOn(kept, signal);
    if (kept.listing.items.length === 0) await Promise.race([reading, firstOf(kept.onPage)]);
    const found = soFar(kept);
    if (found.isReading) kept.tell = tell;
    return found;
  }

  /** The images of a repository as far as they have been read, newest first; undefined when nobody has asked. */
  imagesSoFar(repository: string): ImagesSoFar | undefined {
    const kept = this.kept.get(repository);
    return kept && soFar(kept);
  }

  /** The images of a repository, if all of them have been read. */
  knownImages(repository: string): readonly Image[] | undefined {
    const kept = this.kept.get(repository);
    return kept?.listing.complete ? kept.listing.items : undefined;
  }

  /** The images of a repository are others now. */
  dropImages(repository: string): void {
    const kept = this.kept.get(repository);
    // What is still under way is of no interest any more.
    if (kept) kept.tell = undefined;
    this.kept.delete(repository);
    for (const key of [...this.scans.keys()]) if (key.startsWith(`${repository}@`)) this.scans.delete(key);
  }

  /** What an index holds, if it has been read. */
  entriesOf = (digest: string): readonly IndexEntry[] | undefined => this.indexes.get(digest);

  /**
   * Reads the indexes among these images, those that are not known yet: a call for a hundred.
   * @returns whether anything new is known
   */
  async readIndexes(repository: string, images: readonly Image[], signal: AbortSignal): Promise<boolean> {
    const unknown = images.filter((image) => isIndex(image) && !this.indexes.has(image.digest));
    for (const batch of batches(
      unknown.map(({ digest }) => digest),
      100,
    )) {
      const manifests = await this.ecr.getManifests(repository, batch, signal);
      for (const { digest, text } of manifests) this.indexes.set(digest, readIndex(text));
    }
    return unknown.length > 0;
  }

  /** How the last scan of an image ended, if somebody has asked. */
  knownScan(repository: string, { digest, scan }: Image): ScanSummary | undefined {
    return this.scans.get(`${repository}@${digest}`) ?? scan;
  }

  /** How the last scan of an image ended: one call, remembered once the scan is over. */
  async readScan(repository: string, image: Image, signal: AbortSignal): Promise<ScanSummary> {
    const known = this.knownScan(repository, image);
    if (known && known.status !== 'IN_PROGRESS') return known;
    const page = await this.ecr.scanFindings(repository, image.digest, undefined, signal);
    const scan = page?.scan ?? { status: undefined, description: undefined, counts: {}, completedAt: undefined };
    this.putScan(repository, image, scan);
    return scan;
  }

  /** Takes in how a scan ended that somebody else followed. */
  putScan(repository: string, { digest }: Image, scan: ScanSummary): void {
    this.scans.set(`${repository}@${digest}`, scan);
  }

  private keep(repository: string): Kept {
    const listing = new Listing<Image>((token, signal) => this.ecr.describeImages(repository, token, signal));
    const kept: Kept = { listing, onPage: new Emitter(), from: [], sorted: [], tell: undefined };
    this.kept.set(repository, kept);
    return kept;
  }

  private async readOn(kept: Kept, signal: AbortSignal): Promise<void> {
    const { listing, onPage } = kept;
    await listing.readOn(signal, () => {
      onPage.fire();
      kept.tell?.(false);
    });
    const { tell } = kept;
    kept.tell = undefined;
    tell?.(true);
  }
}

/** @throws what the first page threw */
function soFar(kept: Kept): ImagesSoFar {
  const { items, error, complete } = kept.listing;
  if (error && items.length === 0) throw error;
  if (kept.from !== items) {
    kept.from = items;
    kept.sorted = newestFirst(items);
  }
  return { items: kept.sorted, error, isReading: !complete && !error };
}

function firstOf(event: Emitter<void>): Promise<void> {
  return new Promise((resolve) => {
    const subscription = event.on(() => {
      subscription.dispose();
      resolve();
    });
  });
}
