import type { Clock, Timer } from '../../core/clock';
import { type AgentMessage, Flag, type Outgoing, PayloadType, decodeMessage, encodeMessage } from './agentMessage';

/** A connection to the client, open until it is closed. */
export interface Wire {
  send(bytes: Buffer): void;
  close(): void;
}

/** What the agent runs behind a channel. */
export interface Endpoint {
  /** The session type of the handshake, as the plugin knows it. */
  readonly sessionType: 'Standard_Stream' | 'InteractiveCommands' | 'Port';
  readonly properties: unknown;
  /** The handshake is over. `clientVersion` is the plugin's. */
  start(clientVersion: string): void;
  input(data: Buffer): void;
  resize(columns: number, rows: number): void;
  flag(flag: number): void;
  /** Stop or go on producing output: the client is behind, or there is none. */
  pause(paused: boolean): void;
  /** The session is over. */
  close(): void;
}

/** Agents from this version on forward many connections at a time and need no keep-alive for them. */
export const agentVersion = '3.3.2299.0';

/** Messages that the client has not acknowledged are sent again after this time, in milliseconds. */
const resendAfter = 300;
/** More messages than these on the way, and the output has to wait. */
const maxUnacknowledged = 500;
/** The largest payload of a message, in bytes. */
const maxPayload = 1024;

/**
 * The agent's side of a data channel: handshake, numbered messages in both directions, acknowledgements, resending.
 * Survives its connection: a client that comes back goes on where it was.
 */
export class DataChannel {
  readonly #clock: Clock;
  readonly #sessionId: string;
  readonly #endpoint: Endpoint;
  readonly #onClosed: () => void;
  /** Sent and not acknowledged, by sequence number. */
  readonly #unacknowledged = new Map<number, Buffer>();
  /** Came too early, by sequence number. */
  readonly #early = new Map<number, AgentMessage>();
  #wire: Wire | undefined;
  #paused = false;
  #handshakeDone = false;
  #next = 0;
  #expected = 0;
  #resend: Timer | undefined;
  #startedAt = 0;
  #closing: string | undefined;
  #closed = false;

  constructor(clock: Clock, sessionId: string, endpoint: Endpoint, onClosed: () => void) {
    this.#clock = clock;
    this.#sessionId = sessionId;
    this.#endpoint = endpoint;
    this.#onClosed = onClosed;
  }

  get connected(): boolean {
    return this.#wire !== undefined;
  }

