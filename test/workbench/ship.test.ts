import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { type Sandbox, startSandbox } from '../contract/sandboxProcess';
import { sdkConfig, webPage } from '../contract/tools';
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
    return webPage(address);
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

  /** Operations that changed something since the calls were forgotten. */
  async function changes(): Promise<string[]> {
    const calls = (await sandbox.calls()).map(({ operation }) => operation);
    return calls.filter((operation) => !/^(Describe|List|Get|Batch(Get|Check)|Simulate|Filter)/.test(operation));
  }

  it('shows the plan as a document, with what was looked at, and changes nothing', async () => {
    const { explorer, page } = workbench;
    await sandbox.resetCalls();
    await explorer.contextMenu('Dockerfile', 'Show Plan…');
    const lines = page.locator('.editor-instance .view-lines').filter({ hasText: /PLAN|CHECKS|Deployment controller/ });
    await lines.waitFor({ timeout: 30_000 });
    const shown = async (): Promise<string> => (await lines.innerText()).replaceAll('\u00a0', ' ');
    const top = await shown();
    assert.match(top, /Service: demo \/ web/);
    assert.match(top, /Tasks: Starts the new task, then stops the old one\./);
    assert.match(top, /containerDefinitions\[0\]\.image/);
    // The editor draws what is in sight only.
    await lines.click();
    await page.keyboard.press('Control+End');
    await lines.filter({ hasText: 'Deployment controller' }).waitFor();
    const end = await shown();
    assert.match(end, /✔ Log group: “\/ecs\/web” exists\./);
    assert.match(end, /✔ Circuit breaker/);
    assert.doesNotMatch(top + end, /✘/);
    assert.deepEqual(await changes(), []);
  });

  it('asks before anything is deployed that cannot come up', async () => {
    const { explorer, modal } = workbench;
    const ecs = new ECSClient(sdkConfig(sandbox));
    const rules = (maximumPercent: number): UpdateServiceCommand =>
      new UpdateServiceCommand({
        ...{ cluster: 'demo', service: 'web' },
        deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent },
      });
    await ecs.send(rules(100));
    await sandbox.resetCalls();
    await explorer.contextMenu('Dockerfile', ship);
    await modal.opened(30_000);
    assert.match(
      await modal.text(),
      /No task can be replaced: at least 1 and at most 1 of 1.*Set maximumPercent of “web” to 200/s,
    );
    await modal.click('Cancel');
    await workbench.notifications.toast(/Build, Push and Redeploy: web/).waitFor({ state: 'hidden' });
    assert.deepEqual(
      (await changes()).filter((operation) => /TaskDefinition|UpdateService/.test(operation)),
      [],
    );
    await ecs.send(rules(200));
    ecs.destroy();
  });

  it('shows the plan before every ship of a target that wants it', async () => {
    const { explorer, modal } = workbench;
    const file = path.join(folder, '.vscode', 'settings.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/"container": "web"/, '"container": "web", "confirm": true'),
    );
    // VS Code reads a file that others change a moment later.
    await workbench.page.waitForTimeout(2_000);
    await sandbox.resetCalls();
    await explorer.contextMenu('Dockerfile', ship);
    await modal.opened(30_000);
    const text = await modal.text();
    assert.match(text, /Service: demo \/ web/);
    assert.match(text, /Tasks: Starts the new task/);
    assert.doesNotMatch(text, /saved in the setting/);
    await modal.click('Cancel');
    assert.deepEqual(await changes(), []);
    assert.deepEqual(await sandbox.violations(), []);
  });

  /** Asks for the plan, presses Compare and waits until the two task definitions stand side by side. */
  async function compare(): Promise<void> {
    const { explorer, modal, page, quickPick } = workbench;
    await explorer.contextMenu('Dockerfile', ship);
    await modal.opened(30_000);
    await modal.click('Compare');
    await quickPick.waitFor('Ship Dockerfile to the service “web”?');
    await page.locator('.monaco-diff-editor .editor.modified .view-line', { hasText: '"image":' }).waitFor();
  }

  it('shows beside the question how the task definition changes', async () => {
    const { page, quickPick, notifications } = workbench;
    writeFileSync(path.join(folder, 'www', 'index.html'), '<h1>Compared</h1>\n');
    await commitAll(folder, 'Compared');
    await sandbox.resetCalls();
    await compare();
    await workbench.screenshot('plan-compared');
    const side = async (name: string): Promise<string> => {
      const lines = page.locator(`.monaco-diff-editor .editor.${name} .view-lines`);
      return (await lines.innerText()).replaceAll('\u00a0', ' ');
    };
    const imageIn = (text: string): string | undefined => /"image": "([^"]+)"/.exec(text)?.[1];
    const [before, after] = [imageIn(await side('original')), imageIn(await side('modified'))];
    assert.match(before ?? '', /\/demo\/web[:@]/);
    assert.match(after ?? '', /\/demo\/web:[0-9a-f]{7,}$/);
    assert.notEqual(before, after);
    assert.deepEqual(await quickPick.labels(), [ship, 'Cancel']);
    await quickPick.choose('Cancel');
    await notifications.toast(/Build, Push and Redeploy: web/).waitFor({ state: 'hidden' });
    assert.deepEqual(await changes(), []);
    await notifications.clearAll();
    await compare();
    await quickPick.choose(ship);
    await notifications.waitFor(healthy, 90_000);
    assert.equal(await servedPage(), '<h1>Compared</h1>\n');
    assert.deepEqual(await sandbox.violations(), []);
  });
});
