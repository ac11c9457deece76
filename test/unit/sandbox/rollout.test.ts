import assert from 'node:assert/strict';
import { primaryOf } from '../../../src/sandbox/ecsService/deployments';
import type { Service } from '../../../src/sandbox/ecsService/types';
import { type SmallWorld, smallWorld } from './smallWorld';

const second = 1000;
const minute = 60 * second;

describe('the rollout engine', () => {
  let world: SmallWorld;
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('v1');
    await world.push('v2');
  });
  afterEach(() => world.close());

  function create(desiredCount: number, deploymentConfiguration: Record<string, unknown> = {}): Service {
    const { family } = world.revision('v1');
    const request = {
      cluster: 'demo',
      serviceName: 'app',
      taskDefinition: family,
      desiredCount,
      deploymentConfiguration,
    };
    world.call('CreateService', request);
    const service = world.cluster.services.get('app');
    assert.ok(service);
    world.clock.advance(30 * second);
    return service;
  }

  const update = (input: Record<string, unknown>): unknown =>
    world.call('UpdateService', { cluster: 'demo', service: 'app', ...input });
  const running = (): number => world.tasks('all').filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
  const texts = (service: Service): string[] => service.events.map(({ message }) => message);

  /** The highest and lowest number of running tasks, seen in steps of 100 ms. */
  function watch(ms: number): { most: number; least: number } {
    let [most, least] = [running(), running()];
    for (let passed = 0; passed < ms; passed += 100) {
      world.clock.advance(100);
      most = Math.max(most, running());
      least = Math.min(least, running());
    }
    return { most, least };
  }

  it('brings a new service to a steady state', () => {
    const service = create(2);
    assert.equal(running(), 2);
    assert.equal(service.deployments[0]?.rolloutState, 'COMPLETED');
    assert.equal(service.current?.status, 'SUCCESSFUL');
    assert.equal(texts(service).filter((text) => text === '(service app) has reached a steady state.').length, 1);
  });

  it('passes through AWS’s states in their order', () => {
    world.revision('v1');
    world.call('CreateService', { cluster: 'demo', serviceName: 'app', taskDefinition: 'app', desiredCount: 1 });
    const [task] = world.tasks();
    assert.ok(task);
    const seen = new Set<string>();
    for (let step = 0; step < 200; step += 1) {
      seen.add(task.lastStatus);
      if (step === 100) update({ desiredCount: 0 });
      world.clock.advance(100);
    }
    const order = [
      'PROVISIONING',
      'PENDING',
      'ACTIVATING',
      'RUNNING',
      'DEACTIVATING',
      'STOPPING',
      'DEPROVISIONING',
      'STOPPED',
    ];
    assert.deepEqual([...seen], order);
  });

  it('starts the new before it stops the old with 100/200', () => {
    create(4, { minimumHealthyPercent: 100, maximumPercent: 200 });
    world.revision('v2');
    update({ taskDefinition: 'app' });
    const { least, most } = watch(20 * second);
    assert.ok(least >= 4, `never below 4, but ${least}`);
    assert.ok(most <= 8, `never above 8, but ${most}`);
    assert.equal(running(), 4);
  });

  it('stops the old before it starts the new with 50/100', () => {
    create(4, { minimumHealthyPercent: 50, maximumPercent: 100 });
    world.revision('v2');
    update({ taskDefinition: 'app' });
    const { least, most } = watch(60 * second);
    assert.equal(least, 2);
    assert.ok(most <= 4);
    assert.equal(running(), 4);
    assert.ok(world.tasks().every(({ taskDefinition }) => taskDefinition.revision === 2));
  });

  it('says that 100/100 leaves no room instead of waiting without a word', () => {
    const service = create(1, { minimumHealthyPercent: 100, maximumPercent: 100 });
    world.revision('v2');
    update({ taskDefinition: 'app' });
    world.clock.advance(5 * minute);
    assert.equal(service.deployments[0]?.rolloutState, 'IN_PROGRESS');
    assert.match(
      texts(service)[0] ?? '',
      /unable to stop or start tasks during a deployment because of the service deployment configuration/,
    );
  });

  it('makes no deployment for a change of the desired count', () => {
    const service = create(1);
    const id = primaryOf(service)?.id;
    update({ desiredCount: 3 });
    world.clock.advance(30 * second);
    assert.equal(running(), 3);
    update({ desiredCount: 1 });
    world.clock.advance(30 * second);
    assert.equal(running(), 1);
    assert.equal(primaryOf(service)?.id, id);
    assert.equal(service.history.length, 1);
  });

  it('replaces every task when a deployment is forced', () => {
    const service = create(3);
    const before = world.tasks().map(({ id }) => id);
    const id = primaryOf(service)?.id;
    update({ forceNewDeployment: true });
    world.clock.advance(30 * second);
    assert.notEqual(primaryOf(service)?.id, id);
    assert.equal(world.tasks().length, 3);
    assert.ok(world.tasks().every((task) => !before.includes(task.id)));
  });

  it('makes no deployment when nothing changes', () => {
    const service = create(1);
    const id = primaryOf(service)?.id;
    update({ taskDefinition: 'app:1' });
    assert.equal(primaryOf(service)?.id, id);
  });

  it('completes a deployment of desired count 0 without a task', () => {
    const service = create(0);
    assert.equal(service.deployments[0]?.rolloutState, 'COMPLETED');
    assert.equal(world.tasks('all').length, 0);
  });

  it('resolves a tag to a digest once per deployment', async () => {
    create(1);
    const [first] = world.tasks();
    await world.push('v1');
    world.clock.advance(1);
    const moved = world.repository.tags.get('v1');
    await world.push('other');
    world.repository.tags.set('v1', world.repository.tags.get('other') ?? '');
    assert.notEqual(world.repository.tags.get('v1'), moved);
    update({ desiredCount: 2 });
    world.clock.advance(30 * second);
    const digests = new Set(world.tasks().map(({ containers }) => containers[0]?.imageDigest));
    assert.deepEqual([...digests], [first?.containers[0]?.imageDigest]);
    update({ forceNewDeployment: true });
    world.clock.advance(30 * second);
    assert.equal(world.tasks()[0]?.containers[0]?.imageDigest, world.repository.tags.get('other'));
  });

  it('trips the breaker after three failures and rolls back to the deployment before', () => {
    const service = create(1, breaker);
    const good = primaryOf(service)?.id;
    world.revision('absent');
    update({ taskDefinition: 'app' });
    const bad = primaryOf(service)?.id;
    world.clock.advance(2 * minute);
    assert.equal(primaryOf(service)?.id, good);
    assert.equal(service.deployments.length, 1);
    assert.equal(service.settings.taskDefinition?.revision, 1);
    assert.equal(service.current?.status, 'ROLLBACK_SUCCESSFUL');
    assert.deepEqual(service.current.breaker, { status: 'TRIGGERED', failures: 3, threshold: 3 });
    const failed = world
      .tasks('all')
      .filter(({ startedBy, stopCode }) => startedBy === bad && stopCode === 'TaskFailedToStart');
    assert.equal(failed.length, 3);
    assert.ok(
      texts(service).includes(`(service app) (deployment ${bad ?? ''}) deployment failed: tasks failed to start.`),
    );
    assert.ok(texts(service).includes(`(service app) rolling back to deployment ${good ?? ''}.`));
    assert.equal(running(), 1);
  });

  it('can be watched while it rolls back', () => {
    const service = create(1, breaker);
    world.revision('absent');
    update({ taskDefinition: 'app' });
    const seen = new Set<string>();
    for (let step = 0; step < 600; step += 1) {
      world.clock.advance(100);
      seen.add(service.current?.status ?? '');
    }
    assert.deepEqual([...seen], ['IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL']);
  });

  it('needs half of the desired tasks to fail when there are many', () => {
    const service = create(10, breaker);
    world.revision('absent');
    update({ taskDefinition: 'app' });
    world.clock.advance(2 * minute);
    assert.equal(service.current?.breaker.threshold, 5);
    assert.equal(service.current.status, 'ROLLBACK_SUCCESSFUL');
  });

  it('stays failed when there is nothing to roll back to', () => {
    world.revision('absent');
    const deploymentConfiguration = breaker;
    world.call('CreateService', {
      cluster: 'demo',
      serviceName: 'app',
      taskDefinition: 'app',
      desiredCount: 1,
      deploymentConfiguration,
    });
    world.clock.advance(10 * minute);
    const service = world.cluster.services.get('app');
    assert.equal(service?.deployments[0]?.rolloutState, 'FAILED');
    assert.equal(service.deployments[0].rolloutStateReason, 'ECS deployment circuit breaker: tasks failed to start.');
    assert.equal(service.current?.status, 'STOPPED');
    assert.equal(world.tasks().length, 0);
  });

  it('goes on for ever, ever more slowly, without a breaker', () => {
    const service = create(1);
    world.revision('absent');
    update({ taskDefinition: 'app' });
    world.clock.advance(30 * minute);
    const failed = world.tasks('all').filter(({ stopCode }) => stopCode === 'TaskFailedToStart').length;
    assert.ok(failed > 6 && failed < 20, `${failed} attempts in half an hour`);
    assert.equal(service.deployments[0]?.rolloutState, 'IN_PROGRESS');
    assert.ok(texts(service).some((text) => text.includes('is unable to consistently start tasks successfully')));
    assert.equal(running(), 1, 'the old task stays');
  });

  it('supersedes a deployment that is still going on', () => {
    const service = create(1);
    world.revision('absent');
    update({ taskDefinition: 'app' });
    world.clock.advance(second);
    world.revision('v2');
    update({ taskDefinition: 'app' });
    world.clock.advance(minute);
    assert.deepEqual(
      service.history.map(({ status }) => status),
      ['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL'],
    );
    assert.equal(service.deployments.length, 1);
    assert.ok(world.tasks().every(({ taskDefinition }) => taskDefinition.revision === 3));
  });

  it('rolls back when StopServiceDeployment asks for it', () => {
    const service = create(1);
    world.revision('absent');
    update({ taskDefinition: 'app' });
    world.clock.advance(second);
    world.call('StopServiceDeployment', { serviceDeploymentArn: service.current?.arn, stopType: 'ROLLBACK' });
    assert.equal(service.current?.status, 'ROLLBACK_REQUESTED');
    world.clock.advance(minute);
    assert.equal(service.current.status, 'ROLLBACK_SUCCESSFUL');
    assert.equal(service.settings.taskDefinition?.revision, 1);
  });

  it('replaces a task that somebody stopped, without counting a failure', () => {
    const service = create(1, breaker);
    const [task] = world.tasks();
    world.call('StopTask', { cluster: 'demo', task: task?.id, reason: 'me' });
    world.clock.advance(minute);
    assert.equal(task?.stopCode, 'UserInitiated');
    assert.equal(running(), 1);
    assert.equal(service.deployments[0]?.failedTasks, 0);
  });

  it('shows stopped tasks for an hour, and not longer', () => {
    create(1);
    const [task] = world.tasks();
    world.call('StopTask', { cluster: 'demo', task: task?.id });
    world.clock.advance(59 * minute);
    assert.ok(world.cluster.tasks.has(task?.id ?? ''));
    world.clock.advance(2 * minute);
    assert.ok(!world.cluster.tasks.has(task?.id ?? ''));
  });

  it('keeps 100 events, the newest first', () => {
    const service = create(1);
    for (let round = 0; round < 60; round += 1) {
      update({ desiredCount: round % 2 === 0 ? 2 : 1 });
      world.clock.advance(20 * second);
    }
    assert.equal(service.events.length, 100);
    const times = service.events.map(({ createdAt }) => createdAt);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
  });

  it('says why a task cannot be placed', () => {
    world.revision('v1', { memory: 1_000_000 });
    world.call('CreateService', { cluster: 'demo', serviceName: 'app', taskDefinition: 'app', desiredCount: 1 });
    world.clock.advance(minute);
    const [text] = texts(world.cluster.services.get('app') as Service);
    assert.match(
      text ?? '',
      /was unable to place a task because no container instance met all of its requirements\. The closest matching \(container-instance [0-9a-f]{32}\) has insufficient memory available\./,
    );
  });

  it('drains a deleted service and then shows it INACTIVE', () => {
    const service = create(2);
    world.call('DeleteService', { cluster: 'demo', service: 'app', force: true });
    assert.equal(service.status, 'DRAINING');
    world.clock.advance(minute);
    assert.equal(service.status, 'INACTIVE');
    assert.equal(running(), 0);
  });
});
