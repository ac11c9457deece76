import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, type TaskDefinition } from '@aws-sdk/client-ecs';
import type { Locator } from 'playwright-core';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';

/** A task definition, edited and registered from the editor. */
describe('task definitions in the editor', () => {
  let scene: Scene;
  let ecs: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({
      sandbox: { seed: 'tiny', runtime: 'simulated' },
      viewport: { width: 1500, height: 1200 },
      prepare: ({ folder }) => {
        const containerDefinitions = [
          { name: 'page', image: 'busybox:stable', environment: [{ name: 'A', value: '' }] },
        ];
        const text = JSON.stringify({ family: 'page', memory: '128', containerDefinitions }, undefined, 2);
        writeFileSync(path.join(folder, 'page.task-definition.json'), text);
      },
    });
    await scene.workbench.activity('Gantry');
    ecs = scene.workbench.view('ECS');
    await ecs.expand('demo');
    await ecs.waitForRow('worker', 'running');
  });

  after(() => scene?.close());

  const described = async (taskDefinition: string): Promise<TaskDefinition | undefined> =>
    scene.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition })).then(
      (answer) => answer.taskDefinition,
      () => undefined,
    );
  /** Puts a text in the place of another one, by the editor's own search. */
  const replace = async (before: string, after: string): Promise<void> => {
    const { page } = scene.workbench;
    await page.keyboard.press('Control+f');
    await page.locator('.find-widget textarea').first().fill(before);
    await page.waitForTimeout(400); // the search follows the typing
    await page.keyboard.press('Enter');
    await page.locator('.find-widget .matchesCount', { hasText: /\d+ of \d+/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type(after);
  };
  const squiggle = (kind: 'error' | 'warning'): Locator => scene.workbench.page.locator(`.squiggly-${kind}`);
  const lens = (title: string): Locator => scene.workbench.lenses(title).last();

  it('opens the revision of a service as the input of RegisterTaskDefinition', async () => {
    await ecs.contextMenu('worker', 'Edit Task Definition…');
    const { page } = scene.workbench;
    await page.getByRole('tab', { name: /worker-1\.task-definition\.json/ }).waitFor();
    await lens('Register and Deploy to “worker”…').waitFor();
    const lines = page.locator('.editor-instance .view-lines').first();
    await lines.filter({ hasText: 'containerDefinitions' }).waitFor();
    assert.doesNotMatch(await lines.innerText(), /taskDefinitionArn|registeredAt|compatibilities/);
    await lines.click();
  });

  it('says while one writes that Fargate has no such size, and where', async () => {
    const { page } = scene.workbench;
    await replace('512', '700');
    await squiggle('error').first().waitFor();
    await page.keyboard.press('F8');
    await page.locator('.marker-widget', { hasText: 'Fargate does not have 700 MiB with 256 CPU units.' }).waitFor();
    await scene.workbench.screenshot('task-definition-size');
    await page.keyboard.press('Escape');
    await replace('700', '1024');
    await squiggle('error').first().waitFor({ state: 'detached' });
  });

  it('offers the members that the API has', async () => {
    const { page } = scene.workbench;
    await page.keyboard.press('Control+g');
    await page.locator('.quick-input-widget input.input').fill(':1:2');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+Enter'); // a new line below
    await page.keyboard.type('"ephem');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'ephemeralStorage' }).waitFor();
    await scene.workbench.screenshot('task-definition-completion');
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.press('Backspace');
    await squiggle('error').first().waitFor({ state: 'detached' });
  });

  it('keeps what is saved as a draft, and changes nothing by that', async () => {
    const { page } = scene.workbench;
    await page.keyboard.press('Control+s');
    await lens('Discard Draft').waitFor();
    assert.equal(await described('worker:2'), undefined);
  });

  it('shows the differences, asks, registers and deploys', async () => {
    const { page, modal, notifications } = scene.workbench;
    await lens('Register and Deploy to “worker”…').click();
    await modal.opened(20_000);
    const text = await modal.text();
    assert.match(text, /Register a new revision of “worker” and deploy it to “worker”\?/);
    assert.match(text, /memory: "512" → "1024"/);
    assert.match(text, /Account 000000000000, us-east-1/);
    await scene.workbench.screenshot('task-definition-confirm');
    assert.ok((await page.locator('.diff-editor, .monaco-diff-editor').count()) > 0);
    await modal.click('Register and Deploy');
    await page.getByRole('tab', { name: /worker-2\.task-definition\.json/ }).waitFor();
    await notifications.waitFor(/“worker” is healthy/, 90_000);
    const { services = [] } = await scene.ecs.send(
      new DescribeServicesCommand({ cluster: 'demo', services: ['worker'] }),
    );
    assert.match(services[0]?.taskDefinition ?? '', /worker:2$/);
    const [before, after] = [await described('worker:1'), await described('worker:2')];
    assert.equal(after?.memory, '1024');
    assert.deepEqual(after.containerDefinitions, before?.containerDefinitions);
    assert.equal(await page.getByRole('tab', { name: /worker-1\.task-definition\.json/ }).count(), 0);
  });

  it('registers a file of the workspace as a new family', async () => {
    const { page, modal, notifications, explorer } = scene.workbench;
    await notifications.clearAll();
    await explorer.open('page.task-definition.json');
    await page.getByRole('tab', { name: /page\.task-definition\.json/ }).waitFor();
    await lens('Register New Revision…').click();
    await modal.opened(20_000);
    assert.match(await modal.text(), /Register a new revision of “page”\?.*first revision of its family/s);
    await modal.click('Register');
    await notifications.waitFor('Registered page:1. No service runs it yet.');
    assert.deepEqual((await described('page:1'))?.containerDefinitions?.[0]?.environment, [{ name: 'A', value: '' }]);
    await scene.workbench.screenshot('task-definition-registered');
  });

  it('kept to the API', async () => {
    assert.deepEqual(await scene.sandbox.violations(), []);
  });
});
