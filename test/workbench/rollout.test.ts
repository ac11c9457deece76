import assert from 'node:assert/strict';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';
import { SeedService } from './kit/seedService';
import type { Workbench } from './kit/workbench';

const longEnough = 90_000;

describe('rollouts', () => {
  let scene: Scene;
  let workbench: Workbench;
  let ecs: View;
  let web: SeedService;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({ sandbox: { runtime: 'simulated' }, viewport: { width: 1280, height: 1000 } });
    workbench = scene.workbench;
    web = new SeedService(scene.ecs, 'web');
    await workbench.activity('Gantry');
    ecs = workbench.view('ECS');
    await ecs.expand('demo');
    await ecs.waitForRow('web', '1/1 running');
  });

  after(() => scene?.close());

  beforeEach(() => workbench.notifications.clearAll());

  async function documentSays(text: string): Promise<void> {
    await workbench.page
      .locator('.editor-instance .view-line', { hasText: text })
      .first()
      .waitFor({ timeout: longEnough });
  }

  it('are watched from a row, whoever started them: the cause is on the screen before the verdict', async () => {
    await web.deploy(await web.revision('exit-3'));
    await ecs.contextMenu('web', 'Watch Rollout');
    const status = workbench.page.locator('#gantry\\.gantry\\.gantry\\.rollouts, [id$="gantry.rollouts"]');
    await status.waitFor();
    await status.click();
    await documentSays('exit code 3');
    await workbench.screenshot('rollout-failing');
    const text = await workbench.notifications.waitFor('was rolled back', longEnough);
    assert.match(text, /exit code 3/);
    await documentSays('was rolled back');
    await workbench.screenshot('rollout-rolled-back');
  });

  it('go on after a reload of the window', async () => {
    const good = await web.revision(undefined);
    await web.deploy(good);
    await ecs.contextMenu('web', 'Watch Rollout');
    await workbench.notifications.waitFor('Rolling out', longEnough);
    await workbench.page.reload({ waitUntil: 'domcontentloaded' });
    await workbench.notifications.waitFor('“web” is healthy', longEnough);
    await workbench.screenshot('rollout-after-reload');
    assert.equal((await web.describe()).taskDefinition, good);
  });

  it('are rolled back to what went well before, from the row', async () => {
    await ecs.expand('demo');
    await ecs.contextMenu('web', 'Roll Back…');
    await workbench.modal.opened(20_000);
    await workbench.screenshot('rollout-roll-back');
    assert.match(await workbench.modal.text(), /Roll “web” back to web:1\?/);
    await workbench.modal.click('Roll Back');
    await workbench.notifications.waitFor('“web” is healthy', longEnough);
    await workbench.screenshot('rollout-back');
  });

  it('that are left go on in AWS, and can be taken back from the message that says so', async () => {
    const { notifications, modal, page } = workbench;
    const { taskDefinition } = await web.describe();
    await web.deploy(await web.revision('capacity'));
    await ecs.contextMenu('web', 'Watch Rollout');
    await notifications.waitFor('Watch Rollout: web');
    await page.locator('[id$="gantry.rollouts"]').waitFor();
    await notifications.cancel('Watch Rollout: web');
    const text = await notifications.waitFor('Stopped watching “web”', longEnough);
    assert.match(text, /the deployment goes on in AWS/);
    await page.locator('[id$="gantry.rollouts"]').waitFor({ state: 'hidden' });
    await workbench.screenshot('rollout-left');
    await notifications.click('Stopped watching “web”', 'Roll Back…');
    await modal.opened(20_000);
    assert.match(await modal.text(), /Roll back the deployment of “web” that is going on\?/);
    await modal.click('Roll Back');
    await notifications.waitFor('“web” was rolled back', longEnough);
    assert.equal((await web.describe()).taskDefinition, taskDefinition);
  });

  it('are found again by Show Rollout', async () => {
    await workbench.palette('Gantry: Show Rollout…');
    await workbench.quickPick.waitForRow('web');
    const labels = await workbench.quickPick.labels();
    assert.ok(labels.length >= 4, labels.join());
    await workbench.screenshot('rollout-list');
    await workbench.quickPick.cancel();
  });
});
