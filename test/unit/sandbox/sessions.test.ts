import assert from 'node:assert/strict';
import { decodeMessage, encodeMessage } from '../../../src/sandbox/sessions/agentMessage';
import { DataChannel, type Endpoint } from '../../../src/sandbox/sessions/dataChannel';
import { shellWords } from '../../../src/sandbox/sessions/shellWords';
import { SmuxReader, smuxData, smuxEnd } from '../../../src/sandbox/sessions/smux';
import { VirtualClock } from './virtualClock';

const input = (sequence: number, payloadType: number, payload: string): Buffer =>
  encodeMessage({ type: 'input_stream_data', at: 1, sequence, payloadType, payload: Buffer.from(payload) });
const acknowledge = (sequence: number): Buffer =>
  encodeMessage({
    type: 'acknowledge',
    at: 1,
    payload: Buffer.from(JSON.stringify({ AcknowledgedMessageSequenceNumber: sequence })),
  });

describe('sessions: the data channel', () => {
  function setUp() {
    const clock = new VirtualClock();
    const typed: string[] = [];
    const paused: boolean[] = [];
    const sent: { type: string; sequence: number; payloadType: number; text: string }[] = [];
    let closed = 0;
    const endpoint: Endpoint = {
      sessionType: 'Standard_Stream',
      properties: null,
      start: () => typed.push('(started)'),
      input: (data) => typed.push(data.toString()),
      resize: (columns, rows) => typed.push(`${columns}x${rows}`),
      flag: () => undefined,
      pause: (value) => paused.push(value),
      close: () => (closed += 1),
    };
    const channel = new DataChannel(clock, 'session', endpoint, () => undefined);
    const wire = {
      send: (bytes: Buffer) => {
        const { type, sequence, payloadType, payload } = decodeMessage(bytes);
        sent.push({ type, sequence, payloadType, text: payload.toString() });
      },
      close: () => undefined,
    };
    return { clock, typed, paused, sent, channel, wire, closed: () => closed };
  }
  const answer = JSON.stringify({ ClientVersion: '1.2.0.0', ProcessedClientActions: [], Errors: null });

  it('shakes hands before anything else, and puts input into its order', () => {
    const { channel, wire, typed, sent } = setUp();
    channel.attach(wire);
    assert.deepEqual(
      sent.map(({ type, payloadType }) => [type, payloadType]),
      [
        ['start_publication', 0],
        ['output_stream_data', 5],
      ],
    );
    channel.receive(input(1, 3, '{"cols":80,"rows":24}'));
    channel.receive(input(3, 1, 'second'));
    channel.receive(input(0, 6, answer));
    channel.receive(input(2, 1, 'first'));
    channel.receive(input(2, 1, 'first'));
    assert.deepEqual(typed, ['(started)', '80x24', 'first', 'second']);
    assert.equal(sent.filter(({ type }) => type === 'acknowledge').length, 5);
  });

  it('sends again what is not acknowledged, holds output back, and goes on with the next client', () => {
    const { clock, channel, wire, sent, paused } = setUp();
    channel.attach(wire);
    channel.receive(input(0, 6, answer));
    channel.send(Buffer.from('late'));
    sent.length = 0;
    channel.receive(acknowledge(0));
    channel.receive(acknowledge(1));
    clock.advance(1000);
    assert.ok(sent.length >= 1 && sent.every(({ text }) => text === 'late'));
    channel.detach(wire);
    assert.equal(paused.at(-1), true);
    sent.length = 0;
    channel.attach(wire);
    assert.equal(paused.at(-1), false);
    assert.deepEqual(
      sent.map(({ text }) => text),
      ['', 'late'],
    );
    for (let sequence = 3; sequence < 600; sequence += 1) channel.send(Buffer.from('x'));
    assert.equal(paused.at(-1), true, 'the client is behind');
    for (let sequence = 2; sequence < 600; sequence += 1) channel.receive(acknowledge(sequence));
    assert.equal(paused.at(-1), false);
  });

  it('closes when the last words have arrived', () => {
    const { channel, wire, sent, closed } = setUp();
    channel.attach(wire);
    channel.receive(acknowledge(0));
    channel.receive(input(0, 6, answer));
    channel.receive(acknowledge(1));
    channel.send(Buffer.from('bye'));
    channel.close('');
    assert.equal(closed(), 0);
    channel.receive(acknowledge(2));
    assert.equal(closed(), 1);
    assert.equal(sent.at(-1)?.type, 'channel_closed');
  });

  it('refuses a message that was changed on its way', () => {
    const bytes = input(0, 1, 'text');
    bytes.writeUInt8(0, bytes.length - 1);
    assert.throws(() => decodeMessage(bytes), /digest/);
    assert.throws(() => decodeMessage(bytes.subarray(0, 50)), /too short/);
  });
});

describe('sessions: forwarded connections and commands', () => {
  it('reads smux frames however they are cut', () => {
    const seen: string[] = [];
    const reader = new SmuxReader({
      opened: (stream) => seen.push(`open ${stream}`),
      data: (stream, data) => seen.push(`${stream}: ${data.toString()}`),
      ended: (stream) => seen.push(`end ${stream}`),
    });
    const all = Buffer.concat([Buffer.from([1, 0, 0, 0, 3, 0, 0, 0]), smuxData(3, Buffer.from('hello')), smuxEnd(3)]);
    for (const byte of all) reader.push(Buffer.from([byte]));
    assert.deepEqual(seen, ['open 3', '3: hello', 'end 3']);
    assert.throws(() => reader.push(Buffer.alloc(8)), /smux/);
  });

  it('splits commands as a shell does, and expands nothing', () => {
    assert.deepEqual(shellWords(`sh -c 'echo "$HOME"' "a b" c\\ d ''`), ['sh', '-c', 'echo "$HOME"', 'a b', 'c d', '']);
    assert.deepEqual(shellWords('  '), []);
    assert.throws(() => shellWords("echo 'open"), /closing quote/);
  });
});
