import assert from 'node:assert/strict';
import { nameOf, parseArn } from '../../../src/core/arn';
import { GantryError, isCancelled, reasonOf } from '../../../src/core/errors';
import { Limiter } from '../../../src/core/limiter';
import { english, message } from '../../../src/core/message';
import { allPages, batches } from '../../../src/core/paging';
import { consoleUrl, partitionOf } from '../../../src/core/partition';
import { dockerPlatform, samePlatform } from '../../../src/core/platform';
import { JumpingClock } from '../kit/jumpingClock';

describe('ARN', () => {
  it('is taken apart, colons and slashes of the resource included', () => {
    const arn = parseArn('arn:aws-cn:ecs:cn-north-1:123456789012:service/demo/web');
    assert.deepEqual(arn, {
      partition: 'aws-cn',
      service: 'ecs',
      region: 'cn-north-1',
      account: '123456789012',
      resource: 'service/demo/web',
    });
    assert.equal(parseArn('web'), undefined);
  });
  it('gives the name, and a name is its own', () => {
    assert.equal(nameOf('arn:aws:ecs:us-east-1:123456789012:task-definition/web:7'), 'web:7');
    assert.equal(nameOf('web'), 'web');
  });
});

describe('paging', () => {
  it('reads on when a page is empty and still carries a token', async () => {
    const pages = [
      { items: [1], nextToken: 'a' },
      { items: [], nextToken: 'b' },
      { items: [2], nextToken: undefined },
    ];
    const tokens: (string | undefined)[] = [];
    const all = await allPages((token) => {
      tokens.push(token);
      return Promise.resolve(pages[tokens.length - 1] ?? { items: [], nextToken: undefined });
    });
    assert.deepEqual(all, [1, 2]);
    assert.deepEqual(tokens, [undefined, 'a', 'b']);
  });
  it('never makes an empty batch', () => {
    assert.deepEqual(batches([], 10), []);
    assert.deepEqual(batches([1, 2, 3], 2), [[1, 2], [3]]);
  });
});

describe('limiter', () => {
  it('lets a burst through and then the rate', async () => {
    const clock = new JumpingClock();
    const limiter = new Limiter({ burst: 3, perSecond: 2 }, clock);
    const start = clock.now();
    const at: number[] = [];
    await Promise.all(Array.from({ length: 6 }, () => limiter.take().then(() => at.push(clock.now() - start))));
    assert.deepEqual(at, [0, 0, 0, 500, 1000, 1500]);
  });
  it('a cancelled caller does not hold up those behind it', async () => {
    const clock = new JumpingClock();
    const limiter = new Limiter({ burst: 1, perSecond: 1 }, clock);
    await limiter.take();
    const abort = new AbortController();
    const stopped = limiter.take(abort.signal);
    const next = limiter.take();
    abort.abort();
    await assert.rejects(stopped);
    await next;
  });
});

describe('message', () => {
  it('fills in its arguments', () => {
    assert.equal(english(message('{0} of {1}, {0}', 'a', 2)), 'a of 2, a');
  });
});

describe('error', () => {
  it('is known across bundles, which have a copy of the class each', () => {
    const foreign = Object.assign(new Error('x'), { name: 'GantryError', reason: 'throttled', sentence: message('x') });
    assert.ok(foreign instanceof GantryError);
    assert.equal(reasonOf(foreign), 'throttled');
    assert.equal(reasonOf(new Error('x')), undefined);
  });
  it('knows what cancelling looks like', () => {
    assert.equal(isCancelled(new GantryError('cancelled', message('x'))), true);
    assert.equal(isCancelled(new DOMException('x', 'AbortError')), true);
    assert.equal(isCancelled(new Error('x')), false);
  });
});

describe('partition', () => {
  it('decides about the console', () => {
    assert.equal(partitionOf('cn-north-1').id, 'aws-cn');
    assert.equal(
      consoleUrl('us-gov-west-1', 'ecs/v2'),
      'https://us-gov-west-1.console.amazonaws-us-gov.com/ecs/v2?region=us-gov-west-1',
    );
    assert.equal(consoleUrl('us-iso-east-1', 'ecs/v2'), undefined);
  });
});

describe('platform', () => {
  it('of a task definition in Docker’s words', () => {
    assert.equal(dockerPlatform(undefined), 'linux/amd64');
    assert.equal(dockerPlatform({ cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' }), 'linux/arm64');
    assert.equal(dockerPlatform({ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }), 'windows/amd64');
  });
  it('is the same with and without a variant', () => {
    assert.equal(samePlatform('linux/arm64/v8', 'linux/arm64'), true);
    assert.equal(samePlatform('linux/arm64', 'linux/amd64'), false);
  });
});
