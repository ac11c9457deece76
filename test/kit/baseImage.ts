import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { unpackPackage } from './apt';
import { must, run } from './command';
import type { Engine } from './engine';
import { Missing } from './missing';
import { onPath } from './onPath';
import { say } from './say';

/** What the sample's Dockerfile starts from. */
export const baseImage = 'busybox:stable';

const recipe = `FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
CMD ["/bin/sh"]
`;

async function buildFromPackage(engine: Engine, env: NodeJS.ProcessEnv): Promise<void> {
  if (process.platform !== 'linux' || onPath('apt-get') === undefined) {
    throw new Missing(`The image ${baseImage} cannot be pulled: check the engine's connection to Docker Hub.`);
  }
  say(`${baseImage} cannot be pulled; building it from Debian's busybox-static.`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gantry-busybox-'));
  try {
    await unpackPackage('busybox-static', folder);
    const context = path.join(folder, 'context');
    const places = [path.join(folder, 'bin/busybox'), path.join(folder, 'usr/bin/busybox')];
    const binary = places.find(existsSync);
    if (binary === undefined) throw new Error('The package busybox-static holds no busybox.');
    mkdirSync(context);
    copyFileSync(binary, path.join(context, 'busybox'));
    writeFileSync(path.join(context, 'Dockerfile'), recipe);
    await must(engine.docker, ['build', '--tag', baseImage, context], { env, timeoutMs: 120_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes sure that the engine has the sample's base image, with or without a registry to pull from. */
export async function ensureBaseImage(engine: Engine): Promise<void> {
  const env = { ...process.env, ...engine.env };
  if ((await run(engine.docker, ['image', 'inspect', baseImage], { env })).code === 0) return;
  const pulled = await run(engine.docker, ['pull', '--quiet', baseImage], { env, timeoutMs: 30_000 });
  if (pulled.code !== 0) await buildFromPackage(engine, env);
}
