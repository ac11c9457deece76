import assert from 'node:assert/strict';
import { GantryError, type Reason } from '../../../src/core/errors';
import { english, message } from '../../../src/core/message';
import { recordOf } from '../../../src/deploy/ecsObserver';
import type { Finding } from '../../../src/deploy/finding';
import { RolloutWatch, type RolloutResult } from '../../../src/deploy/rollout';
import type { RolloutState } from '../../../src/deploy/rolloutState';
import type { EcsGateway } from '../../../src/ecs/gateway';
import type { Service } from '../../../src/ecs/model';
import { container, deployment, gateway, ours, other, record, service, startedAt, task } from '../kit/ecsShapes';
import { JumpingClock } from '../kit/jumpingClock';

const hour = 3_600_000;
const completed = service({ deployments: [deployment({ rolloutState: 'COMPLETED' })] });
const fail = (reason: Reason): never => {
  throw new GantryError(reason, message('{0}', reason));
};

interface Watched {
  readonly result: RolloutResult;
  readonly states: RolloutState[];
  readonly events: string[];
  readonly findings: (readonly Finding[])[];
  readonly calls: number;
  readonly duration: number;
}

/** Watches a service that looks like the next of `looks` at each poll; the last one stays. */
async function watch(
  looks: readonly (Service | Reason | undefined)[],
  says: Partial<EcsGateway> = {},
  { limit = hour, signal = new AbortController().signal } = {},
): Promise<Watched> {
  const clock = new JumpingClock();
  const began = clock.now();
  let calls = 0;
  const seen = { states: [] as RolloutState[], events: [] as string[], findings: [] as (readonly Finding[])[] };
  const ecs = gateway({
    listServiceDeployments: () => fail('accessDenied'),
    describeServices: () => {
      const look = looks[Math.min(calls++, looks.length - 1)];
      if (typeof look === 'string') return fail(look);
      return Promise.resolve({ found: look ? [look] : [], missing: look ? [] : [{ arn: 'web', reason: 'MISSING' }] });
    },
    listTasks: () => Promise.resolve({ items: [], nextToken: undefined }),
    ...says,
  });
  const start = {
    cluster: 'demo',
    service: 'web',
    deploymentId: ours,
    createdAt: startedAt,
    knownEvents: ['old'],
  };
  const listener = {
    onState: (state: RolloutState) => seen.states.push(state),
    onEvents: (events: Service['events']) => seen.events.push(...events.map(({ text }) => text)),
    onFindings: (findings: readonly Finding[]) => seen.findings.push(findings),
  };
  const rollout = new RolloutWatch(ecs, clock, start, listener);
  const result = await rollout.run(limit, signal);
  return { result, ...seen, calls, duration: clock.now() - began };
}

