import assert from 'node:assert/strict';
import { newInstance } from '../../../src/sandbox/ecsService/newInstance';
import { register } from '../../../src/sandbox/ecsService/taskDefinitions';
import type { ContainerDefinition, Task } from '../../../src/sandbox/ecsService/types';
import { scenarioLabel } from '../../../src/sandbox/runtime/scenarios';
import { type SmallWorld, smallWorld } from './smallWorld';

const image = '127.0.0.1:5000/app:v1';
const role = 'arn:aws:iam::000000000000:role/ecsTaskExecutionRole';

describe('tasks', () => {
  let world: SmallWorld;
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('v1');
  });
  afterEach(() => world.close());

  function run(...containers: Partial<ContainerDefinition>[]): Task {
    const containerDefinitions = containers.map((container) => ({ name: 'app', image, memory: 64, ...container }));
    register(world.ecs, { family: 'app', executionRoleArn: role, containerDefinitions }, 'unit test');
    world.call('RunTask', { cluster: 'demo', taskDefinition: 'app' });
    const [task] = world.tasks('all');
    assert.ok(task);
    return task;
  }
  const states = (task: Task): string[] => task.containers.map(({ name, lastStatus }) => `${name} ${lastStatus}`);

  it('start a container only after the one that it waits for has ended well', () => {
    const init = { name: 'init', essential: false };
    const task = run({ dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] }, init);
    world.clock.advance(1500);
    assert.deepEqual(states(task), ['app PENDING', 'init RUNNING']);
    world.clock.advance(3000);
    assert.deepEqual(states(task), ['app RUNNING', 'init STOPPED']);
    assert.equal(task.lastStatus, 'RUNNING');
  });

  it('do not start when a dependency ends badly', () => {
    const init = { name: 'init', essential: false, dockerLabels: { [scenarioLabel]: 'exit-2' } };
    const task = run({ dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] }, init);
    world.clock.advance(20_000);
    assert.equal(task.stopCode, 'TaskFailedToStart');
    assert.match(task.containers[0]?.reason ?? '', /^TaskDependencyError: .*init exited with code 2 instead of 0/);
  });

  it('wait for a dependency to be healthy', () => {
    const healthCheck = { command: ['CMD-SHELL', 'true'] };
    const task = run({ dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] }, { name: 'db', healthCheck });
    world.clock.advance(5000);
    assert.deepEqual(states(task), ['app RUNNING', 'db RUNNING']);
  });

  it('refuse conditions that could never come about', () => {
    const on = (condition: 'SUCCESS' | 'HEALTHY'): unknown =>
      run({ dependsOn: [{ containerName: 'other', condition }] }, { name: 'other' });
    assert.throws(() => on('SUCCESS'), /dependency on essential container/);
    assert.throws(() => on('HEALTHY'), /has no health check/);
  });

  it('say which parameter or secret is missing', () => {
    const parameter = run({ secrets: [{ name: 'TOKEN', valueFrom: '/app/token' }] });
    world.clock.advance(5000);
    assert.match(
      parameter.stoppedReason ?? '',
      /^ResourceInitializationError: .*fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: \/app\/token/,
    );
    const secrets = [
      { name: 'PASSWORD', valueFrom: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:absent-abcdef' },
    ];
    register(
      world.ecs,
      { family: 'app', executionRoleArn: role, containerDefinitions: [{ name: 'app', image, memory: 64, secrets }] },
      'unit test',
    );
    world.call('RunTask', { cluster: 'demo', taskDefinition: 'app' });
    world.clock.advance(5000);
    assert.match(
      world.tasks('all').at(-1)?.stoppedReason ?? '',
      /unable to retrieve secret from asm: .*ResourceNotFoundException: Secrets Manager can't find the specified secret/,
    );
  });

  it('are started once for one client token, and refused for another request with it', () => {
    world.revision('v1');
    const request = { cluster: 'demo', taskDefinition: 'app', clientToken: 'one' };
    world.call('RunTask', request);
    world.call('RunTask', { ...request });
    assert.equal(world.tasks().length, 1);
    assert.throws(() => world.call('RunTask', { ...request, count: 2 }), /other parameters/);
  });

  it('are left alone by the scheduler while they are protected', () => {
    world.revision('v1');
    world.call('CreateService', { cluster: 'demo', serviceName: 'app', taskDefinition: 'app', desiredCount: 2 });
    world.clock.advance(20_000);
    const [first, second] = world.tasks();
    world.call('UpdateTaskProtection', { cluster: 'demo', tasks: [second?.id], protectionEnabled: true });
    world.call('UpdateService', { cluster: 'demo', service: 'app', desiredCount: 0 });
    world.clock.advance(20_000);
    assert.deepEqual([first?.lastStatus, second?.lastStatus], ['STOPPED', 'RUNNING']);
    world.call('UpdateTaskProtection', { cluster: 'demo', tasks: [second?.id], protectionEnabled: false });
    world.clock.advance(20_000);
    assert.equal(second?.lastStatus, 'STOPPED');
  });

  it('leave a draining instance: new ones first', () => {
    world.revision('v1');
    world.call('CreateService', { cluster: 'demo', serviceName: 'app', taskDefinition: 'app', desiredCount: 1 });
    world.clock.advance(20_000);
    const [old] = world.tasks();
    const other = newInstance(world.ecs, world.cluster, { cpu: 4096, memory: 16384, architecture: 'X86_64' });
    const request = { cluster: 'demo', containerInstances: [old?.containerInstance], status: 'DRAINING' };
    world.call('UpdateContainerInstancesState', request);
    world.clock.advance(1500);
    assert.equal(old?.lastStatus, 'RUNNING');
    world.clock.advance(20_000);
    assert.equal(old.lastStatus, 'STOPPED');
    assert.deepEqual(
      world.tasks().map(({ containerInstance }) => containerInstance),
      [other.arn],
    );
  });
});
