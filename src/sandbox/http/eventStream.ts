import { crc32 } from 'node:zlib';

/*
 * `application/vnd.amazon.eventstream`: messages with a prelude, headers and two checksums. Here all headers are
 * strings (type 7).
 */

/** One message. Numbers are big-endian; the checksums are CRC-32. */
export function eventMessage(headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(Buffer.byteLength(value));
      return Buffer.concat([
        Buffer.from([Buffer.byteLength(name)]),
        Buffer.from(name),
        Buffer.from([7]),
        length,
        Buffer.from(value),
      ]);
    }),
  );
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + head.length + payload.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  const checked = Buffer.concat([prelude, checksum(prelude), head, payload]);
  return Buffer.concat([checked, checksum(checked)]);
}

/** An event of this type with a JSON payload. */
export function jsonEvent(type: string, payload: string): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return eventMessage(headers, Buffer.from(payload));
}

/** The end of a stream by an error of the model. */
export function exceptionEvent(type: string, message: string): Buffer {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' };
  return eventMessage(headers, Buffer.from(JSON.stringify({ message })));
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
