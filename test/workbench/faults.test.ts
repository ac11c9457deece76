import type { SandboxFault } from '../contract/sandboxProcess';
import { keepEvidence } from './kit/evidence';
import type { Scene } from './kit/scene';
import { openShop } from './kit/shop';
import type { View } from './kit/view';

/** What can go wrong, and how it is said. */
const faults: readonly { readonly fault: SandboxFault['fault']; readonly says: string }[] = [
  { fault: { kind: 'denied' }, says: 'You are not allowed to call' },
  { fault: { kind: 'html' }, says: 'got an answer that is not from AWS' },
  { fault: { kind: 'reset' }, says: 'could not reach its endpoint' },
  { fault: { kind: 'truncate' }, says: 'could not reach its endpoint' },
  { fault: { kind: 'error', status: 500, code: 'ServerException' }, says: 'could not reach its endpoint' },
  { fault: { kind: 'error', status: 400, code: 'ThrottlingException' }, says: 'AWS is throttling' },
  { fault: { kind: 'invalid' }, says: 'AWS does not accept these credentials' },
];

/** A level of a tree: what it asks, how it is read again, and a row that must stay. */
interface Level {
  readonly name: string;
  readonly operation: string;
  readonly view: 'ECS' | 'ECR';
  /** Label of the row that is read again; undefined for the whole view. */
  readonly again?: string | RegExp;
  readonly stays: readonly [string | RegExp, string | RegExp];
}

const levels: readonly Level[] = [
  { name: 'the clusters', operation: 'ListClusters', view: 'ECS', stays: ['production', '6 services'] },
  { name: 'their counts', operation: 'DescribeClusters', view: 'ECS', stays: ['production', '6 services'] },
  {
    ...{ name: 'the names of services', operation: 'ListServices', view: 'ECS' },
    ...{ again: /^production/, stays: ['orders', '1/1 running'] },
  },
  {
    ...{ name: 'the details of services', operation: 'DescribeServices', view: 'ECS' },
    ...{ again: /^production/, stays: ['orders', '1/1 running'] },
  },
  {
    ...{ name: 'the names of tasks', operation: 'ListTasks', view: 'ECS' },
    ...{ again: 'storefront', stays: [/^[0-9a-f]{12}/, 'running'] },
  },
  {
    ...{ name: 'the details of tasks', operation: 'DescribeTasks', view: 'ECS' },
    ...{ again: 'storefront', stays: [/^[0-9a-f]{12}/, 'running'] },
  },
  {
    ...{ name: 'the health of targets', operation: 'DescribeTargetHealth', view: 'ECS' },
    ...{ again: /^shop-storefront/, stays: [/:\d+/, 'healthy'] },
  },
  {
    ...{ name: 'past deployments', operation: 'DescribeServiceDeployments', view: 'ECS' },
    ...{ again: 'Deployments', stays: ['storefront:1', 'primary'] },
  },
  { name: 'the repositories', operation: 'DescribeRepositories', view: 'ECR', stays: ['shop/orders', ''] },
  {
    ...{ name: 'the images', operation: 'DescribeImages', view: 'ECR' },
    ...{ again: 'shop/orders', stays: ['0.9.1', ''] },
  },
];

describe('what goes wrong in a tree', () => {
  let scene: Scene;
  const views: Record<string, View> = {};

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openShop();
    const [ecs, ecr] = [scene.workbench.view('ECS'), scene.workbench.view('ECR')];
    Object.assign(views, { ECS: ecs, ECR: ecr });
    await ecs.waitForRow('production', '6 services');
    await ecs.expand(/^production/);
    await ecs.waitForRow('storefront', '2/2 running');
    await ecs.expand('storefront');
    await ecs.expand('Load balancing');
    await ecs.expand(/^shop-storefront/);
    await ecs.waitForRow(/:\d+/, 'healthy');
    await ecs.expand('Deployments');
    await ecr.expand('shop/orders');
    await ecr.waitForRow('0.9.1', '');
  });

  after(() => scene?.close());

  for (const { name, operation, view: viewName, again, stays } of levels) {
    it(`${name}: the cause stands there, what was shown stays, and the next try goes on`, async () => {
      const view = views[viewName] as View;
      for (const { fault, says } of faults) {
        await scene.sandbox.addFault({ match: { operation }, fault });
        if (again === undefined) await view.title(`Refresh ${viewName}`);
        else await view.contextMenu(again, 'Refresh');
        await view.waitForRow(says, says);
        await view.waitForRow(stays[0], stays[1]);
        if (fault.kind === 'html') await scene.workbench.screenshot(`fault-${operation}`);
        await scene.sandbox.clearFaults();
        await view.row(says).click();
        await view.waitForNoRow(says);
        await view.waitForRow(stays[0], stays[1]);
      }
    }).timeout(120_000);
  }

  it('a clock that is wrong is said to be wrong', async () => {
    const ecs = views['ECS'] as View;
    await scene.sandbox.addFault({ match: { operation: 'ListClusters' }, fault: { kind: 'skew', ms: 3_600_000 } });
    await ecs.title('Refresh ECS');
    await ecs.waitForRow('The clock of this machine is wrong', '');
    await ecs.waitForRow('production', '6 services');
    await scene.sandbox.clearFaults();
    await ecs.row('The clock of this machine is wrong').click();
    await ecs.waitForNoRow('The clock of this machine is wrong');
  });

  it('pages without rows are no end of a list', async () => {
    const ecs = views['ECS'] as View;
    await scene.sandbox.addFault({ match: { service: 'ecs' }, fault: { kind: 'empty-page' } });
    await ecs.contextMenu(/^production/, 'Refresh');
    await ecs.waitForRow('orders', '1/1 running');
    await ecs.waitForRow('worker', '1/1 running');
    await scene.sandbox.clearFaults();
  });
});
