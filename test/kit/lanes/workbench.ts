import { ensureBrowser } from '../browser';
import { ensureCodeServer } from '../codeServerInstall';
import { packageExtension } from '../extensionPackage';
import { mochaStep } from '../mochaStep';
import { type Lane, minutes } from './lane';
import { outsideClients } from './needs';

/** A person's clicks, in a real workbench with the packaged extension. */
export const workbenchLane: Lane = {
  name: 'workbench',
  limitMs: minutes(20),
  async run() {
    const clients = await outsideClients();
    await ensureCodeServer();
    const CHROMIUM = await ensureBrowser();
    const GANTRY_TEST_VSIX = await packageExtension();
    const env = { ...clients, CHROMIUM, GANTRY_TEST_VSIX };
    return mochaStep('workbench', 'test/workbench/**/*.test.ts', { timeoutMs: 180_000, env, jobs: 2, secondTries: 3 });
  },
};
