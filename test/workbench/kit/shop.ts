import { openScene, type Scene } from './scene';

/** A team's account, simulated, in a window that is tall enough for all of its rows, with Gantry's views in front. */
export async function openShop(): Promise<Scene> {
  const scene = await openScene({
    sandbox: { seed: 'shop', runtime: 'simulated' },
    viewport: { width: 1280, height: 1600 },
  });
  await scene.workbench.activity('Gantry');
  return scene;
}
