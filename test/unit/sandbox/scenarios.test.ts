import assert from 'node:assert/strict';
import { Throttle } from '../../../src/sandbox/http/throttle';
import type { Service, Task } from '../../../src/sandbox/ecsService/types';
import { defaultSubnets } from '../../../src/sandbox/ec2/network';
import { register } from '../../../src/sandbox/ecsService/taskDefinitions';
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

  it('finds no room on the instances', () => {
    world.revision('v1', { dockerLabels: { [scenarioLabel]: 'capacity' } });
    world.call('CreateService', { cluster: 'demo', serviceName: 'app', taskDefinition: 'app', desiredCount: 1 });
    world.clock.advance(120_000);
    assert.equal(world.tasks('all').length, 0);
    const service = world.cluster.services.get('app');
    const full = /has insufficient memory available/;
    assert.equal(service?.events.filter(({ message }) => full.test(message)).length, 1, 'said once, not every time');
    assert.equal(service?.deployments[0]?.rolloutState, 'IN_PROGRESS');
    const { failures } = world.call<{ failures: { reason: string; arn: string }[] }>('RunTask', {
      cluster: 'demo',
      taskDefinition: 'app',
    });
    const [instance] = world.cluster.instances.values();
    assert.deepEqual(failures, [{ reason: 'RESOURCE:MEMORY', arn: instance?.arn }]);
  });

  it('finds no capacity on Fargate', () => {
    register(
      world.ecs,
      {
        family: 'app',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          { name: 'app', image: '127.0.0.1:5000/app:v1', dockerLabels: { [scenarioLabel]: 'capacity' } },
        ],
      },
      'unit test',
    );
    const networkConfiguration = { awsvpcConfiguration: { subnets: [defaultSubnets[0]] } };
    const request = { cluster: 'demo', taskDefinition: 'app', launchType: 'FARGATE', networkConfiguration };
    world.call('CreateService', { ...request, serviceName: 'app', desiredCount: 1 });
    world.clock.advance(120_000);
    const [event] = world.cluster.services.get('app')?.events ?? [];
    assert.match(event?.message ?? '', /unable to place a task\. Reason: Capacity is unavailable at this time\./);
    const { failures } = world.call<{ failures: { reason: string }[] }>('RunTask', request);
    assert.match(failures[0]?.reason ?? '', /^Capacity is unavailable at this time/);
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
