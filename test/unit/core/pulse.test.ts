import assert from 'node:assert/strict';
import { Pulse } from '../../../src/core/pulse';
import { VirtualClock } from '../sandbox/virtualClock';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a pulse', () => {
  let clock: VirtualClock;
  let times: number;
  let wanted: boolean;
  let answer: () => Promise<void>;
  let pulse: Pulse;

  beforeEach(() => {
    clock = new VirtualClock();
    times = 0;
    wanted = true;
    answer = () => Promise.resolve();
    pulse = new Pulse(
      clock,
      15_000,
      () => {
        times += 1;
        return answer();
      },
      () => wanted,
    );
  });
  afterEach(() => pulse.dispose());

  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };

  it('beats at once when somebody looks, and then after each pause', async () => {
    pulse.wake();
    await settled();
    assert.equal(times, 1);
    await pass(14_999);
    assert.equal(times, 1);
    await pass(1);
    assert.equal(times, 2);
    await pass(15_000);
    assert.equal(times, 3);
  });

  it('rests while nobody looks, and makes up for it when somebody does again', async () => {
    pulse.wake();
    await settled();
    wanted = false;
    pulse.wake();
    await pass(3_600_000);
    assert.equal(times, 1);
    wanted = true;
    pulse.wake();
    await settled();
    assert.equal(times, 2);
  });

  it('does not begin again because somebody looks away for a moment', async () => {
    pulse.wake();
    await settled();
    await pass(5_000);
    wanted = false;
    pulse.wake();
    wanted = true;
    pulse.wake();
    await settled();
    assert.equal(times, 1);
    await pass(10_000);
    assert.equal(times, 2);
  });

  it('counts the pause from the end of an answer, and never asks twice at once', async () => {
    let end = (): void => undefined;
    answer = () => new Promise((resolve) => (end = resolve));
    pulse.wake();
    await pass(60_000);
    pulse.wake();
    void pulse.now();
    await pass(60_000);
    assert.equal(times, 1);
    end();
    await settled();
    await pass(14_999);
    assert.equal(times, 1);
    await pass(1);
    assert.equal(times, 2);
  });

  it('is over when it is disposed', async () => {
    pulse.wake();
    await settled();
    pulse.dispose();
    await pulse.now();
    await pass(60_000);
    assert.equal(times, 1);
  });
});
