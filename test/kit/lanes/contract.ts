import { ensureCfnLint } from '../cfnLint';
import { build } from '../extensionPackage';
import { mochaStep } from '../mochaStep';
import { ensurePodman } from '../podman';
import { type Lane, minutes } from './lane';
import { outsideClients } from './needs';

/** Our gateways, and other people's clients, against the sandbox. */
export const contractLane: Lane = {
  name: 'contract',
  limitMs: minutes(15),
  async run() {
    const env = {
      ...(await outsideClients()),
      ...{ GANTRY_TEST_PODMAN: await ensurePodman(), GANTRY_TEST_CFN_LINT: await ensureCfnLint() },
    };
    await build();
    return mochaStep('contract', 'test/contract/**/*.test.ts', { timeoutMs: 60_000, env, jobs: 2, secondTries: 2 });
  },
};
