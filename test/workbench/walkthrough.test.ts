import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { commitAll } from '../kit/sampleWorkspace';
import { walkthroughSteps } from '../kit/walkthrough';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';

const longEnough = 120_000;
const healthy = /“hello” is healthy/;

/** A learner goes from step to step; each is one press of a button, checks itself off, and stays so. */
describe('the walkthrough, by a learner without an account', () => {
  let scene: Scene;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({
      viewport: { width: 1600, height: 1100 },
      env: ({ home }) => ({
        ...{ GANTRY_SANDBOX: '', HOME: home, AWS_EC2_METADATA_DISABLED: 'true' },
        ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
        ...{ AWS_PROFILE: undefined, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: undefined },
        // Nothing here may reach the real AWS.
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      }),
    });
  });

  after(() => scene?.close());

  beforeEach(() => scene.workbench.notifications.clearAll());

  const file = (name: string): string => path.join(scene.folder, name);

  async function change(name: string, from: RegExp, to: string): Promise<void> {
    const text = readFileSync(file(name), 'utf8');
    assert.match(text, from);
    writeFileSync(file(name), text.replace(from, to));
    await commitAll(scene.folder, name);
  }

  async function open(title: string): Promise<Locator> {
    const { page, quickPick } = scene.workbench;
    const step = page.locator('.getting-started-step', { hasText: title }).first();
    if (!(await step.isVisible())) {
      await scene.workbench.palette('Welcome: Open Walkthrough...');
      await quickPick.choose('Containers on AWS in an afternoon');
      await step.waitFor();
    }
    if (!/\bexpanded\b/.test((await step.getAttribute('class')) ?? '')) await step.click();
    return step;
  }

  /** Goes to a step and presses its button. */
  async function press(title: string, button: string): Promise<void> {
    const step = await open(title);
    await step.getByRole('button', { name: button, exact: true }).click();
  }

  async function checkedOff(title: string): Promise<void> {
    const step = await open(title);
    await step.locator('.getting-started-step-checked, .codicon.complete').first().waitFor();
  }

  async function choose(...labels: readonly (string | RegExp)[]): Promise<void> {
    for (const label of labels) await scene.workbench.quickPick.choose(label);
  }

  it('1: has something to ship, and builds it', async () => {
    const { page, quickPick, notifications } = scene.workbench;
    await press('something to ship', 'Open Sample Project…');
    const input = page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await page.waitForTimeout(1_000); // the dialog fills in its suggestion last
    await input.fill(`${scene.home}/`);
    await page.getByRole('button', { name: 'Create Here' }).click();
    await notifications.waitFor('The sample project is in');
    assert.ok(existsSync(path.join(scene.home, 'gantry-sample', 'Dockerfile')));
    rmSync(path.join(scene.home, 'gantry-sample'), { recursive: true });
    await checkedOff('something to ship');
    await press('build one', 'Build Image');
    await notifications.waitFor(/Built .* for linux/, longEnough);
    await checkedOff('build one');
    assert.equal(await quickPick.isOpen(), false);
  });

  it('2: starts the sandbox, creates a repository and says who may pull', async () => {
    const { page, quickPick, modal, notifications } = scene.workbench;
    await press('start the sandbox', 'Start Sandbox');
    await notifications.waitFor('The sandbox runs. Its tasks are real containers', longEnough);
    await checkedOff('start the sandbox');
    await press('create a repository', 'Create Repository…');
    await quickPick.waitFor('Create Repository');
    assert.equal(await quickPick.value(), 'learning');
    await quickPick.accept();
    await notifications.waitFor('Created the repository “learning”.');
    await checkedOff('create a repository');
    await press('say who may pull', 'Edit Repository Policy');
    await choose('learning');
    await notifications.waitFor('This one is a proposal');
    await page.locator('.editor-instance .view-lines', { hasText: 'Statement' }).first().click();
    await page.keyboard.press('Control+s');
    await modal.click('Save Policy');
    await checkedOff('say who may pull');
  });

  it('3: builds, tags and pushes, and pulls again', async () => {
    const { modal, notifications } = scene.workbench;
    await press('Build, tag and push', 'Build and Push');
    await choose('learning', 'Short git commit');
    await modal.click('Build and Push');
    await notifications.waitFor(/Pushed .*learning/, longEnough);
    await checkedOff('Build, tag and push');
    await press('Pull it again', 'Pull Image');
    await choose('learning', /./);
    await notifications.waitFor(/Pulled .*learning/, longEnough);
    await checkedOff('Pull it again');
  });

  it('4: looks at services, and reads a task definition', async () => {
    await press('clusters, services, tasks', 'Show Gantry');
    await scene.workbench.view('ECS').waitForRow('demo', '');
    await checkedOff('clusters, services, tasks');
    await press('read a task definition', 'View Task Definition');
    await choose('web', 'web:1');
    await scene.workbench.page.getByRole('tab', { name: /web/ }).first().waitFor();
    await checkedOff('read a task definition');
  });

  it('5: deploys to a new service, visits it and ships a change', async () => {
    const { quickPick, modal, notifications } = scene.workbench;
    await press('A service on Fargate', 'Deploy to New Service…');
    await quickPick.waitFor('Deploy to New Service');
    await quickPick.type('hello');
    await choose('New cluster “hello”', '0.25 vCPU · 0.5 GiB');
    await modal.click('Create');
    await notifications.waitFor(healthy, longEnough);
    await checkedOff('A service on Fargate');
    await notifications.clearAll();
    await press('Visit it', 'Open in Browser');
    const visit = scene.workbench.page.context().waitForEvent('page');
    await chooseService();
    const page = await visit;
    // The editor in the browser leads to ports of its machine by a proxy of its own.
    const port = /\/proxy\/(\d+)\//.exec(page.url())?.[1];
    assert.match(await (await fetch(`http://127.0.0.1:${port}/`)).text(), /Hello from a container/);
    await page.close();
    await checkedOff('Visit it');
    await change('www/index.html', /<h1>.*<\/h1>/, '<h1>Changed</h1>');
    await ship('Ship a change');
    await notifications.waitFor(healthy, longEnough);
    await checkedOff('Ship a change');
  });

  it('6: sees the network as a picture and as text', async () => {
    await press('security groups, subnets, ENIs', 'Show Network');
    await chooseService();
    await scene.workbench.webview().getByText('1 of 1 ways in are open.').waitFor();
    await scene.workbench.screenshot('walkthrough-network');
    await checkedOff('security groups, subnets, ENIs');
    await press('the load balancer', 'Show Network as Text');
    await chooseService();
    await scene.workbench.page.getByRole('tab', { name: /Network of hello\.md/ }).waitFor();
    await checkedOff('the load balancer');
  });

  it('7: breaks it, finds the cause and mends it', async () => {
    const { notifications } = scene.workbench;
    await change('Dockerfile', /^ENV GREETING/m, '# $&');
    await ship('Break it');
    const verdict = await notifications.waitFor('“hello” was rolled back', longEnough);
    assert.match(verdict, /GREETING|exit/i);
    await checkedOff('Break it');
    await press('Find the cause', 'Why Is This Failing?');
    await chooseService();
    await scene.workbench.page.locator('.view-line', { hasText: 'GREETING is not set' }).first().waitFor();
    await checkedOff('Find the cause');
    await notifications.clearAll();
    await change('Dockerfile', /^# ENV GREETING/m, 'ENV GREETING');
    await ship('Mend it');
    await notifications.waitFor(healthy, longEnough);
    await checkedOff('Mend it');
  });

  it('8: cleans up, and every step is checked off', async () => {
    const { page, modal, notifications, quickPick } = scene.workbench;
    await press('Clean up', 'Delete Everything This Target Created…');
    await choose('hello');
    await modal.click('Delete Everything');
    await modal.click('Delete Images');
    await notifications.waitFor('Everything that “hello” created is gone.', longEnough);
    await checkedOff('Clean up');
    await press('Use your own account', 'Switch Connection');
    await quickPick.waitFor('Switch Connection');
    await quickPick.cancel();
    await checkedOff('Use your own account');
    const done = page.locator('.getting-started-step:has(.getting-started-step-checked, .codicon.complete)');
    assert.equal(await done.count(), walkthroughSteps().length);
    await scene.workbench.screenshot('walkthrough-done');
  });

  /** Nothing is asked: there is one target by now. */
  async function ship(title: string): Promise<void> {
    await scene.workbench.notifications.clearAll();
    await press(title, 'Build, Push and Redeploy');
  }

  async function chooseService(): Promise<void> {
    await choose('hello');
    await scene.workbench.page.locator('input[placeholder="Service in hello"]').waitFor();
    await choose('hello');
  }
});
