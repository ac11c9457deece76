import type { Clock } from '../../core/clock';
import { ApiError } from '../http/apiError';

/** One line of a stream. Times in milliseconds since the Unix epoch. */
export interface LogEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  /** In the order of their time. */
  events: LogEvent[];
  /** How many older events have been dropped, so that page tokens stay right. */
  dropped: number;
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly streams: Map<string, LogStream>;
  tags?: Map<string, string>;
  readonly logGroupClass?: string;
  /** Events older than this are not shown any more. */
  retentionInDays?: number;
}

/** Who is told of what is written. */
export type LogListener = (group: string, stream: string, events: readonly LogEvent[]) => void;

export type LogGroups = Map<string, LogGroup>;

/** A chatty container must not eat the memory: the oldest events of a stream go first. */
const maxEvents = 20_000;

export interface NewGroup {
  readonly tags?: Readonly<Record<string, string>>;
  readonly logGroupClass?: string;
}

/** The log groups of the account. */
export class LogStore {
  readonly groups: LogGroups;
  readonly #clock: Clock;
  readonly #listeners = new Set<LogListener>();

  constructor(clock: Clock, groups: LogGroups = new Map()) {
    this.#clock = clock;
    this.groups = groups;
  }

  /** @throws ApiError when it is there already. */
  createGroup(name: string, { tags = {}, logGroupClass = 'STANDARD' }: NewGroup = {}): void {
    if (this.groups.has(name)) {
      throw new ApiError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    this.groups.set(name, {
      ...{ name, createdAt: this.#clock.now(), streams: new Map(), logGroupClass },
      tags: new Map(Object.entries(tags)),
    });
  }

  /** @throws ApiError when it is not there. */
  group(name: string): LogGroup {
    const group = this.groups.get(name);
    if (group) return group;
    throw new ApiError('ResourceNotFoundException', 'The specified log group does not exist.');
  }

  /** @throws ApiError when it is not there. */
  stream(group: string, name: string): LogStream {
    const stream = this.group(group).streams.get(name);
    if (stream) return stream;
    throw new ApiError('ResourceNotFoundException', 'The specified log stream does not exist.');
  }

  /** A stream that is made when it is needed, as the awslogs driver does. */
  ensureStream(group: string, name: string): LogStream {
    const { streams } = this.group(group);
    const stream = streams.get(name) ?? { name, createdAt: this.#clock.now(), events: [], dropped: 0 };
    streams.set(name, stream);
    return stream;
  }

  /** Events before this time have expired. Milliseconds since the Unix epoch. */
  oldest(name: string): number {
    return this.#clock.now() - (this.group(name).retentionInDays ?? Infinity) * 24 * 3600_000;
  }

  /** Groups of a state that an older sandbox saved have none yet. */
  tags(group: LogGroup): Map<string, string> {
    group.tags ??= new Map();
    return group.tags;
  }

  /** Tells of what is written from now on. @returns how to stop that. */
  listen(listener: LogListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  append(
    group: string,
    stream: LogStream,
    entries: readonly { readonly timestamp: number; readonly message: string }[],
  ): void {
    const ingestionTime = this.#clock.now();
    const last = stream.events.at(-1)?.timestamp ?? 0;
    const added = entries.map(({ timestamp, message }) => ({ timestamp, message, ingestionTime }));
    stream.events.push(...added);
    for (const listener of this.#listeners) listener(group, stream.name, added);
    if (entries.some(({ timestamp }) => timestamp < last)) stream.events.sort((a, b) => a.timestamp - b.timestamp);
    const surplus = stream.events.length - maxEvents;
    if (surplus <= 0) return;
    stream.events = stream.events.slice(surplus);
    stream.dropped += surplus;
  }
}
