import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Sandbox, startSandbox } from '../contract/sandboxProcess';
import { commitAll, copySample } from '../kit/sampleWorkspace';
import { keepEvidence } from './kit/evidence';
import { openWorkbench } from './kit/openWorkbench';
import type { Workbench } from './kit/workbench';

const ship = 'Build, Push and Redeploy';
const healthy = /“web” is healthy: it runs (\S+)/;

describe('the main job: right-click a Dockerfile, see it running', () => {
  let home: string;
  let folder: string;
  let sandbox: Sandbox;
  let opened: Workbench | undefined;
  let workbench: Workbench;

  keepEvidence(() => opened, 'Gantry');

  before(async () => {
    home = mkdtempSync(path.join(os.tmpdir(), 'gantry-ship-'));
    folder = await copySample(path.join(home, 'sample'));
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'engine' });
    const env = { GANTRY_SANDBOX: JSON.stringify(sandbox.info) };
    opened = await openWorkbench({ folder, env, extensions: [process.env['GANTRY_TEST_VSIX'] ?? ''] });
    workbench = opened;
  });

  after(async () => {
    await opened?.close();
    await sandbox.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** The page that the new container serves, at the address that the verdict offers. */
  async function servedPage(): Promise<string> {
    const address = /is healthy.*(http:\/\/\S+)\n(?!.*is healthy)/s.exec(workbench.output('Gantry'))?.[1];
    assert.ok(address, 'the verdict names no address');
    return (await fetch(address)).text();
  }

  it('asks what it cannot know, shows the plan, and ends with a healthy service', async () => {
    const { explorer, quickPick, modal, notifications } = workbench;
    writeFileSync(path.join(folder, 'www', 'index.html'), '<h1>First</h1>\n');
    await commitAll(folder, 'First');
    await explorer.contextMenu('Dockerfile', ship);
    await quickPick.waitFor('Ship Dockerfile');
    assert.deepEqual(await quickPick.labels(), ['web', 'worker']);
    await quickPick.choose('web');
    await quickPick.waitForRow('Create Repository…');
    await quickPick.choose('demo/web');
    await quickPick.waitForRow('Short git commit');
    await quickPick.choose('Short git commit');
    assert.match(await modal.text(), /Service: demo \/ web/);
    await modal.click(ship);
    const [, image = ''] = healthy.exec(await notifications.waitFor(healthy, 90_000)) ?? [];
    assert.match(image, /^demo\/web:[0-9a-f]{7,}$/);
    assert.equal(await servedPage(), '<h1>First</h1>\n');
    assert.deepEqual(await sandbox.violations(), []);
  });

  it('asks nothing the second time', async () => {
    const { explorer, quickPick, modal, notifications } = workbench;
    assert.match(readFileSync(path.join(folder, '.vscode', 'settings.json'), 'utf8'), /"gantry\.targets"/);
    await commitAll(folder, 'Targets');
    writeFileSync(path.join(folder, 'www', 'index.html'), '<h1>Second</h1>\n');
    await commitAll(folder, 'Second');
    await notifications.clearAll();
    await explorer.contextMenu('Dockerfile', ship);
    const verdict = notifications.waitFor(healthy, 90_000).then(() => 'verdict' as const);
    const question = Promise.race([quickPick.opened(90_000), modal.opened(90_000)]).then(() => 'question' as const);
    // The one that loses ends with a timeout, which is no news.
    for (const loser of [verdict, question]) loser.catch(() => undefined);
    assert.equal(await Promise.race([verdict, question]), 'verdict');
    assert.equal(await servedPage(), '<h1>Second</h1>\n');
    assert.deepEqual(await sandbox.violations(), []);
  });
});
