import assert from 'node:assert/strict';
import { type SmallWorld, smallWorld } from './smallWorld';

const second = 1000;

interface TaskSet {
  readonly id: string;
  readonly taskSetArn: string;
  readonly status: string;
  readonly stabilityStatus: string;
  readonly computedDesiredCount: number;
  readonly runningCount: number;
}

describe('task sets', () => {
  let world: SmallWorld;
  const service = { cluster: 'demo', service: 'app' };
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('v1');
    await world.push('v2');
  });
  afterEach(() => world.close());

  function createService(type: string, more: Record<string, unknown> = {}): void {
    const deploymentController = { type };
    world.call('CreateService', {
      cluster: 'demo',
      serviceName: 'app',
      desiredCount: 3,
      deploymentController,
      ...more,
    });
    world.clock.advance(30 * second);
  }

  const createSet = (tag: string, value: number): TaskSet =>
    world.call<{ taskSet: TaskSet }>('CreateTaskSet', {
      ...service,
      taskDefinition: world.revision(tag).arn,
      scale: { value, unit: 'PERCENT' },
    }).taskSet;
  const all = (): TaskSet[] => world.call<{ taskSets: TaskSet[] }>('DescribeTaskSets', service).taskSets;

  it('runs the part of the service that each of them is scaled to, rounded up', () => {
    createService('EXTERNAL');
    createSet('v1', 100);
    createSet('v2', 50);
    world.clock.advance(30 * second);
    assert.deepEqual(
      all().map(({ computedDesiredCount, runningCount, stabilityStatus }) => [
        computedDesiredCount,
        runningCount,
        stabilityStatus,
      ]),
      [
        [3, 3, 'STEADY_STATE'],
        [2, 2, 'STEADY_STATE'],
      ],
    );
    const messages = world.cluster.services.get('app')?.events.map(({ message }) => message) ?? [];
    assert.ok(messages.some((text) => /^\(service app, taskSet ecs-svc\/\d{19}\) has started 2 tasks: /.test(text)));
  });

  it('moves from one to the next as an external controller tells it to', () => {
    createService('EXTERNAL');
    const blue = createSet('v1', 100);
    world.call('UpdateServicePrimaryTaskSet', { ...service, primaryTaskSet: blue.id });
    world.clock.advance(30 * second);
    const green = createSet('v2', 100);
    world.clock.advance(30 * second);
    world.call('UpdateServicePrimaryTaskSet', { ...service, primaryTaskSet: green.taskSetArn });
    const { services } = world.call<{ services: { taskDefinition: string }[] }>('DescribeServices', {
      cluster: 'demo',
      services: ['app'],
    });
    assert.match(services[0]?.taskDefinition ?? '', /app:2$/, 'the service shows the primary’s');
    assert.throws(() => world.call('DeleteTaskSet', { ...service, taskSet: green.id }), /primary/);
    assert.throws(() => world.call('DeleteTaskSet', { ...service, taskSet: blue.id }), /scaled above 0/);
    world.call('UpdateTaskSet', { ...service, taskSet: blue.id, scale: { value: 0, unit: 'PERCENT' } });
    world.clock.advance(30 * second);
    world.call('DeleteTaskSet', { ...service, taskSet: blue.id });
    assert.deepEqual(
      all().map(({ id }) => id),
      [green.id],
    );
    assert.equal(world.tasks().length, 3);
  });

  it('drains a task set that is deleted by force', () => {
    createService('EXTERNAL');
    const { id } = createSet('v1', 100);
    world.clock.advance(30 * second);
    world.call('DeleteTaskSet', { ...service, taskSet: id, force: true });
    assert.equal(all()[0]?.status, 'DRAINING');
    world.clock.advance(30 * second);
    assert.deepEqual(all(), []);
    assert.equal(world.tasks().length, 0);
  });

  it('leaves deployments to the controller that a service has', () => {
    assert.throws(() => createService('EXTERNAL', { taskDefinition: world.revision('v1').arn }), /EXTERNAL/);
    createService('EXTERNAL');
    const refused = (input: Record<string, unknown>, words: RegExp): void =>
      assert.throws(() => world.call('UpdateService', { ...service, ...input }), words);
    refused({ taskDefinition: 'app' }, /EXTERNAL deployment controller/);
    refused({ forceNewDeployment: true }, /EXTERNAL deployment controller/);
    world.call('UpdateService', { ...service, desiredCount: 1 });
  });

  it('gives a service of CodeDeploy its first task set, and refuses to deploy another', () => {
    createService('CODE_DEPLOY', { taskDefinition: world.revision('v1').arn });
    const [primary] = all();
    assert.deepEqual([primary?.status, primary?.runningCount], ['PRIMARY', 3]);
    assert.throws(() => createSet('v2', 100), /EXTERNAL deployment controller/);
    assert.throws(
      () => world.call('UpdateService', { ...service, taskDefinition: 'app' }),
      /Unable to update task definition on services with a CODE_DEPLOY deployment controller/,
    );
    world.call('UpdateService', { ...service, desiredCount: 1 });
    world.clock.advance(30 * second);
    assert.equal(world.tasks().length, 1);
    world.call('DeleteService', { ...service, force: true });
    world.clock.advance(30 * second);
    assert.equal(world.tasks().length, 0);
    assert.equal(world.cluster.services.get('app')?.status, 'INACTIVE');
  });
});
