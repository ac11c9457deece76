import type { Socket } from 'node:net';
import type { Inside } from '../runtime/exec';
import { Flag, PayloadType } from './agentMessage';
import type { Endpoint } from './dataChannel';
import { SmuxReader, smuxData, smuxEnd } from './smux';

export interface PortParts {
  readonly inside: Inside;
  readonly container: string;
  readonly port: number;
  readonly send: (data: Buffer, payloadType?: number) => void;
}

/** Connections to a port of a container behind a data channel: many at a time, or one with an old client. */
export class PortEndpoint implements Endpoint {
  readonly sessionType = 'Port';
  readonly properties: unknown;
  readonly #parts: PortParts;
  readonly #sockets = new Map<number, Promise<Socket | undefined>>();
  #reader: SmuxReader | undefined;
  #paused = false;

  constructor(properties: unknown, parts: PortParts) {
    this.properties = properties;
    this.#parts = parts;
  }

  start(clientVersion: string): void {
    // Plugins up to this one know only one connection at a time.
    if (!isNewer(clientVersion, '1.1.70.0')) return;
    this.#reader = new SmuxReader({
      opened: (stream) => this.#open(stream),
      data: (stream, data) => this.#write(stream, data),
      ended: (stream) => void this.#sockets.get(stream)?.then((socket) => socket?.end()),
    });
  }

  input(data: Buffer): void {
    if (this.#reader) return this.#reader.push(data);
    if (!this.#sockets.has(0)) this.#open(0);
    this.#write(0, data);
  }

  resize(): void {
    // There is no terminal.
  }

  flag(flag: number): void {
    if (flag === Flag.disconnectToPort) this.close();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    for (const opening of this.#sockets.values()) {
      void opening.then((socket) => (paused ? socket?.pause() : socket?.resume()));
    }
  }

  close(): void {
    for (const opening of this.#sockets.values()) void opening.then((socket) => socket?.destroy());
    this.#sockets.clear();
  }

  #open(stream: number): void {
    const { inside, container, port, send } = this.#parts;
    const opening = inside.dial(container, port).then(
      (socket) => {
        socket.on('data', (data: Buffer) => send(this.#reader ? smuxData(stream, data) : data));
        socket.on('error', () => undefined);
        socket.once('close', () => this.#gone(stream, opening));
        if (this.#paused) socket.pause();
        return socket;
      },
      () => {
        const flag = Buffer.alloc(4);
        flag.writeUInt32BE(Flag.connectToPortError);
        send(flag, PayloadType.flag);
        this.#gone(stream, opening);
        return undefined;
      },
    );
    this.#sockets.set(stream, opening);
  }

  #write(stream: number, data: Buffer): void {
    void this.#sockets.get(stream)?.then((socket) => socket?.write(data));
  }

  #gone(stream: number, opening: Promise<Socket | undefined>): void {
    if (this.#sockets.get(stream) !== opening) return;
    this.#sockets.delete(stream);
    if (this.#reader) this.#parts.send(smuxEnd(stream));
  }
}

function isNewer(version: string, than: string): boolean {
  const parts = (text: string): number[] => text.split('.').map(Number);
  const limits = parts(than);
  for (const [index, part] of parts(version).entries()) {
    const limit = limits[index] ?? 0;
    if (part !== limit) return part > limit;
  }
  return false;
}
