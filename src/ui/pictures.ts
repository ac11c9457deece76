import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Repository } from '../ecr/model';
import type { Cluster, Service } from '../ecs/model';
import type { Session } from './connections';
import { writeWhole } from './wholeFile';

/** Changes when older pictures can no longer be read. */
const version = 2;

/** Milliseconds in which changes are collected before a picture is written. */
const pause = 3_000;

/** What a connection showed last: names and counts, nothing secret. */
export interface Picture {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly clusters: readonly Cluster[];
  /** By the ARN of their cluster; only of clusters that have been opened. */
  readonly services: Readonly<Record<string, readonly Service[]>>;
  readonly repositories: readonly Repository[];
}

const empty = (): Picture => ({ at: 0, clusters: [], services: {}, repositories: [] });

/**
 * Keeps the last known picture of each connection on the disk, so that the next start shows something at once. A
 * picture is found by the way to the account and by the credentials' fingerprint: other credentials never show it.
 */
export class Pictures {
  private readonly current = new Map<string, Picture>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /** @param folder where the pictures are kept; made when the first one is written */
  constructor(
    private readonly folder: string,
    private readonly fingerprint: (session: Session) => Promise<string>,
  ) {}

  /** The picture of a connection; undefined when there is none that can be read. A sandbox has none: its world is gone. */
  async read(session: Session): Promise<Picture | undefined> {
    if (session.spec.sandbox) return undefined;
    try {
      const picture = JSON.parse(await readFile(await this.fileOf(session), 'utf8')) as Picture & { version?: number };
      return picture.version === version ? picture : undefined;
    } catch {
      return undefined;
    }
  }

  /** Adds what has become known; it is written a little later. */
  add(session: Session, part: Partial<Omit<Picture, 'at'>>): void {
    if (session.spec.sandbox) return;
    const { key } = session;
    const before = this.current.get(key) ?? empty();
    const services = { ...before.services, ...part.services };
    this.current.set(key, { ...before, ...part, services, at: Date.now() });
    if (this.timers.has(key)) return;
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        void this.write(session).catch(() => undefined);
      }, pause),
    );
  }

  /** Stops writing. */
  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private async write(session: Session): Promise<void> {
    const file = await this.fileOf(session);
    const text = JSON.stringify({ version, ...this.current.get(session.key) });
    await writeWhole(file, text);
  }

  private async fileOf(session: Session): Promise<string> {
    const name = createHash('sha256').update(`${session.key} ${await this.fingerprint(session)}`);
    return path.join(this.folder, `${name.digest('hex').slice(0, 32)}.json`);
  }
}
