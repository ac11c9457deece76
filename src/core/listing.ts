import { batches, type Page } from './paging';

/**
 * A listing that is read page by page and keeps what it has. A page that fails stops the reading; reading on sends the
 * same token again, so that nothing is lost and nothing is read twice.
 */
export class Listing<T> {
  private readonly pages: (readonly T[])[] = [];
  private token: string | undefined;
  private ended = false;
  private failure: unknown;
  private running: Promise<void> | undefined;
  private all: readonly T[] = [];

  constructor(private readonly readPage: (token: string | undefined, signal: AbortSignal) => Promise<Page<T>>) {}

  /** What has been read so far, in the order of the pages. */
  get items(): readonly T[] {
    return this.all;
  }

  get complete(): boolean {
    return this.ended;
  }

  /** Why the reading stopped before the end. */
  get error(): unknown {
    return this.failure;
  }

  /**
   * Reads on to the end; who asks meanwhile gets the same reading. Never rejects: see `error`.
   * @param onPage called after every page, the last one included; the next one waits for what it returns
   */
  readOn(signal: AbortSignal, onPage: () => void | Promise<void> = () => undefined): Promise<void> {
    if (this.ended) return Promise.resolve();
    this.running ??= this.run(signal, onPage).finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(signal: AbortSignal, onPage: () => void | Promise<void>): Promise<void> {
    this.failure = undefined;
    try {
      do {
        const { items, nextToken } = await this.readPage(this.token, signal);
        this.pages.push(items);
        this.all = this.pages.flat();
        this.token = nextToken;
        this.ended = !nextToken;
        await onPage();
      } while (!this.ended);
    } catch (error) {
      this.failure = error;
    }
  }
}

/** Rows that could be read, and why it is not all of them. */
export interface Reading<T> {
  readonly items: readonly T[];
  readonly error: unknown;
}

/** Listings by a name of one's own: one that failed is read on where it stopped, any other is read anew. */
export class Listings {
  private readonly failed = new Map<string, Listing<unknown>>();

  /**
   * Reads a listing to its end, or as far as it goes.
   * @throws whatever the first page threw; a later failure is part of the reading
   */
  async read<T>(
    name: string,
    page: (token: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
    signal: AbortSignal,
  ): Promise<Reading<T>> {
    const listing = (this.failed.get(name) as Listing<T> | undefined) ?? new Listing<T>(page);
    await listing.readOn(signal);
    if (listing.error) this.failed.set(name, listing as Listing<unknown>);
    else this.failed.delete(name);
    if (listing.error && listing.items.length === 0) throw listing.error;
    return { items: listing.items, error: listing.error };
  }

  /** The next reading starts from the beginning. */
  forget(): void {
    this.failed.clear();
  }
}

/**
 * Asks for the details of what was listed, in batches side by side.
 * @throws the first failure when no batch came through; else it is part of the reading
 */
export async function describeAll<T>(
  { items, error }: Reading<string>,
  size: number,
  describe: (batch: readonly string[]) => Promise<{ readonly found: readonly T[] }>,
): Promise<Reading<T>> {
  const answers = await Promise.allSettled(batches(items, size).map(describe));
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.found : []));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed && found.length === 0) throw failed.reason;
  return { items: found, error: error ?? failed?.reason };
}
