import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Connection } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import { formatImageReference, parseImageReference } from '../../../src/core/imageRef';
import { ContainerEngine, findEngine } from '../../../src/engine/containerEngine';
import { ProcessRunner } from '../../../src/engine/processRunner';
import { startSandbox, type Sandbox } from '../sandboxProcess';

const never = new AbortController().signal;

describe('a build and a push with podman', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let connection: Connection;
  let folder: string;
  const userStorage = process.env['CONTAINERS_STORAGE_CONF'];

  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'simulated' });
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    folder = mkdtempSync(path.join(os.tmpdir(), 'gantry-podman-'));
    // Storage of its own: nothing of the machine's is used or left.
    const storage = `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`;
    writeFileSync(path.join(folder, 'storage.conf'), storage);
    process.env['CONTAINERS_STORAGE_CONF'] = path.join(folder, 'storage.conf');
  });
  after(async () => {
    if (userStorage === undefined) Reflect.deleteProperty(process.env, 'CONTAINERS_STORAGE_CONF');
    else process.env['CONTAINERS_STORAGE_CONF'] = userStorage;
    connection.dispose();
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('end with the digest that the registry has', async () => {
    const dockerfile = path.join(folder, 'Containerfile');
    writeFileSync(path.join(folder, 'page'), 'built by podman');
    writeFileSync(dockerfile, 'FROM scratch AS build\nCOPY page /page\nFROM build AS final\nEXPOSE 8080\n');
    const runner = new ProcessRunner();
    const engine = new ContainerEngine(await findEngine('podman', runner, never), runner);
    const image = parseImageReference(`${sandbox.registry}/demo/web:podman`);
    assert.ok(image);
    const request = {
      dockerfile,
      context: folder,
      tag: formatImageReference(image),
      platform: 'linux/amd64',
      stage: 'final',
      buildArguments: {},
    };
    const login = await connection.ecr.login(never);
    const built = await engine.build(request, login, () => undefined, never);
    assert.deepEqual([built.platform, built.ports], ['linux/amd64', [8080]]);
    const digest = await engine.push(image, login, () => undefined, never);
    assert.equal(digest, (await connection.ecr.findImage('demo/web', 'podman', never))?.digest);
  });
});