  /** A client has come, for the first time or again. */
  attach(wire: Wire): void {
    this.#wire?.close();
    this.#wire = wire;
    this.#paused = false;
    this.#post({ type: 'start_publication', at: this.#clock.now() });
    if (this.#next === 0) this.#askForHandshake();
    else for (const bytes of this.#unacknowledged.values()) wire.send(bytes);
    this.#balance();
    this.#resendLater();
  }

  /** The client's connection is gone; the session is not. */
  detach(wire: Wire): void {
    if (this.#wire !== wire) return;
    this.#wire = undefined;
    this.#resend?.cancel();
    this.#balance();
  }

  /** A message of the client. @throws Error when it is not one. */
  receive(bytes: Buffer): void {
    const message = decodeMessage(bytes);
    switch (message.type) {
      case 'acknowledge':
        return this.#acknowledged(message);
      case 'input_stream_data':
        return this.#inOrder(message);
      case 'pause_publication':
        this.#paused = true;
        return this.#balance();
      case 'start_publication':
        this.#paused = false;
        return this.#balance();
      default:
        return;
    }
  }

  send(data: Buffer, payloadType: number = PayloadType.output): void {
    for (let start = 0; start < data.length; start += maxPayload) {
      this.#sendOne(payloadType, data.subarray(start, start + maxPayload));
    }
  }

  /** Tells the client that it is over, once everything before has arrived. */
  close(output: string): void {
    this.#closing ??= output;
    this.#closeWhenSent();
    // Whoever does not acknowledge the last words within five seconds is not waited for.
    this.#clock.after(5000, () => this.#closeNow());
  }

  #askForHandshake(): void {
    this.#startedAt = this.#clock.now();
    const { sessionType, properties } = this.#endpoint;
    const parameters = { SessionType: sessionType, Properties: properties };
    const actions = [{ ActionType: 'SessionType', ActionParameters: parameters }];
    const request = { AgentVersion: agentVersion, RequestedClientActions: actions };
    this.#sendOne(PayloadType.handshakeRequest, json(request));
  }

  #handshakeAnswered(payload: Buffer): void {
    if (this.#handshakeDone) return;
    const { ClientVersion = '', Errors } = JSON.parse(payload.toString('utf8')) as {
      ClientVersion?: string;
      Errors?: readonly string[] | null;
    };
    if (Errors?.length) return this.close(`Handshake failed: ${Errors.join(', ')}`);
    this.#handshakeDone = true;
    // In nanoseconds, as Go writes a duration.
    const took = (this.#clock.now() - this.#startedAt) * 1e6;
    this.#sendOne(PayloadType.handshakeComplete, json({ HandshakeTimeToComplete: took, CustomerMessage: '' }));
    this.#endpoint.start(ClientVersion);
  }

  #inOrder(message: AgentMessage): void {
    this.#acknowledge(message);
    if (message.sequence < this.#expected || this.#early.size > 10_000) return;
    this.#early.set(message.sequence, message);
    for (;;) {
      const next = this.#early.get(this.#expected);
      if (!next) return;
      this.#early.delete(this.#expected);
      this.#expected += 1;
      this.#take(next);
    }
  }

  #take({ payloadType, payload }: AgentMessage): void {
    if (payloadType === PayloadType.handshakeResponse) return this.#handshakeAnswered(payload);
    if (!this.#handshakeDone || this.#closing !== undefined) return;
    if (payloadType === PayloadType.output) return this.#endpoint.input(payload);
    if (payloadType === PayloadType.flag && payload.length >= 4) {
      const flag = payload.readUInt32BE(0);
      return flag === Flag.terminateSession ? this.close('') : this.#endpoint.flag(flag);
    }
    if (payloadType !== PayloadType.size) return;
    const { cols, rows } = JSON.parse(payload.toString('utf8')) as { cols?: number; rows?: number };
    if (cols && rows) this.#endpoint.resize(cols, rows);
  }

  #acknowledge(message: AgentMessage): void {
    const content = {
      AcknowledgedMessageType: message.type,
      AcknowledgedMessageId: message.id,
      AcknowledgedMessageSequenceNumber: message.sequence,
      IsSequentialMessage: true,
    };
    this.#post({ type: 'acknowledge', at: this.#clock.now(), flags: 3, payload: json(content) });
  }

  #acknowledged({ payload }: AgentMessage): void {
    const content = JSON.parse(payload.toString('utf8')) as { AcknowledgedMessageSequenceNumber?: number };
    this.#unacknowledged.delete(content.AcknowledgedMessageSequenceNumber ?? -1);
    this.#balance();
    this.#closeWhenSent();
  }

  #sendOne(payloadType: number, payload: Buffer): void {
    if (this.#closed) return;
    const sequence = this.#next;
    this.#next += 1;
    const at = this.#clock.now();
    const flags = sequence === 0 ? 1 : 0;
    const bytes = encodeMessage({ type: 'output_stream_data', at, sequence, flags, payloadType, payload });
    this.#unacknowledged.set(sequence, bytes);
    this.#wire?.send(bytes);
    this.#balance();
  }

  #post(message: Outgoing): void {
    this.#wire?.send(encodeMessage(message));
  }

  #balance(): void {
    this.#endpoint.pause(!this.#wire || this.#paused || this.#unacknowledged.size > maxUnacknowledged);
  }

  /** A client that was not ready for a message has not acknowledged it: it gets the oldest one again. */
  #resendLater(): void {
    this.#resend?.cancel();
    let former: number | undefined;
    const again = (): void => {
      const [oldest] = this.#unacknowledged.keys();
      const bytes = oldest === undefined || this.#paused ? undefined : this.#unacknowledged.get(oldest);
      if (bytes && oldest === former) this.#wire?.send(bytes);
      former = oldest;
      this.#resend = this.#clock.after(resendAfter, again);
    };
    this.#resend = this.#clock.after(resendAfter, again);
  }

  #closeWhenSent(): void {
    if (this.#closing !== undefined && this.#unacknowledged.size === 0) this.#closeNow();
  }

  #closeNow(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#resend?.cancel();
    const at = this.#clock.now();
    const closed = {
      MessageType: 'channel_closed',
      MessageId: '',
      CreatedDate: new Date(at).toISOString(),
      DestinationId: '',
      SessionId: this.#sessionId,
      SchemaVersion: 1,
      Output: this.#closing ?? '',
    };
    this.#post({ type: 'channel_closed', at, payload: json(closed) });
    this.#wire?.close();
    this.#wire = undefined;
    this.#endpoint.close();
    this.#onClosed();
  }
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
