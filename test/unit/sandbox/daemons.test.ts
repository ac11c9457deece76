import assert from 'node:assert/strict';
import { newInstance } from '../../../src/sandbox/ecsService/newInstance';
import type { Task } from '../../../src/sandbox/ecsService/types';
import { type SmallWorld, smallWorld } from './smallWorld';

const second = 1000;

interface Detail {
  readonly daemon: { status: string; deploymentArn: string; currentRevisions: { totalRunningCount: number }[] };
}

describe('daemons', () => {
  let world: SmallWorld;
  const provider = 'arn:aws:ecs:us-east-1:000000000000:capacity-provider/mi';
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('v1');
    await world.push('v2');
    world.call('CreateCapacityProvider', {
      name: 'mi',
      cluster: 'demo',
      managedInstancesProvider: { infrastructureRoleArn: 'arn', instanceLaunchTemplate: {} },
    });
    world.clock.advance(second);
    world.call('PutClusterCapacityProviders', {
      cluster: 'demo',
      capacityProviders: ['mi'],
      defaultCapacityProviderStrategy: [],
    });
    for (let count = 0; count < 2; count += 1) launch();
  });
  afterEach(() => world.close());

  function launch(): void {
    newInstance(world.ecs, world.cluster, { cpu: 2048, memory: 4096, architecture: 'X86_64', capacityProvider: 'mi' });
  }
  function define(tag: string): string {
    const containerDefinitions = [{ name: 'agent', image: `127.0.0.1:5000/app:${tag}`, memory: 64 }];
    return world.call<{ daemonTaskDefinitionArn: string }>('RegisterDaemonTaskDefinition', {
      family: 'agent',
      containerDefinitions,
    }).daemonTaskDefinitionArn;
  }
  function create(tag = 'v1'): string {
    const request = { daemonName: 'agent', clusterArn: 'demo', capacityProviderArns: [provider] };
    const { daemonArn } = world.call<{ daemonArn: string }>('CreateDaemon', {
      ...request,
      daemonTaskDefinitionArn: define(tag),
    });
    world.clock.advance(20 * second);
    return daemonArn;
  }
  const own = (): Task[] => world.tasks().filter(({ daemon }) => daemon === 'agent');
  const detail = (daemonArn: string): Detail['daemon'] => world.call<Detail>('DescribeDaemon', { daemonArn }).daemon;

  it('runs a task on every instance of its providers, and on those that come later', () => {
    const arn = create();
    assert.equal(new Set(own().map(({ containerInstance }) => containerInstance)).size, 2);
    const { taskArns } = world.call<{ taskArns: string[] }>('ListTasks', { cluster: 'demo', daemonName: 'agent' });
    assert.equal(taskArns.length, 2);
    const { deploymentArn, currentRevisions } = detail(arn);
    assert.equal(currentRevisions[0]?.totalRunningCount, 2);
    const { daemonDeployments } = world.call<{ daemonDeployments: { status: string }[] }>('DescribeDaemonDeployments', {
      daemonDeploymentArns: [deploymentArn],
    });
    assert.equal(daemonDeployments[0]?.status, 'SUCCESSFUL');
    launch();
    world.scheduler.keepDaemons(world.cluster);
    world.clock.advance(20 * second);
    assert.equal(own().length, 3);
  });

  it('replaces its tasks for a new revision, and one that somebody stopped', () => {
    const daemonArn = create();
    world.call('UpdateDaemon', { daemonArn, daemonTaskDefinitionArn: define('v2'), capacityProviderArns: [provider] });
    world.clock.advance(20 * second);
    assert.deepEqual(
      own().map(({ containers }) => containers[0]?.image.split(':').at(-1)),
      ['v2', 'v2'],
    );
    world.call('StopTask', { cluster: 'demo', task: own()[0]?.id });
    world.clock.advance(20 * second);
    assert.equal(own().length, 2);
  });

  it('goes with its tasks', () => {
    const daemonArn = create();
    assert.equal(world.call<{ status: string }>('DeleteDaemon', { daemonArn }).status, 'DELETE_IN_PROGRESS');
    world.clock.advance(20 * second);
    assert.equal(own().length, 0);
    assert.throws(() => detail(daemonArn), /not found/);
  });

  it('needs managed instances', () => {
    const request = { daemonName: 'a', clusterArn: 'demo', daemonTaskDefinitionArn: define('v1') };
    assert.throws(
      () => world.call('CreateDaemon', { ...request, capacityProviderArns: ['FARGATE'] }),
      /managed instances/,
    );
  });
});
