import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { idOf, type RolloutRecord } from '../deploy/rolloutRecord';
import { goingSuffix } from './rolloutFolder';
import { writeWhole } from './wholeFile';

/** Changes when older files can no longer be read. */
const version = 1;

/** How many rollouts are kept. */
const most = 50;

/** A rollout on the disk, with the process that watches it. */
export interface KeptRollout {
  readonly record: RolloutRecord;
  /** The folder or workspace from which it was started. */
  readonly workspace: string;
  /** The process that watches it, while it goes on. */
  readonly owner: number | undefined;
}

/**
 * The rollouts of this machine, one file each: what goes on is taken up again after a restart, and what has ended can
 * be read again. Names, texts of AWS and log lines; no secrets of Gantry's.
 */
export class RolloutFiles {
  private readonly writing = new Map<string, Promise<void>>();
  /** What is to be written next: a look at AWS changes a rollout several times, and only the last counts. */
  private readonly next = new Map<string, RolloutRecord>();

  /** @param folder made when the first file is written */
  constructor(
    private readonly folder: string,
    private readonly workspace: string,
  ) {}

  /** Writes a rollout, one writing after the other. */
  write(record: RolloutRecord): Promise<void> {
    const id = idOf(record);
    this.next.set(id, record);
    const before = this.writing.get(id) ?? Promise.resolve();
    const writing = before.then(() => this.writeNext(id)).catch(() => undefined);
    this.writing.set(id, writing);
    return writing;
  }

  async read(id: string): Promise<KeptRollout | undefined> {
    return (await readKept(this.goingFile(id))) ?? readKept(this.endedFile(id));
  }

  /** All that can be read, the newest first. */
  async list(): Promise<KeptRollout[]> {
    const ids = new Set((await this.names()).flatMap((name) => /^(\w+)(\.going)?\.json$/.exec(name)?.[1] ?? []));
    const kept = await Promise.all([...ids].map((id) => this.read(id)));
    return kept
      .filter((each) => each !== undefined)
      .sort((a, b) => b.record.subject.startedAt - a.record.subject.startedAt);
  }

  /** Those of this workspace that nobody watches any more although they have not ended. */
  async abandoned(): Promise<RolloutRecord[]> {
    const going = await this.going();
    return going
      .filter(({ workspace, owner }) => workspace === this.workspace && !isAlive(owner))
      .map(({ record }) => record);
  }

  /** The rollout of a service that another window watches at this moment. */
  async elsewhere(serviceArn: string): Promise<RolloutRecord | undefined> {
    const going = await this.going();
    return going.find(
      ({ record, owner }) => record.subject.serviceArn === serviceArn && owner !== process.pid && isAlive(owner),
    )?.record;
  }

  /** Only the files of what has not ended are read: this is asked at every start of VS Code. */
  private async going(): Promise<KeptRollout[]> {
    const names = (await this.names()).filter((name) => name.endsWith(goingSuffix));
    const kept = await Promise.all(names.map((name) => readKept(path.join(this.folder, name))));
    return kept.filter((each) => each !== undefined);
  }

  private async names(): Promise<string[]> {
    return readdir(this.folder).catch(() => []);
  }

  private async writeNext(id: string): Promise<void> {
    const record = this.next.get(id);
    this.next.delete(id);
    if (record) await this.replace(id, record);
  }

  private async replace(id: string, record: RolloutRecord): Promise<void> {
    const owner = record.verdict ? undefined : process.pid;
    const text = JSON.stringify({ version, record, workspace: this.workspace, owner });
    await writeWhole(record.verdict ? this.endedFile(id) : this.goingFile(id), text);
    if (!record.verdict) return;
    await rm(this.goingFile(id), { force: true });
    await this.tidy();
  }

  private async tidy(): Promise<void> {
    const ended = (await this.list()).filter(({ record }) => record.verdict);
    for (const { record } of ended.slice(most)) await rm(this.endedFile(idOf(record)), { force: true });
  }

  private goingFile(id: string): string {
    return path.join(this.folder, `${id}${goingSuffix}`);
  }

  private endedFile(id: string): string {
    return path.join(this.folder, `${id}.json`);
  }
}

/** A file that cannot be read, or is of another version, counts as none. */
async function readKept(file: string): Promise<KeptRollout | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as KeptRollout & { version?: number };
    return kept.version === version ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of this machine runs; an id that has been given to another program counts as running. */
function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
