import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AwsCli, until } from '../contract/tools';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';

const longEnough = 120_000;

/** What the short way does not ask: every other choice, templates, Express Mode, and a person who may not. */
describe('the full way to a new service', () => {
  let scene: Scene;
  let aws: AwsCli;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({ sandbox: { seed: 'empty', runtime: 'simulated' } });
    aws = new AwsCli(scene.sandbox);
  });

  after(async () => {
    aws?.close();
    await scene?.close();
  });

  beforeEach(() => scene.workbench.notifications.clearAll());

  const template = (): string => path.join(scene.folder, 'full.template.yaml');

  /** The questions of the short way, up to the plan. */
  async function askFor(name: string, cluster: string): Promise<void> {
    const { explorer, quickPick, modal } = scene.workbench;
    await explorer.contextMenu('Dockerfile', 'Deploy to New Service…');
    await quickPick.waitFor('Deploy to New Service');
    await quickPick.type(name);
    await quickPick.choose(cluster);
    await quickPick.choose('0.25 vCPU · 0.5 GiB');
    await modal.opened(30_000);
  }

  it('says what is missing where CloudFormation may not be asked', async () => {
    const { modal, quickPick, clipboard } = scene.workbench;
    const match = { service: 'cloudformation', operation: 'CreateChangeSet' };
    await scene.sandbox.addFault({ match, fault: { kind: 'denied' } });
    await askFor('full', 'New cluster “full”');
    const text = await modal.text();
    assert.match(text, /You may not let CloudFormation create “full”/);
    assert.match(text, /cloudformation:CreateChangeSet was denied/);
    await clipboard.clear();
    await modal.click('Copy Policy');
    assert.match(await clipboard.read(), /"cloudformation:CreateChangeSet"/);
    await scene.sandbox.clearFaults();
    assert.equal(await quickPick.isOpen(), false);
  });

  it('has every choice in one list, refuses what AWS would refuse, and begins to scale after the first ship', async () => {
    const { quickPick, modal, notifications } = scene.workbench;
    await askFor('full', 'New cluster “full”');
    await modal.click('Change…');
    await quickPick.narrow('Insights');
    await quickPick.choose('Container Insights');
    await quickPick.waitForRow(/Insights\s*on/);
    await quickPick.narrow('Tasks');
    await quickPick.choose(/^Tasks/);
    await quickPick.waitForMessage('How many tasks run');
    await quickPick.type('0');
    await quickPick.waitForMessage('A whole number from 1 to 5000');
    await quickPick.type('2');
    await quickPick.choose(/^Scaling/);
    await quickPick.choose('By CPU…');
    for (const [question, number] of [
      ['Tasks at least', '2'],
      ['Tasks at most', '4'],
      ['Percent of CPU', '55'],
    ] as const) {
      await quickPick.waitForMessage(question);
      await quickPick.type(number);
    }
    await quickPick.row('2 to 4 tasks, at 55 % CPU').waitFor();
    await scene.workbench.screenshot('creation-choices');
    await quickPick.choose('Go on with these choices');
    await modal.click('Create');
    await notifications.waitFor(/“full” is healthy/, longEnough);
    const targets = ['describe-scalable-targets', '--service-namespace', 'ecs', '--query'];
    const range = 'ScalableTargets[].[MinCapacity,MaxCapacity]';
    await until('the range of scaling', 30, async () =>
      JSON.stringify(await aws.json('application-autoscaling', ...targets, range)) === '[[2,4]]' ? true : undefined,
    );
    const cluster = ['describe-clusters', '--clusters', 'full', '--include', 'SETTINGS', '--query'];
    assert.deepEqual(await aws.json('ecs', ...cluster, 'clusters[0].settings[0].value'), 'enabled');
  });

  it('keeps the template in the workspace, and deploys it again when it was edited', async () => {
    const { quickPick, modal, notifications, page } = scene.workbench;
    await scene.workbench.palette('Gantry: Edit Template…');
    await quickPick.choose('full');
    await modal.click('Keep in the Workspace');
    await page.getByRole('tab', { name: /full\.template\.yaml/ }).waitFor();
    assert.ok(existsSync(template()));
    const text = readFileSync(template(), 'utf8');
    assert.match(text, /^# /m, 'no comments');
    writeFileSync(template(), text.replace(/RetentionInDays: \d+/, 'RetentionInDays: 60'));
    await scene.workbench.palette('Gantry: Deploy Template…');
    await quickPick.choose('full');
    const plan = await modal.text();
    assert.match(plan, /~ Logs LogGroup/);
    await modal.click('Deploy');
    await notifications.waitFor('The stack “full” is up to date.', longEnough);
    const groups = ['describe-log-groups', '--query', 'logGroups[].retentionInDays'];
    assert.deepEqual(await aws.json('logs', ...groups), [60]);
  });

  it('makes a service of Express Mode from a name and a size', async () => {
    const { quickPick, modal, notifications } = scene.workbench;
    await scene.workbench.palette('Gantry: Deploy to New Service in Express Mode…');
    await quickPick.waitFor('Deploy in Express Mode');
    await quickPick.type('quick');
    await quickPick.choose('0.25 vCPU · 0.5 GiB');
    assert.match(await modal.text(), /an HTTPS address that Express Mode makes/);
    await modal.click('Create');
    await notifications.waitFor('“quick” runs.', longEnough);
    const services = await aws.json('ecs', 'list-services', '--cluster', 'quick', '--query', 'length(serviceArns)');
    assert.equal(services, 1);
  });
});
