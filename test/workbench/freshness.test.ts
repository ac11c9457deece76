import assert from 'node:assert/strict';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { keepEvidence } from './kit/evidence';
import type { Scene } from './kit/scene';
import { openShop } from './kit/shop';
import type { View } from './kit/view';

/** Rows that keep themselves fresh, and calls that nobody makes. */
describe('staying fresh', () => {
  let scene: Scene;
  let ecs: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openShop();
    ecs = scene.workbench.view('ECS');
    await ecs.expand(/^production/);
    await ecs.waitForRow('worker', '1/1 running');
    await ecs.expand('orders');
    await ecs.waitForRow(/^[0-9a-f]{12}/, 'orders:1');
  });

  after(() => scene?.close());

  const scale = (service: string, desiredCount: number): Promise<unknown> =>
    scene.ecs.send(new UpdateServiceCommand({ cluster: 'production', service, desiredCount }));

  it('sees within a minute what somebody else changed, and leaves selection and expansion alone', async () => {
    await ecs.row('api').click();
    await scale('worker', 3);
    await ecs.waitForRow('worker', '3/3 running', 80_000);
    assert.equal(await ecs.row('orders').getAttribute('aria-expanded'), 'true');
    assert.equal(await ecs.row('api').getAttribute('aria-selected'), 'true');
  });

  it('asks nothing while the view is hidden', async () => {
    await scene.workbench.explorer.show();
    await scene.workbench.page.waitForTimeout(2_000);
    await scene.sandbox.resetCalls();
    await scene.workbench.page.waitForTimeout(70_000);
    assert.deepEqual(
      (await scene.sandbox.calls()).map(({ operation }) => operation),
      [],
    );
  });

  it('is up to date as soon as it is seen again', async () => {
    await scale('worker', 2);
    await scene.workbench.activity('Gantry');
    await ecs.waitForRow('worker', '2/2 running', 30_000);
  });
});
