import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';

/** Where VS Code speaks Vietnamese, Gantry does. */
describe('Gantry in Vietnamese', () => {
  let scene: Scene;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({ locale: 'vi', sandbox: { seed: 'tiny', runtime: 'simulated' } });
    await scene.workbench.activity('Gantry');
  });

  after(() => scene?.close());

  it('says in its rows how services are', async () => {
    const ecs = scene.workbench.view('ECS');
    await ecs.expand(/^demo/);
    await ecs.waitForRow('web', 'đang chạy');
  });

  it('offers and asks', async () => {
    await scene.workbench.palette('Gantry: Lọc service…');
    await scene.workbench.quickPick.waitFor('Lọc service');
    await scene.workbench.screenshot('vietnamese');
    await scene.workbench.quickPick.cancel();
  });
});
