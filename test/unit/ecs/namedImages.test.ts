import assert from 'node:assert/strict';
import { GantryError, reasonOf } from '../../../src/core/errors';
import { message } from '../../../src/core/message';
import { EcsInventory } from '../../../src/ecs/inventory';
import type { Cluster, Task } from '../../../src/ecs/model';
import { deployment, gateway, service } from '../kit/ecsShapes';

const signal = new AbortController().signal;
const denied = new GantryError('accessDenied', message('Not allowed.'));
const revision = (name: string): string => `arn:aws:ecs:us-east-1:123456789012:task-definition/${name}`;
const cluster = {
  ...{ arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/demo', name: 'demo', status: 'ACTIVE' },
  ...{ runningTasks: 1, pendingTasks: 0, activeServices: 3 },
} as Cluster;

/** One service that runs, one that is scaled to 0, one that deploys; definitions are counted when they are read. */
function world({ mayRead = true }): { inventory: EcsInventory; read: string[] } {
  const read: string[] = [];
  const services = [
    service({ name: 'runs', taskDefinition: revision('runs:1'), deployments: [] }),
    service({ name: 'sleeps', desired: 0, running: 0, taskDefinition: revision('sleeps:4'), deployments: [] }),
    service({
      ...{ name: 'deploys', taskDefinition: revision('runs:1') },
      deployments: [deployment({ taskDefinition: revision('deploys:2') })],
    }),
  ];
  const task = { arn: 't1', clusterArn: cluster.arn, taskDefinition: revision('runs:1'), group: 'service:runs' };
  const ecs = gateway({
    listClusters: () => Promise.resolve({ items: [cluster.arn], nextToken: undefined }),
    describeClusters: () => Promise.resolve({ found: [cluster], missing: [] }),
    listTasks: () => Promise.resolve({ items: ['t1'], nextToken: undefined }),
    describeTasks: () =>
      Promise.resolve({ found: [{ ...task, containers: [{ image: 'web:1' }] } as unknown as Task], missing: [] }),
    listServices: () => Promise.resolve({ items: services.map(({ name }) => name), nextToken: undefined }),
    describeServices: () => Promise.resolve({ found: services, missing: [] }),
    describeTaskDefinition: (arn) => {
      read.push(arn);
      if (!mayRead) return Promise.reject(denied);
      const containerDefinitions = [{ name: 'app', image: `${arn.slice(arn.indexOf('/') + 1)}-image` }];
      return Promise.resolve({ taskDefinition: { taskDefinitionArn: arn, containerDefinitions }, tags: [] });
    },
  });
  return { inventory: new EcsInventory(ecs), read };
}

describe('the images that services name', () => {
  it('are known of services that run nothing, each revision read once and none that a task shows', async () => {
    const { inventory, read } = world({});
    await inventory.seeAllUses(signal);
    await inventory.seeAllUses(signal);
    assert.deepEqual(read, [revision('sleeps:4'), revision('deploys:2')]);
    assert.deepEqual(
      inventory.named.all.map((each) => [each.service, ...each.images]),
      [
        ['runs', 'web:1'],
        ['sleeps', 'sleeps:4-image'],
        ['deploys', 'web:1'],
        ['deploys', 'deploys:2-image'],
      ],
    );
    assert.equal(inventory.named.error, undefined);
  });

  it('are left out where they may not be read, and that is said', async () => {
    const { inventory } = world({ mayRead: false });
    await inventory.seeAllUses(signal);
    assert.equal(reasonOf(inventory.named.error), 'accessDenied');
    assert.deepEqual(
      inventory.named.all.filter(({ images }) => images.length > 0).map((each) => each.service),
      ['runs', 'deploys'],
    );
  });
});
