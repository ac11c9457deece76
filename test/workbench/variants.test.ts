import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, type Service } from '@aws-sdk/client-ecs';
import { commitAll } from '../kit/sampleWorkspace';
import { keepEvidence } from './kit/evidence';
import { menuItems } from './kit/menu';
import { openScene, type Scene } from './kit/scene';
import { target, writeDockerfiles, writeTargets } from './kit/shipFiles';
import type { Workbench } from './kit/workbench';

const ship = 'Build, Push and Redeploy';
const push = 'Build and Push';
const longEnough = 90_000;

describe('every way to ship', () => {
  let scene: Scene;
  let workbench: Workbench;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({
      sandbox: { runtime: 'engine' },
      settings: { 'terminal.integrated.gpuAcceleration': 'off' },
      prepare: async ({ folder }) => {
        writeDockerfiles(folder);
        mkdirSync(path.join(folder, '.vscode'));
        const task = { type: 'gantry', target: 'jobs', action: 'push', label: 'Push the jobs', problemMatcher: [] };
        writeFileSync(
          path.join(folder, '.vscode', 'tasks.json'),
          JSON.stringify({ version: '2.0.0', tasks: [task] }, undefined, 2),
        );
        await writeTargets(folder, [target('jobs', 'Containerfile', 'worker'), target('dev', 'Dockerfile.dev', 'web')]);
      },
    });
    workbench = scene.workbench;
  });

  after(() => scene?.close());

  beforeEach(() => workbench.notifications.clearAll());

  /** A commit for itself, so that the tag and the image are new. */
  async function change(text: string): Promise<void> {
    writeFileSync(path.join(scene.folder, 'www', 'index.html'), `<h1>${text}</h1>\n`);
    await commitAll(scene.folder, text);
  }

  async function service(name: string): Promise<Service> {
    const { services = [] } = await scene.ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: [name] }));
    assert.ok(services[0]);
    return services[0];
  }

  function processesOf(text: string): string[] {
    const table = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    return table.filter((line) => line.includes(text) && line.includes(scene.folder));
  }

  const savedTargets = (): { name: string; stage?: string; repository?: string }[] =>
    (
      JSON.parse(readFileSync(path.join(scene.folder, '.vscode', 'settings.json'), 'utf8')) as {
        'gantry.targets': { name: string }[];
      }
    )['gantry.targets'];

  it('builds only: no question, no AWS', async () => {
    await scene.sandbox.resetCalls();
    await workbench.explorer.contextMenu('Dockerfile.stages', 'Build Image');
    assert.match(
      await workbench.notifications.waitFor(/^Built /, longEnough),
      /^Built sample:[0-9a-f]{7,} for linux\/\w+\.$/,
    );
    assert.deepEqual(await scene.sandbox.calls(), []);
  });

  it('builds and pushes, with a new repository and a stage in the first run', async () => {
    const { quickPick, modal, notifications } = workbench;
    await workbench.explorer.contextMenu('Dockerfile.stages', push);
    await quickPick.waitForRow('Create Repository…');
    await quickPick.choose('Create Repository…');
    await quickPick.waitFor('Create Repository');
    await quickPick.type('team/page');
    await quickPick.waitForRow('Last stage');
    assert.deepEqual(await quickPick.labels(), ['Last stage', 'tools', 'page']);
    await quickPick.choose('page');
    await quickPick.waitForRow('Time');
    await quickPick.choose('Time');
    await modal.opened(20_000);
    assert.match(await modal.text(), /Push Dockerfile\.stages to the repository “team\/page”\?/);
    assert.match(await modal.text(), /Dockerfile: Dockerfile\.stages \(page\)/);
    await workbench.screenshot('plan-of-a-push');
    await modal.click(push);
    await notifications.waitFor(/^Pushed 127\.0\.0\.1:\d+\/team\/page:/, longEnough);
    await workbench.clipboard.clear();
    await notifications.click('Pushed', 'Copy Reference');
    assert.match(await workbench.clipboard.read(), /\/team\/page:\d{8}T\d{6}$/);
    const saved = savedTargets().find(({ repository }) => repository === 'team/page');
    assert.equal(saved?.stage, 'page');
    await commitAll(scene.folder, 'A target more');
  });

  it('pushes from a repository’s row, and shows the new image there', async () => {
    await workbench.activity('Gantry');
    const ecr = workbench.view('ECR');
    await ecr.expand('demo/worker');
    await ecr.waitForRow('v1', '');
    await ecr.inline('demo/worker', push);
    const text = await workbench.notifications.waitFor(/^Pushed /, longEnough);
    const tag = /:([0-9a-f]+)\.$/.exec(text)?.[1] ?? '';
    await ecr.waitForRow(tag, 'just now');
    assert.deepEqual((await ecr.labels()).slice(-3), [tag, 'v1', 'team/page']);
  });

  it('ships from a service’s row, whose row and tasks move with the rollout', async () => {
    await workbench.activity('Gantry');
    const ecs = workbench.view('ECS');
    await ecs.expand('demo');
    await ecs.expand(/^worker/);
    await ecs.waitForRow(/^[0-9a-f]{12}/, 'running · worker:1');
    await ecs.inline(/^worker/, ship);
    await ecs.waitForRow(/^worker/, 'deploying', longEnough);
    await workbench.notifications.waitFor('“worker” is healthy', longEnough);
    await ecs.waitForRow(/^worker/, '1/1 running');
    await ecs.row(/^worker.*deploying/).waitFor({ state: 'detached' });
    await ecs.waitForNoRow(/running · worker:1/);
    const offers = await ecs.offers(/^worker/);
    for (const item of [ship, push, 'Build Image', 'Redeploy', 'Open in Browser', 'Copy ARN', 'Refresh']) {
      assert.ok(offers.includes(item), item);
    }
  });

  it('ships from the editor’s title, and pushes from the palette what is open there', async () => {
    const { notifications, page } = workbench;
    await change('From the title');
    await workbench.explorer.open('Dockerfile.dev');
    await page.locator('.editor-actions').getByRole('button', { name: ship }).click();
    await notifications.waitFor('“web” is healthy', longEnough);
    await notifications.clearAll();
    await page.locator('.monaco-editor').first().click({ button: 'right' });
    assert.ok((await menuItems(page)).some((item) => item.trim() === ship));
    await page.keyboard.press('Escape');
    await workbench.palette(`Gantry: ${push}`);
    await notifications.waitFor(/^Pushed .*demo\/web:/, longEnough);
  });

  it('redeploys after saying what and where', async () => {
    const { modal, notifications } = workbench;
    const before = await service('web');
    await workbench.activity('Gantry');
    await workbench.view('ECS').contextMenu(/^web/, 'Redeploy');
    await modal.opened(10_000);
    const { account, region } = scene.sandbox.info;
    assert.match(await modal.text(), new RegExp(`Redeploy “web”\\?[^]*1 task[^]*“demo”[^]*${account}, ${region}`));
    await workbench.screenshot('redeploy-question');
    await modal.click('Redeploy');
    await notifications.waitFor('“web” is healthy: it runs the same revision', longEnough);
    const after = await service('web');
    assert.equal(after.taskDefinition, before.taskDefinition);
    assert.notEqual(after.deployments?.[0]?.id, before.deployments?.[0]?.id);
  });

  it('runs a target as a task of tasks.json', async () => {
    await change('A task');
    await workbench.palette('Tasks: Run Task');
    await workbench.quickPick.waitForRow('Push the jobs');
    await workbench.quickPick.choose('Push the jobs');
    await workbench.notifications.waitFor(/^Pushed .*demo\/worker:/, longEnough);
  });

  it('asks which target when a Dockerfile has two', async () => {
    const { explorer, quickPick, modal } = workbench;
    await explorer.contextMenu('Dockerfile.dev', 'New Target…');
    await quickPick.waitForRow('worker');
    await quickPick.choose('web');
    await quickPick.waitForRow('demo/web');
    await quickPick.choose('demo/web');
    await quickPick.waitForRow('Short git commit');
    await quickPick.choose('Short git commit');
    await modal.opened(20_000);
    await modal.click(ship);
    await workbench.notifications.waitFor('“web” is healthy', longEnough);
    await explorer.contextMenu('Dockerfile.dev', push);
    await quickPick.waitForRow('New Target…');
    assert.deepEqual(await quickPick.labels(), ['dev', 'web', 'New Target…']);
    await quickPick.cancel();
    await commitAll(scene.folder, 'Two targets');
  });

  it('cancels a build: no process stays, nobody calls it an error', async () => {
    const { explorer, notifications } = workbench;
    await explorer.contextMenu('Dockerfile.slow', 'Build Image');
    await notifications.waitFor('Building Dockerfile.slow');
    for (let n = 0; n < 100 && processesOf('Dockerfile.slow').length === 0; n += 1) await sleep(100);
    await sleep(1000);
    assert.notEqual(processesOf('Dockerfile.slow').length, 0);
    await notifications.cancel('Building Dockerfile.slow');
    await workbench.terminal.waitFor('Cancelled');
    for (let n = 0; n < 50 && processesOf('Dockerfile.slow').length > 0; n += 1) await sleep(100);
    assert.deepEqual(processesOf('Dockerfile.slow'), []);
    await sleep(500);
    assert.deepEqual(await notifications.texts(), []);
    await workbench.screenshot('cancelled-build');
  });

  it('cancels a watch: the deployment goes on in AWS', async () => {
    const { notifications } = workbench;
    await change('Not watched');
    await workbench.activity('Gantry');
    await workbench.view('ECS').inline(/^worker/, ship);
    await notifications.waitFor('Rolling out', longEnough);
    await notifications.cancel('Rolling out');
    await notifications.waitFor('Stopped watching “worker”; the deployment goes on in AWS.');
    for (let n = 0; n < 60 && (await service('worker')).deployments?.length !== 1; n += 1) await sleep(500);
    assert.equal((await service('worker')).deployments?.[0]?.rolloutState, 'COMPLETED');
    await workbench
      .view('ECS')
      .row(/^worker.*deploying/)
      .waitFor({ state: 'detached', timeout: 20_000 });
  });

  it('asks about a tag that is taken where tags are immutable', async () => {
    const { modal, notifications } = workbench;
    const immutable = { repositoryName: 'demo/worker', imageTagMutability: 'IMMUTABLE' } as const;
    await scene.ecr.send(new PutImageTagMutabilityCommand(immutable));
    await workbench.activity('Gantry');
    await workbench.view('ECS').inline(/^worker/, ship);
    await modal.opened(30_000);
    const tag =
      /The tag “(\w+)” exists in “demo\/worker”, whose tags are immutable/.exec(await modal.text())?.[1] ?? '';
    await workbench.screenshot('taken-tag');
    await modal.click('Deploy the Existing Image');
    await notifications.waitFor(`“worker” is healthy: it runs demo/worker:${tag}`, longEnough);
    await notifications.clearAll();
    await workbench.view('ECR').inline('demo/worker', push);
    await modal.opened(30_000);
    await modal.click(`Push as ${tag}-2`);
    await notifications.waitFor(new RegExp(`^Pushed .*demo/worker:${tag}-2\\.`), longEnough);
  });

  it('kept to the API', async () => {
    assert.deepEqual(await scene.sandbox.violations(), []);
  });
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
