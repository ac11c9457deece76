import assert from 'node:assert/strict';
import { defaultSubnets } from '../../../src/sandbox/ec2/network';
import { register } from '../../../src/sandbox/ecsService/taskDefinitions';
import type { Task } from '../../../src/sandbox/ecsService/types';
import { type SmallWorld, smallWorld } from './smallWorld';

const second = 1000;
const group = {
  autoScalingGroupArn: 'arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:1:autoScalingGroupName/a',
};

describe('capacity providers', () => {
  let world: SmallWorld;
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('v1');
  });
  afterEach(() => world.close());

  const associate = (...names: string[]): unknown =>
    world.call('PutClusterCapacityProviders', {
      cluster: 'demo',
      capacityProviders: names,
      defaultCapacityProviderStrategy: [],
    });
  const providers = (): (string | undefined)[] => world.tasks().map(({ capacityProvider }) => capacityProvider);

  function fargate(strategy: Record<string, unknown>[], desiredCount: number): void {
    const containerDefinitions = [{ name: 'app', image: '127.0.0.1:5000/app:v1' }];
    const sizes = { cpu: '256', memory: '512', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] };
    register(world.ecs, { family: 'app', ...sizes, containerDefinitions }, 'unit test');
    world.call('CreateService', {
      cluster: 'demo',
      serviceName: 'app',
      taskDefinition: 'app',
      desiredCount,
      capacityProviderStrategy: strategy,
      networkConfiguration: { awsvpcConfiguration: { subnets: [defaultSubnets[0]] } },
    });
  }

  it('shares tasks out by base and weight', () => {
    associate('FARGATE', 'FARGATE_SPOT');
    fargate(
      [
        { capacityProvider: 'FARGATE', base: 2, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 3 },
      ],
      10,
    );
    const onSpot = providers().filter((name) => name === 'FARGATE_SPOT').length;
    assert.deepEqual([providers().length - onSpot, onSpot], [4, 6]);
    assert.ok(world.tasks().every(({ launchType }) => launchType === 'FARGATE'));
  });

  it('must be associated with the cluster, and of one kind', () => {
    const words = /not associated with the cluster/;
    assert.throws(() => fargate([{ capacityProvider: 'FARGATE', weight: 1 }], 1), words);
    world.call('CreateCapacityProvider', { name: 'own', autoScalingGroupProvider: group });
    associate('FARGATE', 'own');
    const mix = ['FARGATE', 'own'].map((capacityProvider) => ({ capacityProvider, weight: 1 }));
    assert.throws(() => fargate(mix, 1), /cannot contain a mix/);
  });

  it('starts tasks on the instances of its group, and makes more where scaling is managed', () => {
    world.call('CreateCapacityProvider', {
      name: 'own',
      autoScalingGroupProvider: { ...group, managedScaling: { status: 'ENABLED' } },
    });
    associate('own');
    const [first] = world.cluster.instances.values();
    assert.equal(first?.capacityProvider, 'own');
    world.revision('v1', { memory: 3000 });
    world.call('CreateService', {
      cluster: 'demo',
      serviceName: 'app',
      taskDefinition: 'app',
      desiredCount: 7,
      capacityProviderStrategy: [{ capacityProvider: 'own', weight: 1 }],
    });
    assert.equal(world.tasks().length, 5, 'one instance has room for five');
    world.clock.advance(60 * second);
    assert.equal(world.tasks().length, 7);
    assert.equal(world.cluster.instances.size, 3);
    assert.ok(providers().every((name) => name === 'own'));
  });

  it('launches managed instances of the size that is asked for', () => {
    const managedInstancesProvider = {
      infrastructureRoleArn: 'arn:aws:iam::000000000000:role/infrastructure',
      instanceLaunchTemplate: {
        ec2InstanceProfileArn: 'arn:aws:iam::000000000000:instance-profile/a',
        networkConfiguration: { subnets: [defaultSubnets[0]] },
        instanceRequirements: { vCpuCount: { min: 4 }, memoryMiB: { min: 8192 } },
      },
    };
    assert.throws(() => world.call('CreateCapacityProvider', { name: 'mi', managedInstancesProvider }), /cluster/);
    const { capacityProvider } = world.call<{ capacityProvider: { status: string; type: string } }>(
      'CreateCapacityProvider',
      { name: 'mi', cluster: 'demo', managedInstancesProvider },
    );
    assert.deepEqual([capacityProvider.status, capacityProvider.type], ['PROVISIONING', 'MANAGED_INSTANCES']);
    world.clock.advance(second);
    associate('mi');
    world.revision('v1');
    const request = { cluster: 'demo', taskDefinition: 'app', capacityProviderStrategy: [{ capacityProvider: 'mi' }] };
    world.call('CreateService', { ...request, serviceName: 'app', desiredCount: 1 });
    world.clock.advance(30 * second);
    const [task] = world.tasks();
    assert.deepEqual([task?.launchType, task?.lastStatus], ['MANAGED_INSTANCES', 'RUNNING']);
    const instance = [...world.cluster.instances.values()].at(-1);
    assert.deepEqual([instance?.cpu, instance?.memory, instance?.capacityProvider], [4096, 8192, 'mi']);
  });

  it('cannot be deleted while a cluster uses it', () => {
    world.call('CreateCapacityProvider', { name: 'own', autoScalingGroupProvider: group });
    associate('own');
    const remove = (): unknown => world.call('DeleteCapacityProvider', { capacityProvider: 'own' });
    assert.throws(remove, /associated with cluster: demo/);
    associate();
    remove();
    const { failures } = world.call<{ failures: unknown[] }>('DescribeCapacityProviders', {
      capacityProviders: ['own'],
    });
    assert.equal(failures.length, 1);
    assert.throws(
      () => world.call('CreateCapacityProvider', { name: 'ecs-x', autoScalingGroupProvider: group }),
      /prefixed/,
    );
  });
});

