import assert from 'node:assert/strict';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Page } from 'playwright-core';
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

  it('asks nothing while the window is not in front', async () => {
    const { page } = scene.workbench;
    const calls = async (): Promise<number> => {
      await scene.sandbox.resetCalls();
      await page.waitForTimeout(7_000);
      return (await scene.sandbox.calls()).length;
    };
    // A service that fails is looked at every five seconds.
    assert.notEqual(await calls(), 0);
    await setFocus(page, false);
    assert.equal(await calls(), 0);
    await setFocus(page, true);
    assert.notEqual(await calls(), 0);
  });

  it('asks nothing while the view is hidden', async () => {
    await scene.workbench.explorer.show();
    await scene.workbench.page.waitForTimeout(2_000);
    await scene.sandbox.resetCalls();
    // Seen, it would ask every five seconds (see above).
    await scene.workbench.page.waitForTimeout(12_000);
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

/** Brings the window to the front or puts another one there, as far as VS Code can tell. */
async function setFocus(page: Page, focused: boolean): Promise<void> {
  // The browser's own types are not those of this program.
  type Browser = { document: { hasFocus(): boolean }; dispatchEvent(event: Event): void };
  await page.evaluate((isFocused) => {
    const browser = globalThis as unknown as Browser;
    browser.document.hasFocus = () => isFocused;
    browser.dispatchEvent(new Event(isFocused ? 'focus' : 'blur'));
  }, focused);
  await page.waitForTimeout(2_000);
}
