import assert from 'node:assert/strict';
import { shareReads } from '../../../src/aws/shareReads';
import { reasonOf } from '../../../src/core/errors';

/** A gateway that answers when the test says so. */
class Slow {
  calls: { args: unknown[]; signal: AbortSignal; answer: (value: string) => void; fail: (error: Error) => void }[] = [];

  listThings(cluster: string, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      this.calls.push({ args: [cluster], signal, answer: resolve, fail: reject });
    });
  }

  createThing(name: string, signal: AbortSignal): Promise<string> {
    this.calls.push({ args: [name], signal, answer: () => undefined, fail: () => undefined });
    return Promise.resolve(name);
  }
}

const never = new AbortController().signal;

describe('reads that are under way', () => {
  it('are shared by all who ask for the same', async () => {
    const slow = new Slow();
    const gateway = shareReads(slow);
    const both = [gateway.listThings('a', never), gateway.listThings('a', never)];
    const other = gateway.listThings('b', never);
    assert.deepEqual(
      slow.calls.map(({ args }) => args),
      [['a'], ['b']],
    );
    slow.calls[0]?.answer('x');
    slow.calls[1]?.answer('y');
    assert.deepEqual(await Promise.all([...both, other]), ['x', 'x', 'y']);
  });

  it('are asked for again once they have ended, well or badly', async () => {
    const slow = new Slow();
    const gateway = shareReads(slow);
    const first = gateway.listThings('a', never);
    slow.calls[0]?.fail(new Error('no'));
    await assert.rejects(first, /no/);
    const second = gateway.listThings('a', never);
    slow.calls[1]?.answer('x');
    assert.equal(await second, 'x');
  });

  it('go on for the others when one leaves, and end when all have left', async () => {
    const slow = new Slow();
    const gateway = shareReads(slow);
    const [one, two] = [new AbortController(), new AbortController()];
    const waiting = [gateway.listThings('a', one.signal), gateway.listThings('a', two.signal)];
    one.abort();
    await assert.rejects(waiting[0] ?? Promise.resolve(), (error) => reasonOf(error) === 'cancelled');
    assert.equal(slow.calls[0]?.signal.aborted, false);
    two.abort();
    await assert.rejects(waiting[1] ?? Promise.resolve(), (error) => reasonOf(error) === 'cancelled');
    assert.equal(slow.calls[0]?.signal.aborted, true);
    void gateway.listThings('a', never);
    assert.equal(slow.calls.length, 2);
  });

  it('are not what changes something', async () => {
    const slow = new Slow();
    const gateway = shareReads(slow);
    await Promise.all([gateway.createThing('a', never), gateway.createThing('a', never)]);
    assert.equal(slow.calls.length, 2);
  });
});