describe('container instances', () => {
  let world: SmallWorld;
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('v1');
    world.revision('v1');
  });
  afterEach(() => world.close());
  const instance = (): string => [...world.cluster.instances.keys()][0] ?? '';

  it('get a task each from StartTask, or a failure', () => {
    const { tasks, failures } = world.call<{ tasks: Task[]; failures: { reason: string }[] }>('StartTask', {
      cluster: 'demo',
      taskDefinition: 'app',
      containerInstances: [instance(), 'absent'],
    });
    assert.equal(tasks.length, 1);
    assert.equal(failures[0]?.reason, 'MISSING');
    world.clock.advance(10 * second);
    assert.equal(world.tasks()[0]?.lastStatus, 'RUNNING');
  });

  it('carry attributes of their own', () => {
    const attribute = { name: 'stack', value: 'blue', targetId: instance() };
    world.call('PutAttributes', { cluster: 'demo', attributes: [attribute] });
    const list = (): unknown[] =>
      world.call<{ attributes: unknown[] }>('ListAttributes', {
        cluster: 'demo',
        targetType: 'container-instance',
        attributeName: 'stack',
      }).attributes;
    assert.deepEqual(list().length, 1);
    assert.throws(() => world.call('PutAttributes', { cluster: 'demo', attributes: [{ name: 'ecs.x' }] }), /reserved/);
    world.call('DeleteAttributes', { cluster: 'demo', attributes: [attribute] });
    assert.deepEqual(list(), []);
  });

  it('leave their cluster with their tasks, by force', () => {
    world.call('RunTask', { cluster: 'demo', taskDefinition: 'app' });
    const request = { cluster: 'demo', containerInstance: instance() };
    assert.throws(() => world.call('DeregisterContainerInstance', request), /running tasks/);
    world.call('DeregisterContainerInstance', { ...request, force: true });
    world.clock.advance(10 * second);
    assert.equal(world.tasks().length, 0);
    assert.equal(world.cluster.instances.size, 0);
  });
});

describe('account settings', () => {
  it('are AWS’s, the account’s or the caller’s own, in this order', async () => {
    const world = await smallWorld();
    const value = (effectiveSettings: boolean): string | undefined =>
      world.call<{ settings: { value: string }[] }>('ListAccountSettings', {
        name: 'containerInsights',
        effectiveSettings,
      }).settings[0]?.value;
    assert.deepEqual([value(true), value(false)], ['disabled', undefined]);
    world.call('PutAccountSettingDefault', { name: 'containerInsights', value: 'enabled' });
    assert.deepEqual([value(true), value(false)], ['enabled', undefined]);
    world.call('PutAccountSetting', { name: 'containerInsights', value: 'enhanced' });
    assert.deepEqual([value(true), value(false)], ['enhanced', 'enhanced']);
    world.call('DeleteAccountSetting', { name: 'containerInsights' });
    assert.equal(value(true), 'enabled');
    const { cluster } = world.call<{ cluster: { settings: unknown } }>('CreateCluster', { clusterName: 'new' });
    assert.deepEqual(cluster.settings, [{ name: 'containerInsights', value: 'enabled' }]);
    assert.throws(() => world.call('PutAccountSetting', { name: 'awsvpcTrunking', value: 'maybe' }), /Invalid value/);
    world.close();
  });
});
