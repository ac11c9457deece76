import assert from 'node:assert/strict';
import { EcsInventory } from '../../../src/ecs/inventory';
import type { Service } from '../../../src/ecs/model';
import { gateway, service } from '../kit/ecsShapes';

const arn = (index: number): string => `arn:aws:ecs:us-east-1:123456789012:service/demo/s${index}`;

/** A cluster of so many services, which counts what it is asked. */
function cluster(count: number): { inventory: EcsInventory; calls: Record<string, number> } {
  const calls = { list: 0, describe: 0 };
  const ecs = gateway({
    listServices: (_, token) => {
      calls.list++;
      const from = Number(token ?? 0);
      const items = Array.from({ length: Math.min(100, count - from) }, (__, index) => arn(from + index));
      return Promise.resolve({ items, nextToken: from + 100 < count ? String(from + 100) : undefined });
    },
    describeServices: (_, arns) => {
      calls.describe++;
      assert.ok(arns.length >= 1 && arns.length <= 10, `DescribeServices with ${arns.length}`);
      return Promise.resolve({
        found: arns.map((each) => service({ arn: each, name: each.slice(each.lastIndexOf('/') + 1) })),
        missing: [],
      });
    },
  });
  return { inventory: new EcsInventory(ecs), calls };
}

const signal = new AbortController().signal;

describe('the inventory of ECS', () => {
  it('lists N services with ⌈N/100⌉ + ⌈N/10⌉ calls and not one more', async () => {
    for (const [count, list, describe] of [
      [0, 1, 0],
      [1, 1, 1],
      [57, 1, 6],
      [100, 1, 10],
    ] as const) {
      const { inventory, calls } = cluster(count);
      const listing = await inventory.listServices('demo', signal);
      assert.equal(listing.described.length, count);
      assert.deepEqual(calls, { list, describe });
    }
  });

  it('asks nothing again until it is dropped', async () => {
    const { inventory, calls } = cluster(57);
    await inventory.listServices('demo', signal);
    await inventory.listServices('demo', signal);
    assert.deepEqual(calls, { list: 1, describe: 6 });
    inventory.drop('demo');
    await inventory.listServices('demo', signal);
    assert.deepEqual(calls, { list: 2, describe: 12 });
  });

  it('describes the first hundred of a large cluster, in the order of their names, and more on demand', async () => {
    const { inventory, calls } = cluster(250);
    const first = await inventory.listServices('demo', signal);
    assert.deepEqual([first.described.length, first.remaining], [100, 150]);
    assert.deepEqual(
      first.described.slice(0, 3).map(({ name }) => name),
      ['s0', 's1', 's2'],
    );
    assert.deepEqual(calls, { list: 3, describe: 10 });
    inventory.wantMore('demo');
    const second = await inventory.listServices('demo', signal);
    assert.deepEqual([second.described.length, second.remaining], [200, 50]);
    assert.deepEqual(calls, { list: 3, describe: 20 });
  });

  it('tells when somebody learned something new, and keeps no events', async () => {
    const { inventory } = cluster(1);
    await inventory.listServices('demo', signal);
    const told: Service[] = [];
    inventory.onDidChangeService((changed) => told.push(changed));
    inventory.put(service({ arn: arn(0), running: 7, events: [{ id: '1', at: 0, text: 'x' }] }));
    assert.equal(told.length, 1);
    assert.equal(inventory.service(arn(0))?.running, 7);
    assert.deepEqual(inventory.service(arn(0))?.events, []);
  });
});
