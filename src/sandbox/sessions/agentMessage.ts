import { createHash, randomUUID } from 'node:crypto';

/*
 * The binary messages of Session Manager's data channel, in the layout that AWS's session-manager-plugin
 * (Apache License 2.0) reads and writes. Numbers are big-endian.
 */

export type MessageType =
  | 'input_stream_data'
  | 'output_stream_data'
  | 'acknowledge'
  | 'channel_closed'
  | 'start_publication'
  | 'pause_publication';

/** What the payload of a stream message is. */
export const PayloadType = {
  none: 0,
  output: 1,
  size: 3,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  flag: 10,
} as const;

/** What a payload of type `flag` says, as four bytes. */
export const Flag = { disconnectToPort: 1, terminateSession: 2, connectToPortError: 3 } as const;

export interface AgentMessage {
  readonly type: string;
  readonly sequence: number;
  readonly id: string;
  readonly payloadType: number;
  readonly payload: Buffer;
}

const offset = {
  type: 4,
  schema: 36,
  created: 40,
  sequence: 48,
  flags: 56,
  id: 64,
  digest: 80,
  payloadType: 112,
  payloadLength: 116,
} as const;
const headerLength = 116;

export interface Outgoing {
  readonly type: MessageType;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly sequence?: number;
  /** 1 on the first message of a stream, 3 on an acknowledgement. */
  readonly flags?: number;
  readonly payloadType?: number;
  readonly payload?: Buffer;
}

export function encodeMessage(message: Outgoing): Buffer {
  const { type, at, sequence = 0, flags = 0, payloadType = PayloadType.none, payload = Buffer.alloc(0) } = message;
  const bytes = Buffer.alloc(headerLength + 4 + payload.length);
  bytes.writeUInt32BE(headerLength, 0);
  bytes.fill(' ', offset.type, offset.schema).write(type, offset.type, 'latin1');
  bytes.writeUInt32BE(1, offset.schema);
  bytes.writeBigUInt64BE(BigInt(Math.trunc(at)), offset.created);
  bytes.writeBigInt64BE(BigInt(sequence), offset.sequence);
  bytes.writeBigUInt64BE(BigInt(flags), offset.flags);
  swapHalves(Buffer.from(randomUUID().replaceAll('-', ''), 'hex')).copy(bytes, offset.id);
  createHash('sha256').update(payload).digest().copy(bytes, offset.digest);
  bytes.writeUInt32BE(payloadType, offset.payloadType);
  bytes.writeUInt32BE(payload.length, offset.payloadLength);
  payload.copy(bytes, headerLength + 4);
  return bytes;
}

/** @throws Error when the bytes are not a message, or the payload is not the one that was sent. */
export function decodeMessage(bytes: Buffer): AgentMessage {
  if (bytes.length < headerLength + 4) throw new Error('a message of the data channel is too short');
  const header = bytes.readUInt32BE(0);
  const length = bytes.readUInt32BE(offset.payloadLength);
  const payload = bytes.subarray(header + 4, header + 4 + length);
  if (payload.length !== length) throw new Error('a message of the data channel is cut off');
  const digest = createHash('sha256').update(payload).digest();
  if (length > 0 && !digest.equals(bytes.subarray(offset.digest, offset.payloadType))) {
    throw new Error('a message of the data channel has the wrong digest');
  }
  return {
    // Filled up with blanks or zeros.
    type: bytes.toString('latin1', offset.type, offset.schema).replaceAll('\0', ' ').trim(),
    sequence: Number(bytes.readBigInt64BE(offset.sequence)),
    id: hyphenated(swapHalves(bytes.subarray(offset.id, offset.digest)).toString('hex')),
    payloadType: bytes.readUInt32BE(offset.payloadType),
    payload,
  };
}

/** The least significant half of an id comes first on the wire. */
function swapHalves(id: Buffer): Buffer {
  return Buffer.concat([id.subarray(8, 16), id.subarray(0, 8)]);
}

function hyphenated(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
