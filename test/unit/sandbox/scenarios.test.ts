import assert from 'node:assert/strict';
import { Throttle } from '../../../src/sandbox/http/throttle';
import type { Service, Task } from '../../../src/sandbox/ecsService/types';
import { scenarioLabel } from '../../../src/sandbox/runtime/scenarios';
import { type SmallWorld, smallWorld } from './smallWorld';
import { VirtualClock } from './virtualClock';

describe('scenarios without an engine', () => {
  let world: SmallWorld;
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('v1');
  });
  afterEach(() => world.close());

  function play(name: string, healthCheck?: { command: string[] }): { service: Service; task: Task } {
    world.revision('v1', { dockerLabels: { [scenarioLabel]: name }, ...(healthCheck ? { healthCheck } : {}) });
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
    world.call('CreateService', {
      cluster: 'demo',
      serviceName: 'app',
      taskDefinition: 'app',
      desiredCount: 1,
      deploymentConfiguration,
    });
    world.clock.advance(120_000);
    const service = world.cluster.services.get('app');
    const [task] = world.tasks('all');
    assert.ok(service && task);
    return { service, task };
  }

  it('ends with the exit code that its name says', () => {
    const { service, task } = play('exit-3');
    assert.equal(task.containers[0]?.exitCode, 3);
    assert.equal(task.stopCode, 'EssentialContainerExited');
    assert.equal(service.deployments[0]?.rolloutState, 'FAILED', 'a crash at start trips the breaker');
  });

  it('runs out of memory', () => {
    const { task } = play('oom');
    assert.equal(task.containers[0]?.exitCode, 137);
    assert.match(task.containers[0]?.reason ?? '', /^OutOfMemoryError/);
  });

  it('fails its health check', () => {
    const { service, task } = play('unhealthy', { command: ['CMD-SHELL', 'true'] });
    assert.equal(task.stoppedReason, 'Task failed container health checks');
    assert.equal(service.deployments[0]?.rolloutState, 'FAILED');
  });

  it('has no route to ECR', () => {
    const { task } = play('no-route');
    assert.equal(task.stopCode, 'TaskFailedToStart');
    assert.match(
      task.containers[0]?.reason ?? '',
      /^ResourceInitializationError: unable to pull secrets or registry auth/,
    );
  });
});

describe('throttling by AWS’s buckets', () => {
  it('lets the burst through, then as many a second as the bucket fills', () => {
    const clock = new VirtualClock();
    const throttle = new Throttle(clock);
    const admitted = (calls: number): number =>
      Array.from({ length: calls }, () => throttle.admit('ecs', 'RegisterTaskDefinition')).filter(Boolean).length;
    assert.equal(admitted(25), 20);
    clock.advance(3000);
    assert.equal(admitted(25), 3);
    assert.ok(throttle.admit('ecs', 'DescribeServices'), 'another bucket is not touched');
  });
});
