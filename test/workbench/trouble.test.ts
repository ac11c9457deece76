import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DeleteServiceCommand } from '@aws-sdk/client-ecs';
import { onPath } from '../kit/onPath';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import { target, writeDockerfiles, writeTargets } from './kit/shipFiles';
import type { Workbench } from './kit/workbench';

const ship = 'Build, Push and Redeploy';
const longEnough = 90_000;
const broken = { name: 'odd', dockerfile: 'Dockerfile.dev', context: '../outside', repository: 'demo/web' };

/** A folder that is all of PATH: the programs that the product may use, with a docker that can be switched off. */
function ownPath(home: string): string {
  const bin = path.join(home, 'bin');
  mkdirSync(bin);
  for (const name of ['git', 'sh', 'bash', 'node', 'ps', 'env', 'cat', 'uname']) {
    const file = onPath(name);
    if (file) symlinkSync(file, path.join(bin, name));
  }
  writeFileSync(path.join(home, 'no-shell'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const docker = path.join(bin, 'docker');
  const off = path.join(home, 'engine-off');
  const real = onPath('docker') ?? 'docker';
  writeFileSync(
    docker,
    `#!/bin/sh\n[ -e '${off}' ] && export DOCKER_HOST=unix:///nowhere/docker.sock\nexec '${real}' "$@"\n`,
  );
  chmodSync(docker, 0o755);
  return bin;
}

describe('what goes wrong is said in words', () => {
  let scene: Scene;
  let workbench: Workbench;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({
      sandbox: { runtime: 'engine' },
      // VS Code would ask a login shell for a PATH of its own; this one has no answer.
      env: ({ home }) => ({ PATH: ownPath(home), SHELL: path.join(home, 'no-shell') }),
      prepare: async ({ folder }) => {
        writeDockerfiles(folder);
        await writeTargets(folder, [
          target('crash', 'Dockerfile.crash', 'web'),
          target('broken', 'Dockerfile.broken', 'web'),
          target('gone', 'Dockerfile', 'gone', { repository: 'demo/web' }),
          target('jobs', 'Containerfile', 'worker'),
          broken,
        ]);
      },
    });
    workbench = scene.workbench;
  });

  after(() => scene?.close());

  beforeEach(() => workbench.notifications.clearAll());

  /** Ships a Dockerfile and waits for the message that says what went wrong. */
  async function failure(file: string, text: string | RegExp): Promise<string> {
    await workbench.explorer.contextMenu(file, ship);
    return workbench.notifications.waitFor(text, longEnough);
  }

  const buttons = (text: string): Promise<string[]> =>
    workbench.notifications.toast(text).locator('.notification-list-item-buttons-container a').allInnerTexts();

  it('a Dockerfile that does not build: the cause, and nothing pushed', async () => {
    const text = await failure('Dockerfile.broken', 'Dockerfile.broken did not build');
    assert.match(text, /nothing-of-this-name/);
    await workbench.screenshot('trouble-build');
    assert.equal((await scene.sandbox.calls()).filter(({ operation }) => operation === 'UpdateService').length, 0);
  });

  it('a container that crashes: rolled back, and why', async () => {
    const text = await failure('Dockerfile.crash', 'was rolled back');
    assert.match(text, /“web” was rolled back; demo\/web:[\w-]+ does not run\. .*exit(ed)? .*3/i);
    await workbench.screenshot('trouble-crash');
  });

  it('a service that is gone before the ship', async () => {
    const text = await failure('Dockerfile', 'There is no service “gone”');
    assert.match(text, /in the cluster “demo” of this account and Region/);
    assert.deepEqual(await buttons('There is no service “gone”'), ['Edit Targets', 'Show Log']);
  });

  it('a malformed entry of gantry.targets, which is left as it is', async () => {
    await failure('Dockerfile.dev', /of gantry\.targets.*context.*inside the workspace folder/);
    assert.deepEqual(await buttons('of gantry.targets'), ['Edit Targets', 'Show Log']);
    const settings = readFileSync(path.join(scene.folder, '.vscode', 'settings.json'), 'utf8');
    assert.deepEqual((JSON.parse(settings) as { 'gantry.targets': unknown[] })['gantry.targets'][4], broken);
    await workbench.notifications.click('of gantry.targets', 'Edit Targets');
    await workbench.page.locator('.view-lines', { hasText: '"gantry.targets"' }).waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('a login that the registry takes for expired: another try, with a new one', async () => {
    const message = 'Your authorization token has expired. Reauthenticate and try again.';
    const fault = { kind: 'error', status: 403, code: 'DENIED', message } as const;
    await scene.sandbox.addFault({ match: { service: 'registry', operation: 'PutManifest' }, fault });
    await workbench.explorer.contextMenu('Containerfile', 'Build and Push');
    await workbench.notifications.waitFor('The login to the registry has expired.', longEnough);
    assert.deepEqual(await buttons('The login to the registry'), ['Try Again', 'Show Log']);
    await scene.sandbox.clearFaults();
    await workbench.notifications.click('The login to the registry', 'Try Again');
    await workbench.notifications.waitFor(/Pushed .*demo\/worker/, longEnough);
  });

  it('a service that is deleted during the watch', async () => {
    await workbench.explorer.contextMenu('Containerfile', ship);
    await workbench.notifications.waitFor('Rolling out', longEnough);
    await scene.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'worker', force: true }));
    const text = await workbench.notifications.waitFor('“worker” failed', longEnough);
    assert.match(text, /The service was deleted meanwhile\./);
  });

  it('an engine that does not run', async () => {
    writeFileSync(path.join(scene.home, 'engine-off'), '');
    await workbench.explorer.contextMenu('Dockerfile.crash', 'Build Image');
    await workbench.notifications.waitFor('docker is installed but not running.');
    assert.deepEqual(await buttons('docker is installed'), ['Choose Engine', 'Try Again', 'Show Log']);
  });

  it('no engine at all', async () => {
    renameSync(path.join(scene.home, 'bin', 'docker'), path.join(scene.home, 'bin', 'docker-away'));
    await workbench.explorer.contextMenu('Dockerfile.crash', 'Build Image');
    await workbench.notifications.waitFor('No container engine was found');
    assert.deepEqual(await buttons('No container engine'), ['How to Install', 'Try Again', 'Show Log']);
    await workbench.screenshot('trouble-no-engine');
  });
});
