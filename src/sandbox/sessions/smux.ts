/*
 * Version 1 of the smux protocol (github.com/xtaci/smux), over which the session-manager-plugin forwards many
 * connections at a time. A frame: version, command, length and stream id in little-endian, data.
 */

const Command = { open: 0, end: 1, data: 2 } as const;
const headerLength = 8;

export interface SmuxHandlers {
  readonly opened: (stream: number) => void;
  readonly data: (stream: number, data: Buffer) => void;
  readonly ended: (stream: number) => void;
}

/** Takes bytes as they come and tells the frames that they hold. */
export class SmuxReader {
  readonly #handlers: SmuxHandlers;
  #rest = Buffer.alloc(0);

  constructor(handlers: SmuxHandlers) {
    this.#handlers = handlers;
  }

  /** @throws Error when the bytes are not smux. */
  push(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= headerLength) {
      if (this.#rest[0] !== 1) throw new Error('not version 1 of smux');
      const end = headerLength + this.#rest.readUInt16LE(2);
      if (this.#rest.length < end) return;
      const [, command] = this.#rest;
      const stream = this.#rest.readUInt32LE(4);
      const data = this.#rest.subarray(headerLength, end);
      this.#rest = this.#rest.subarray(end);
      if (command === Command.open) this.#handlers.opened(stream);
      if (command === Command.data) this.#handlers.data(stream, Buffer.from(data));
      if (command === Command.end) this.#handlers.ended(stream);
    }
  }
}

export function smuxData(stream: number, data: Buffer): Buffer {
  const frames: Buffer[] = [];
  for (let start = 0; start < data.length; start += 0xffff) {
    const part = data.subarray(start, start + 0xffff);
    frames.push(frame(Command.data, stream, part.length), part);
  }
  return Buffer.concat(frames);
}

export function smuxEnd(stream: number): Buffer {
  return frame(Command.end, stream, 0);
}

function frame(command: number, stream: number, length: number): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(1, 0);
  header.writeUInt8(command, 1);
  header.writeUInt16LE(length, 2);
  header.writeUInt32LE(stream, 4);
  return header;
}
