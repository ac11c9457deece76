import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startSandbox } from '../contract/sandboxProcess';
import { endAll, endOnSignals, onEnd } from '../kit/cleanup';
import { packageExtension } from '../kit/extensionPackage';
import { engineEnv } from '../kit/lanes/needs';
import { root } from '../kit/paths';
import { commitAll, copySample } from '../kit/sampleWorkspace';
import { say } from '../kit/say';
import { chooseFromMenu } from './kit/menu';
import { openWorkbench } from './kit/openWorkbench';

const ship = 'Build, Push and Redeploy';

/** Walks through the main job once and leaves a picture of each stop in test/out/screenshots. */
async function tour(): Promise<void> {
  const engine = await engineEnv();
  const vsix = await packageExtension();
  const home = mkdtempSync(path.join(os.tmpdir(), 'gantry-tour-'));
  onEnd(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  const folder = await copySample(path.join(home, 'sample'));
  const sandbox = await startSandbox({ seed: 'tiny', runtime: 'engine', env: { ...process.env, ...engine } });
  onEnd(() => sandbox.stop());
  const env = { ...engine, GANTRY_SANDBOX: JSON.stringify(sandbox.info) };
  const workbench = await openWorkbench({ folder, env, extensions: [vsix] });
  const { explorer, quickPick, modal, notifications } = workbench;
  const picture = async (name: string): Promise<void> => say(await workbench.screenshot(name));

  const { page } = workbench;
  /** A picture for the manual, cut to what matters. */
  const keep = async (name: string, clip: { x: number; y: number; width: number; height: number }): Promise<void> => {
    await page.mouse.move(700, 300);
    await page.waitForTimeout(600);
    await page.screenshot({ path: path.join(root, 'media', `${name}.png`), clip });
  };

  await workbench.activity('Gantry');
  await workbench.view('ECS').expand('demo');
  await workbench.view('ECS').waitForRow('web', '1/1 running');
  await keep('walkthrough/sandbox', { x: 0, y: 35, width: 350, height: 500 });
  await workbench.palette('Welcome: Open Walkthrough...');
  await quickPick.choose('Containers on AWS in an afternoon');
  await page.getByRole('button', { name: 'Open Sample Project…', exact: true }).first().waitFor();
  await picture('0-walkthrough');
  await explorer.open('Dockerfile');
  await explorer.file('Dockerfile').click({ button: 'right' });
  await workbench.page.getByRole('menuitem', { name: ship, exact: true }).waitFor();
  await picture('1-right-click');
  await chooseFromMenu(workbench.page, [ship]);
  await quickPick.waitForRow('worker');
  await picture('2-service');
  await quickPick.choose('web');
  await quickPick.waitForRow('Create Repository…');
  await picture('3-repository');
  await quickPick.choose('demo/web');
  await quickPick.waitForRow('Short git commit');
  await picture('4-tag');
  await quickPick.choose('Short git commit');
  await modal.opened(20_000);
  await picture('5-plan');
  await modal.click(ship);
  await notifications.waitFor('Rolling out', 60_000);
  await workbench.activity('Gantry');
  await workbench.view('ECS').expand('demo');
  await workbench.view('ECS').expand('web');
  await workbench.view('ECR').expand('demo/web');
  await workbench.view('ECS').expand(/^[0-9a-f]{12}/);
  await picture('6-rollout');
  await notifications.waitFor('is healthy', 90_000);
  await picture('7-healthy');
  // The task that was replaced goes from the tree with the next look.
  await workbench.view('ECS').waitForNoRow(/running · web:1/);
  await keep('walkthrough/look', { x: 0, y: 35, width: 350, height: 500 });
  await keep('walkthrough/ship', { x: 352, y: 508, width: 928, height: 262 });
  await keep('screenshot', { x: 0, y: 0, width: 1280, height: 800 });
  await workbench.palette('View: Close All Editors');
  await crash(folder);
  await explorer.contextMenu('Dockerfile', ship);
  await notifications.waitFor('was rolled back', 90_000);
  await notifications.click('was rolled back', 'Show Rollout');
  await page.locator('.editor-instance .view-line', { hasText: 'cannot reach the database' }).first().waitFor();
  await workbench.palette('View: Hide Panel');
  await workbench.palette('Notifications: Clear All Notifications');
  await keep('rollout', { x: 352, y: 35, width: 928, height: 560 });
}

/** A change that makes the container end as soon as it has started. */
async function crash(folder: string): Promise<void> {
  const file = path.join(folder, 'Dockerfile');
  const command = 'CMD ["sh", "-c", "echo starting; echo Error: cannot reach the database; exit 3"]';
  writeFileSync(file, `${readFileSync(file, 'utf8').replace(/^CMD .*$/m, '')}\n${command}\n`);
  await commitAll(folder, 'Connect to the database');
}

endOnSignals();
void tour()
  .then(() => 0)
  .catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  })
  .then(async (code) => {
    await endAll();
    process.exit(code);
  });
