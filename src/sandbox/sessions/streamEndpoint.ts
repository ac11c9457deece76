import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Sessions } from './sessions';

const path = /^\/v1\/data-channel\/([A-Za-z0-9._-]{1,96})(?:\?|$)/;
/** The largest message that a client may send, in bytes. */
const maxPayload = 256 * 1024;
/** A client has this long to send its token, in milliseconds. */
const tokenTimeout = 10_000;

/** The WebSockets of data channels: the first message of a client is its token, in JSON; all others are binary. */
export class StreamEndpoint {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
  readonly #sessions: Sessions;
  readonly #log: (line: string) => void;

  constructor(sessions: Sessions, log: (line: string) => void) {
    this.#sessions = sessions;
    this.#log = log;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const id = path.exec(request.url ?? '')?.[1];
    socket.on('error', () => undefined);
    // A page in a browser has no business here.
    if (id === undefined || request.headers.origin !== undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => this.#serve(client, id));
  }

  #serve(client: WebSocket, id: string): void {
    const impatient = setTimeout(() => client.close(1008, 'token expected'), tokenTimeout);
    let channel: ReturnType<Sessions['connect']>;
    client.on('error', (error) => this.#log(`data channel ${id}: ${error.message}`));
    client.on('close', () => {
      clearTimeout(impatient);
      channel?.gone();
    });
    client.on('message', (data, binary) => {
      try {
        if (channel) {
          if (binary) channel.receive(bytesOf(data));
          return;
        }
        clearTimeout(impatient);
        channel = this.#sessions.connect(id, tokenOf(bytesOf(data)), {
          send: (bytes) => client.send(bytes),
          close: () => client.close(1000),
        });
        if (!channel) client.close(1008, 'invalid token');
      } catch (error) {
        this.#log(`data channel ${id}: ${String(error)}`);
        client.close(1007, 'invalid message');
      }
    });
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** From `OpenDataChannelInput`, as the plugin sends it. */
function tokenOf(bytes: Buffer): string {
  const { TokenValue } = JSON.parse(bytes.toString('utf8')) as { TokenValue?: unknown };
  return typeof TokenValue === 'string' ? TokenValue : '';
}
