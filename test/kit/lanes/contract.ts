import { ensureCfnLint } from '../cfnLint';
import { sum } from '../counts';
import { build } from '../extensionPackage';
import { mochaStep } from '../mochaStep';
import { ensurePodman } from '../podman';
import { type Lane, minutes } from './lane';
import { outsideClients, podmanInstead } from './needs';

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
    const options = { timeoutMs: 60_000, jobs: 2, secondTries: 2 };
    const all = await mochaStep('contract', 'test/contract/**/*.test.ts', { ...options, env });
    const engines = 'test/contract/@(engine|sessions).test.ts';
    const podman = await mochaStep('podman', engines, { ...options, env: { ...env, ...(await podmanInstead()) } });
    return sum([all, podman]);
  },
};
