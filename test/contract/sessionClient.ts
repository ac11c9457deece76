import { createHash, randomBytes } from 'node:crypto';
import WebSocket from 'ws';

/** What ExecuteCommand and StartSession answer. */
export interface Ticket {
  readonly sessionId: string;
  readonly tokenValue: string;
  readonly streamUrl: string;
}

interface Received {
  readonly type: string;
  readonly sequence: number;
  readonly payloadType: number;
  readonly payload: Buffer;
}

/**
 * A client of Session Manager's data channel as AWS's session-manager-plugin is one: written for the tests, from the
 * plugin's message layout, and with nothing of the sandbox's own code.
 */
export class SessionClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  readonly acknowledged = new Set<number>();
  readonly errors: string[] = [];
  /** Everything that the command has written. */
  output = '';
  /** The same as bytes. */
  raw = Buffer.alloc(0);
  /** The handshake's request, once it has come. */
  handshake: Record<string, unknown> | undefined;
  /** What the channel said when it was closed. */
  closed: string | undefined;
  /** The code with which the connection ended. */
  ended: number | undefined;
  /** Whether incoming messages are acknowledged: a client that is not ready does not. */
  ready = true;
  #sequence = 0;
  #expected = 0;

  constructor(ticket: Ticket, from?: SessionClient) {
    if (from) {
      this.#sequence = from.#sequence;
      this.#expected = from.#expected;
    }
    this.#socket = new WebSocket(ticket.streamUrl);
    this.#socket.on('open', () => {
      const open = { MessageSchemaVersion: '1.0', RequestId: 'r'.repeat(36), ClientId: 'c'.repeat(36) };
      this.#socket.send(JSON.stringify({ ...open, TokenValue: ticket.tokenValue, ClientVersion: '1.2.694.0' }));
    });
    this.#socket.on('message', (data: Buffer) => this.#take(data));
    this.#socket.on('close', (code) => {
      this.ended = code;
      this.#moved();
    });
    this.#socket.on('error', (error) => this.errors.push(error.message));
  }

  type(text: string): void {
    this.send(1, Buffer.from(text));
  }

  resize(cols: number, rows: number): void {
    this.send(3, Buffer.from(JSON.stringify({ cols, rows })));
  }

  send(payloadType: number, payload: Buffer): void {
    this.#socket.send(this.#encode('input_stream_data', payloadType, payload, this.#sequence));
    this.#sequence += 1;
  }

  /** Loses the connection, as a laptop that is closed. */
  drop(): void {
    this.#socket.terminate();
  }

  /** @throws when it does not come true within ten seconds. */
  async until(what: string, true_: () => boolean): Promise<void> {
    const end = Date.now() + 10_000;
    while (!true_()) {
      if (Date.now() > end) throw new Error(`${what}: not within 10 s; output so far: ${JSON.stringify(this.output)}`);
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        setTimeout(resolve, 200);
      });
    }
  }

  #take(data: Buffer): void {
    const message = decode(data);
    if (message.type === 'output_stream_data') this.#stream(message);
    if (message.type === 'acknowledge') {
      const { AcknowledgedMessageSequenceNumber: number } = json(message.payload);
      this.acknowledged.add(Number(number));
    }
    if (message.type === 'channel_closed') this.closed = String(json(message.payload)['Output']);
    this.#moved();
  }

  #stream({ sequence, payloadType, payload, type }: Received): void {
    if (!this.ready) return;
    const content = { AcknowledgedMessageType: type, AcknowledgedMessageId: '', IsSequentialMessage: true };
    const body = Buffer.from(JSON.stringify({ ...content, AcknowledgedMessageSequenceNumber: sequence }));
    this.#socket.send(this.#encode('acknowledge', 0, body, 0));
    if (sequence !== this.#expected) return;
    this.#expected += 1;
    if (payloadType === 5) {
      this.handshake = json(payload);
      const done = [{ ActionType: 'SessionType', ActionStatus: 1, ActionResult: null, Error: '' }];
      const answer = { ClientVersion: '1.2.694.0', ProcessedClientActions: done, Errors: [] };
      this.send(6, Buffer.from(JSON.stringify(answer)));
    }
    if (payloadType !== 1) return;
    this.output += payload.toString('utf8');
    this.raw = Buffer.concat([this.raw, payload]);
  }

  #moved(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #encode(type: string, payloadType: number, payload: Buffer, sequence: number): Buffer {
    const bytes = Buffer.alloc(120 + payload.length);
    bytes.writeUInt32BE(116, 0);
    bytes.fill(0x20, 4, 36);
    bytes.write(type, 4);
    bytes.writeUInt32BE(1, 36);
    bytes.writeBigUInt64BE(BigInt(Date.now()), 40);
    bytes.writeBigInt64BE(BigInt(sequence), 48);
    randomBytes(16).copy(bytes, 64);
    createHash('sha256').update(payload).digest().copy(bytes, 80);
    bytes.writeUInt32BE(payloadType, 112);
    bytes.writeUInt32BE(payload.length, 116);
    payload.copy(bytes, 120);
    return bytes;
  }
}

function decode(bytes: Buffer): Received {
  const start = bytes.readUInt32BE(0) + 4;
  const payload = bytes.subarray(start);
  const digest = createHash('sha256').update(payload).digest();
  if (!digest.equals(bytes.subarray(80, 112))) throw new Error('wrong digest');
  const type = bytes.toString('latin1', 4, 36).trim();
  return { type, sequence: Number(bytes.readBigInt64BE(48)), payloadType: bytes.readUInt32BE(112), payload };
}

function json(payload: Buffer): Record<string, unknown> {
  return JSON.parse(payload.toString('utf8')) as Record<string, unknown>;
}
