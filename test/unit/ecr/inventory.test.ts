import assert from 'node:assert/strict';
import { GantryError, reasonOf } from '../../../src/core/errors';
import { message } from '../../../src/core/message';
import type { EcrGateway } from '../../../src/ecr/gateway';
import { EcrInventory } from '../../../src/ecr/inventory';
import type { Image } from '../../../src/ecr/model';
import { image } from './images';

const throttled = new GantryError('throttled', message('AWS is throttling.'));
const signal = new AbortController().signal;

interface Repository {
  readonly inventory: EcrInventory;
  readonly tokens: (string | undefined)[];
  readonly told: boolean[];
  open(): ReturnType<EcrInventory['openImages']>;
  /** Lets ECR answer the call that waits. */
  answer(error?: Error): Promise<void>;
}

/** A repository of so many images, the newest on the last page; ECR answers when it is told to. */
function repository(count: number): Repository {
  const tokens: Repository['tokens'] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const told: boolean[] = [];
  const describeImages: EcrGateway['describeImages'] = (_, token) => {
    tokens.push(token);
    const from = Number(token ?? 0);
    const items: Image[] = Array.from({ length: Math.min(1000, count - from) }, (__, index) =>
      image('a', { digest: `sha256:${from + index}`, pushedAt: from + index }),
    );
    const page = { items, nextToken: from + 1000 < count ? String(from + 1000) : undefined };
    return new Promise((resolve, reject) => waiting.push((error) => (error ? reject(error) : resolve(page))));
  };
  const inventory = new EcrInventory({ describeImages } as EcrGateway);
  const answer = async (error?: Error): Promise<void> => {
    waiting.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const open = (): ReturnType<EcrInventory['openImages']> =>
    inventory.openImages('web', signal, (ended) => told.push(ended));
  return { inventory, tokens, told, open, answer };
}

describe('the images of a repository', () => {
  it('show after the first page, newest first, and again with every page that comes', async () => {
    const { inventory, told, tokens, open, answer } = repository(2500);
    const opening = open();
    await answer();
    const first = await opening;
    assert.deepEqual([first.items.length, first.items[0]?.pushedAt, first.isReading], [1000, 999, true]);
    await answer();
    assert.deepEqual([told, inventory.imagesSoFar('web')?.items[0]?.pushedAt], [[false], 1999]);
    await answer();
    const last = inventory.imagesSoFar('web');
    assert.deepEqual([last?.items.length, last?.items[0]?.pushedAt, last?.isReading], [2500, 2499, false]);
    assert.deepEqual([told.at(-1), tokens], [true, [undefined, '1000', '2000']]);
  });

  it('cost a call for a thousand, whoever else asks meanwhile and later', async () => {
    const { inventory, tokens, open, answer } = repository(2000);
    const all = inventory.listImages('web', signal);
    const opening = open();
    await answer();
    await opening;
    await answer();
    assert.equal((await all).items.length, 2000);
    assert.equal((await open()).isReading, false);
    assert.deepEqual(tokens, [undefined, '1000']);
  });

  it('stay after a page that failed, which is asked for again and nothing else', async () => {
    const { inventory, told, tokens, open, answer } = repository(2000);
    const opening = open();
    await answer();
    await opening;
    await answer(throttled);
    const failed = inventory.imagesSoFar('web');
    assert.deepEqual(
      [told, failed?.items.length, reasonOf(failed?.error), failed?.isReading],
      [[true], 1000, 'throttled', false],
    );
    const again = await open();
    assert.deepEqual([again.items.length, again.error, again.isReading], [1000, undefined, true]);
    await answer();
    assert.equal(inventory.imagesSoFar('web')?.items.length, 2000);
    assert.deepEqual(tokens, [undefined, '1000', '1000']);
  });

  it('are an error when the first page is one', async () => {
    const { open, answer } = repository(10);
    const opening = open();
    const rejected = assert.rejects(opening, throttled);
    await answer(throttled);
    await rejected;
  });

  it('are not told any more once they have been dropped', async () => {
    const { inventory, told, open, answer } = repository(2000);
    const opening = open();
    await answer();
    await opening;
    inventory.dropImages('web');
    await answer();
    assert.deepEqual([told, inventory.imagesSoFar('web')], [[], undefined]);
  });
});
