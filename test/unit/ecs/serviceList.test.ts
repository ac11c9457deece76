import assert from 'node:assert/strict';
import { GantryError, reasonOf } from '../../../src/core/errors';
import { message } from '../../../src/core/message';
import type { EcsGateway } from '../../../src/ecs/gateway';
import { ServiceList, type ServiceNews } from '../../../src/ecs/serviceList';
import { gateway, service } from '../kit/ecsShapes';

const arn = (index: number): string => `arn:aws:ecs:us-east-1:123456789012:service/demo/s${index}`;
const throttled = new GantryError('throttled', message('AWS is throttling.'));
const signal = new AbortController().signal;

interface Cluster {
  readonly list: ServiceList;
  readonly calls: { readonly tokens: (string | undefined)[]; readonly batches: (readonly string[])[] };
  readonly news: ServiceNews[];
  /** Throws once when it is called. */
  fail: { list?: number; describe?: number };
}

/** A cluster of so many services, which counts what it is asked; names come in no order. */
function cluster(count: number): Cluster {
  const calls: Cluster['calls'] = { tokens: [], batches: [] };
  const fail: Cluster['fail'] = {};
  const news: ServiceNews[] = [];
  const ecs: EcsGateway = gateway({
    listServices: (_, token) => {
      calls.tokens.push(token);
      if (calls.tokens.length === fail.list) return Promise.reject(throttled);
      const from = Number(token ?? 0);
      const items = Array.from({ length: Math.min(100, count - from) }, (__, index) => arn(count - 1 - from - index));
      return Promise.resolve({ items, nextToken: from + 100 < count ? String(from + 100) : undefined });
    },
    describeServices: (_, arns) => {
      calls.batches.push(arns);
      if (calls.batches.length === fail.describe) return Promise.reject(throttled);
      const found = arns.map((each) => service({ arn: each, name: each.slice(each.lastIndexOf('/') + 1) }));
      return Promise.resolve({ found, missing: [] });
    },
  });
  return { list: new ServiceList(ecs, 'demo', (each) => news.push(each)), calls, news, fail };
}

/** Lets everything happen that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('the services of a cluster', () => {
  it('cost ⌈N/100⌉ + ⌈N/10⌉ calls and not one more', async () => {
    for (const count of [0, 1, 57, 100, 101, 2000]) {
      const { list, calls } = cluster(count);
      await list.open(signal);
      await settle();
      assert.equal(list.services.length, count);
      const expected = [Math.max(1, Math.ceil(count / 100)), Math.ceil(count / 10)];
      assert.deepEqual([calls.tokens.length, calls.batches.length], expected);
    }
  });

  it('show after the first page, and are described in the order of their rows', async () => {
    const { list, calls } = cluster(40);
    await list.open(signal);
    assert.equal(list.arns.length, 40);
    await settle();
    assert.deepEqual(
      calls.batches.flat(),
      Array.from({ length: 40 }, (_, index) => arn(index)),
    );
  });

  it('are asked for once, however often the row is opened', async () => {
    const { list, calls } = cluster(250);
    await Promise.all([list.open(signal), list.open(signal)]);
    await list.open(signal);
    await settle();
    await list.open(signal);
    await settle();
    assert.deepEqual([calls.tokens.length, calls.batches.length], [3, 25]);
  });

  it('are not asked for while nobody looks, and go on afterwards', async () => {
    const { list, calls } = cluster(200);
    await list.open(signal);
    list.pause();
    await settle();
    assert.ok(calls.batches.length <= 4, `${calls.batches.length} calls`);
    await list.open(signal);
    await settle();
    assert.ok(list.complete);
    assert.equal(calls.batches.length, 20);
  });

  it('keep what is there when a page fails, and go on with the same token', async () => {
    const { list, calls, fail } = cluster(300);
    fail.list = 2;
    await list.open(signal);
    await settle();
    assert.equal(reasonOf(list.error), 'throttled');
    assert.equal(list.arns.length, 100);
    await list.open(signal);
    await settle();
    assert.equal(list.error, undefined);
    assert.equal(list.services.length, 300);
    assert.deepEqual(calls.tokens, [undefined, '100', '100', '200']);
  });

  it('keep what is there when a batch fails, and ask for that batch again only', async () => {
    const { list, calls, fail } = cluster(60);
    fail.describe = 3;
    await list.open(signal);
    await settle();
    assert.equal(reasonOf(list.error), 'throttled');
    const known = list.services.length;
    assert.ok(known >= 20 && known < 60);
    await list.open(signal);
    await settle();
    assert.equal(list.services.length, 60);
    assert.equal(calls.batches.length, 7);
  });

  it('that are gone lose their row, and those that are new get one', async () => {
    const { list, news } = cluster(12);
    await list.open(signal);
    await settle();
    news.length = 0;
    list.put(service({ arn: arn(3), status: 'INACTIVE' }));
    assert.equal(list.arns.includes(arn(3)), false);
    list.put(service({ arn: arn(99), name: 's99' }));
    assert.equal(list.arns.at(-1), arn(99));
    assert.deepEqual(
      news.map(({ rows }) => rows),
      [true, true],
    );
  });

  it('tell nothing when nothing is new, and keep the newest event only', async () => {
    const { list, news } = cluster(1);
    await list.open(signal);
    await settle();
    news.length = 0;
    const events = ['b', 'a'].map((id) => ({ id, at: 0, text: id }));
    list.put(service({ arn: arn(0), name: 's0', running: 7, events }));
    list.put(service({ arn: arn(0), name: 's0', running: 7, events }));
    assert.equal(news.length, 1);
    assert.equal(list.get(arn(0))?.running, 7);
    assert.deepEqual(list.get(arn(0))?.events, [events[0]]);
  });

  it('of an earlier start show at once, and give way to what is read now', async () => {
    const { list, calls } = cluster(15);
    const earlier = [arn(3), arn(77)].map((each) => service({ arn: each, name: each, running: 9 }));
    list.recall(earlier, 1_000);
    assert.equal(list.get(arn(3))?.running, 9);
    assert.ok(list.isOld(arn(3)));
    assert.ok(list.arns.includes(arn(77)), 'rows are there before the first answer');
    await list.open(signal);
    await settle();
    assert.equal(list.isOld(arn(3)), false);
    assert.equal(list.get(arn(3))?.running, 1);
    assert.equal(list.arns.includes(arn(77)), false);
    assert.deepEqual([list.complete, calls.batches.length], [true, 2]);
  });
});
