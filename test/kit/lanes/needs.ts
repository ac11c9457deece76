import { ensureAwsCli } from '../awsCli';
import { ensureBaseImage } from '../baseImage';
import { type Engine, ensureEngine } from '../engine';
import { podmanEnv } from '../podman';

/** The engine with its base image, found or started once for all lanes. */
let engine: Promise<Engine> | undefined;

async function readyEngine(): Promise<Engine> {
  const found = await ensureEngine();
  await ensureBaseImage(found);
  return found;
}

/** The environment in which a test finds a container engine. */
export async function engineEnv(): Promise<NodeJS.ProcessEnv> {
  engine ??= readyEngine();
  const { docker, env } = await engine;
  return { ...env, GANTRY_TEST_ENGINE: docker };
}

/** The same environment with podman in the engine's place. */
export async function podmanInstead(): Promise<NodeJS.ProcessEnv> {
  engine ??= readyEngine();
  return podmanEnv(await engine);
}

/** The environment in which a test finds a container engine and AWS's own client. */
export async function outsideClients(): Promise<NodeJS.ProcessEnv> {
  return { ...(await engineEnv()), GANTRY_TEST_AWS: await ensureAwsCli() };
}