describe('watching a rollout', () => {
  it('ends healthy when our own deployment has completed', async () => {
    const { result, states } = await watch([service(), service(), completed]);
    assert.equal(result.verdict.kind, 'healthy');
    assert.equal(states.length, 3);
  });

  it('tells each event once, oldest first, and not those from before', async () => {
    const event = (id: string): Service['events'][number] => ({ id, at: 0, text: id });
    const looks = [
      service({ events: [event('b'), event('a'), event('old')] }),
      { ...completed, events: [event('c'), event('b'), event('a')] },
    ];
    assert.deepEqual((await watch(looks)).events, ['a', 'b', 'c']);
  });

  it('asks at most every 5 s, and every 10 s after two minutes', async () => {
    const { calls, result } = await watch([service()], {}, { limit: 10 * 60_000 });
    assert.equal(result.verdict.kind, 'unknown');
    assert.ok(calls > 60 && calls < 80, `${calls} calls in ten minutes`);
  });

  it('follows the newer record where it may be read, and finds ours by its time where no revision tells', async () => {
    const says: Partial<EcsGateway> = {
      listServiceDeployments: () =>
        Promise.resolve([
          { arn: 'a', status: 'SUCCESSFUL', createdAt: startedAt + 20_000, revision: undefined },
          { arn: 'b', status: 'ROLLBACK_SUCCESSFUL', createdAt: startedAt + 400, revision: undefined },
        ]),
      describeServiceDeployments: (arns) =>
        Promise.resolve(arns.map((arn) => record({ arn, status: arn === 'b' ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL' }))),
    };
    assert.equal((await watch([service()], says)).result.verdict.kind, 'rolledBack');
  });

  it('finds our record by the revision, which has the digits of our deployment', () => {
    const other = { arn: 'a', status: 'SUCCESSFUL', createdAt: startedAt, revision: 'service-revision/demo/web/222' };
    const mine = { ...other, arn: 'b', createdAt: startedAt + 20_000, revision: 'service-revision/demo/web/111' };
    const start = { deploymentId: 'ecs-svc/111', createdAt: startedAt };
    assert.equal(recordOf([other, mine], start)?.arn, 'b');
  });

  it('does not take the record of the deployment before for ours, which comes late', () => {
    const before = { arn: 'a', status: 'STOPPED', createdAt: startedAt - 8_000, revision: undefined };
    assert.equal(recordOf([before], { deploymentId: 'ecs-svc/111', createdAt: startedAt }), undefined);
  });

  it('goes without the newer calls where they are denied', async () => {
    let asked = 0;
    const says: Partial<EcsGateway> = { listServiceDeployments: () => (asked++, fail('accessDenied')) };
    assert.equal((await watch([service(), service(), completed], says)).result.verdict.kind, 'healthy');
    assert.equal(asked, 1);
  });

  it('sits out throttling, timeouts and resets', async () => {
    const { result } = await watch([service(), 'throttled', 'unreachable', 'timedOut', 'badAnswer', completed]);
    assert.equal(result.verdict.kind, 'healthy');
  });

  it('does not give up while a planned wait goes on, however long', async () => {
    let looks = 0;
    const says: Partial<EcsGateway> = {
      listServiceDeployments: () =>
        Promise.resolve([{ arn: 'a', status: 'IN_PROGRESS', createdAt: startedAt, revision: undefined }]),
      describeServiceDeployments: () =>
        Promise.resolve([
          ++looks < 1000 ? record({ lifecycleStage: 'BAKE_TIME', bakeMinutes: 180 }) : record({ status: 'SUCCESSFUL' }),
        ]),
    };
    const { result, duration } = await watch([service()], says, { limit: 30 * 60_000 });
    assert.equal(result.verdict.kind, 'healthy');
    assert.ok(duration > hour);
  });

  it('says “unknown” when AWS stays out of reach, and why', async () => {
    const { result, duration } = await watch([service(), 'unreachable']);
    assert.equal(result.verdict.kind, 'unknown');
    assert.equal(english(result.verdict.reason ?? message('')), 'unreachable');
    assert.ok(duration < 3 * 60_000);
  });

  it('says “unknown” at once when the session has expired: watching further needs a person', async () => {
    const { result, calls } = await watch([service(), 'credentialsExpired']);
    assert.equal(result.verdict.kind, 'unknown');
    assert.equal(calls, 2);
  });

  it('says “unknown” when the person stops watching', async () => {
    const abort = new AbortController();
    const watching = watch([service()], {}, { signal: abort.signal });
    setImmediate(() => abort.abort());
    assert.equal((await watching).result.verdict.kind, 'unknown');
  });

  it('says failed when the service disappears', async () => {
    const { result } = await watch([service(), undefined]);
    assert.equal(result.verdict.kind, 'failed');
    assert.match(english(result.verdict.reason ?? message('')), /deleted/);
  });

  it('does not take a service for deleted that ECS did not find once', async () => {
    const { result } = await watch([service(), undefined, undefined, service(), undefined, completed]);
    assert.equal(result.verdict.kind, 'healthy');
  });

  it('reads the stopped tasks as soon as failures rise, and only those of our deployment', async () => {
    const failing = service({ deployments: [deployment({ failed: 1 })] });
    const reason = 'OutOfMemoryError: Container killed due to memory usage';
    const tasks = [
      task({ containers: [container({ reason, exitCode: 137 })] }),
      task({ startedBy: other, stoppedReason: 'CannotPullContainerError: not found' }),
    ];
    const says: Partial<EcsGateway> = {
      listTasks: () => Promise.resolve({ items: ['x', 'y'], nextToken: undefined }),
      describeTasks: () => Promise.resolve({ found: tasks, missing: [] }),
    };
    const { findings, result } = await watch([failing, failing, completed], says);
    assert.deepEqual(
      findings.map((list) => list.map(({ signature }) => signature)),
      [['outOfMemory']],
    );
    assert.equal(result.verdict.kind, 'healthy');
  });

  it('lists the whole cluster when ListTasks by service leaves the stopped ones out', async () => {
    const failing = service({ deployments: [deployment({ rolloutState: 'FAILED', failed: 3 })] });
    const says: Partial<EcsGateway> = {
      listTasks: (_, { serviceName }) => Promise.resolve({ items: serviceName ? [] : ['x'], nextToken: undefined }),
      describeTasks: () =>
        Promise.resolve({
          found: [task({ stoppedReason: 'CannotPullContainerError: manifest unknown' })],
          missing: [],
        }),
    };
    const { result } = await watch([failing], says);
    assert.equal(result.verdict.kind, 'failed');
    assert.deepEqual(
      result.findings.map(({ signature }) => signature),
      ['imageMissing'],
    );
  });
});
