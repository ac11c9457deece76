import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock';
import { DataChannel, type Endpoint, type Wire } from './dataChannel';

/** What DescribeSessions tells of a session. Times in milliseconds since the Unix epoch. */
export interface SessionRecord {
  readonly id: string;
  readonly target: string;
  readonly document: string;
  readonly owner: string;
  readonly reason: string | undefined;
  readonly startedAt: number;
  status: 'Connected' | 'Terminated';
  endedAt?: number;
}

export type SessionRecords = Map<string, SessionRecord>;

interface Live {
  readonly record: SessionRecord;
  readonly channel: DataChannel;
  /** Whether the container is still there. */
  readonly alive: () => boolean;
  /** Good for one connection, as on AWS. */
  token: string;
  busyAt: number;
}

export interface SessionWish {
  /** `ecs-execute-command` or the caller's name. */
  readonly prefix: string;
  readonly target: string;
  readonly document: string;
  readonly owner: string;
  readonly reason?: string | undefined;
  readonly alive: () => boolean;
  readonly endpoint: (
    channel: { send(data: Buffer, payloadType?: number): void; close(output: string): void },
    id: string,
  ) => Endpoint;
}

export interface SessionTicket {
  readonly sessionId: string;
  readonly tokenValue: string;
  readonly streamUrl: string;
}

/** AWS ends a session in which nothing happens after this time, in milliseconds. */
const idleTimeout = 20 * 60_000;
/** A long demo must not eat the memory. */
const maxRecords = 1000;

/** Session Manager: the sessions of the account and the data channels of those that live. */
export class Sessions {
  readonly records: SessionRecords;
  readonly #clock: Clock;
  readonly #host: () => string;
  readonly #live = new Map<string, Live>();

  /** `host` is the sandbox's own address. */
  constructor(clock: Clock, host: () => string, records: SessionRecords = new Map()) {
    this.#clock = clock;
    this.#host = host;
    this.records = records;
    // The sessions of the last process went with it.
    for (const record of records.values()) this.#end(record);
  }

  start(wish: SessionWish): SessionTicket {
    const now = this.#clock.now();
    const id = `${wish.prefix}-${sessionSuffix()}`;
    const { target, document, owner, reason } = wish;
    const record: SessionRecord = { id, target, document, owner, reason, startedAt: now, status: 'Connected' };
    const late: { channel?: DataChannel } = {};
    const endpoint = wish.endpoint(
      {
        send: (data, payloadType) => {
          this.#busy(id);
          late.channel?.send(data, payloadType);
        },
        close: (output) => late.channel?.close(output),
      },
      id,
    );
    const channel = new DataChannel(this.#clock, id, endpoint, () => {
      this.#end(record);
      this.#live.delete(id);
    });
    late.channel = channel;
    this.records.set(id, record);
    this.#forgetOldest();
    const live: Live = { record, channel, alive: wish.alive, token: newToken(), busyAt: now };
    this.#live.set(id, live);
    this.#watch(live);
    return this.#ticket(live);
  }

  /** A new token for a client that has lost its connection; undefined when the session is over. */
  resume(id: string): SessionTicket | undefined {
    const live = this.#live.get(id);
    if (!live) return undefined;
    live.token = newToken();
    return this.#ticket(live);
  }

  /** Ends a session. Ending one that has ended is a success, as on AWS. */
  terminate(id: string): void {
    this.#live.get(id)?.channel.close('Session terminated.');
  }

  closeAll(): void {
    for (const { channel } of this.#live.values()) channel.close('The sandbox ends.');
  }

  /** A client with the right token gets the channel; undefined for everybody else. */
  connect(id: string, token: string, wire: Wire): { receive(bytes: Buffer): void; gone(): void } | undefined {
    const live = this.#live.get(id);
    if (!live || token === '' || live.token !== token) return undefined;
    live.token = '';
    live.channel.attach(wire);
    return {
      receive: (bytes) => {
        live.busyAt = this.#clock.now();
        live.channel.receive(bytes);
      },
      gone: () => live.channel.detach(wire),
    };
  }

  #busy(id: string): void {
    const live = this.#live.get(id);
    if (live) live.busyAt = this.#clock.now();
  }

  #ticket({ record, token }: Live): SessionTicket {
    const streamUrl = `ws://${this.#host()}/v1/data-channel/${record.id}?role=publish_subscribe`;
    return { sessionId: record.id, tokenValue: token, streamUrl };
  }

  #watch(live: Live): void {
    this.#clock.after(1000, () => {
      if (!this.#live.has(live.record.id)) return;
      if (!live.alive()) live.channel.close('The container has stopped.');
      else if (this.#clock.now() - live.busyAt > idleTimeout)
        live.channel.close('Session timed out due to inactivity.');
      this.#watch(live);
    });
  }

  #end(record: SessionRecord): void {
    if (record.status === 'Terminated') return;
    record.status = 'Terminated';
    record.endedAt = this.#clock.now();
  }

  #forgetOldest(): void {
    const ended = [...this.records.values()].filter(({ status }) => status === 'Terminated');
    for (const { id } of ended.slice(0, Math.max(0, this.records.size - maxRecords))) this.records.delete(id);
  }
}

/** 26 lower-case letters and digits, as at the end of session ids. */
function sessionSuffix(): string {
  return [...randomBytes(26)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(byte % 32)).join('');
}

function newToken(): string {
  return randomBytes(96).toString('base64');
}
