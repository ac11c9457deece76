import assert from 'node:assert/strict';
import { keepEvidence } from './kit/evidence';
import { menuItems } from './kit/menu';
import { openScene, type Scene } from './kit/scene';

const verbs = ['Build, Push and Redeploy', 'Build and Push', 'Build Image', 'New Target…'];

describe('a workspace that is not trusted', () => {
  let scene: Scene;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    const settings = {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    };
    scene = await openScene({ workspaceTrust: true, settings });
  });

  after(() => scene?.close());

  it('offers nothing that runs what the workspace says', async () => {
    const { explorer, page, quickPick } = scene.workbench;
    await explorer.file('Dockerfile').click({ button: 'right' });
    const offered = (await menuItems(page)).map((item) => item.trim());
    assert.ok(offered.length > 3);
    assert.deepEqual(
      verbs.filter((verb) => offered.includes(verb)),
      [],
    );
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input.input');
    await input.fill('>Gantry: Switch Connection');
    await quickPick.waitForRow('Gantry: Switch Connection');
    for (const verb of verbs) {
      await input.fill(`>Gantry: ${verb}`);
      await page.waitForTimeout(500);
      const palette = await quickPick.labels();
      assert.equal(
        palette.some((label) => label === `Gantry: ${verb}`),
        false,
        verb,
      );
    }
    await quickPick.cancel();
  });

  it('still shows what is in AWS', async () => {
    const { workbench } = scene;
    await workbench.activity('Gantry');
    await workbench.view('ECS').expand('demo');
    await workbench.view('ECS').waitForRow(/^web/, '1/1 running');
    const offers = await workbench.view('ECS').offers(/^web/);
    assert.ok(offers.includes('Copy ARN'));
    assert.deepEqual(
      verbs.filter((verb) => offers.includes(verb)),
      [],
    );
    await workbench.screenshot('untrusted');
  });
});
