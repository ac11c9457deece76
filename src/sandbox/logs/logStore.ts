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
}

export type LogGroups = Map<string, LogGroup>;

/** A chatty container must not eat the memory: the oldest events of a stream go first. */
const maxEvents = 20_000;

/** The log groups of the account. */
export class LogStore {
  readonly groups: LogGroups;
  readonly #clock: Clock;

  constructor(clock: Clock, groups: LogGroups = new Map()) {
    this.#clock = clock;
    this.groups = groups;
  }

  /** @throws ApiError when it is there already. */
  createGroup(name: string): void {
    if (this.groups.has(name)) {
      throw new ApiError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    this.groups.set(name, { name, createdAt: this.#clock.now(), streams: new Map() });
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

  append(stream: LogStream, entries: readonly { readonly timestamp: number; readonly message: string }[]): void {
    const ingestionTime = this.#clock.now();
    const last = stream.events.at(-1)?.timestamp ?? 0;
    for (const { timestamp, message } of entries) stream.events.push({ timestamp, message, ingestionTime });
    if (entries.some(({ timestamp }) => timestamp < last)) stream.events.sort((a, b) => a.timestamp - b.timestamp);
    const surplus = stream.events.length - maxEvents;
    if (surplus <= 0) return;
    stream.events = stream.events.slice(surplus);
    stream.dropped += surplus;
  }
}
