import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Sandbox, startSandbox } from '../contract/sandboxProcess';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';

/** The containers that a sandbox has started, by id. */
function containersOf(pid: number): string[] {
  const docker = process.env['GANTRY_TEST_ENGINE'] ?? 'docker';
  const args = ['ps', '--all', '--quiet', '--filter', `label=gantry.sandbox.pid=${pid}`];
  return execFileSync(docker, args, { encoding: 'utf8' }).split('\n').filter(Boolean);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The sandbox that an installed Gantry has started. */
function sandboxProcess(home: string): number {
  const table = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return Number.parseInt(table.find((line) => line.includes('sandbox.js') && line.includes(home)) ?? '', 10);
}

describe('from no connection at all to the right one', () => {
  let scene: Scene;
  let empty: Sandbox;
  let ecs: View;
  let ecr: View;
  let config: string;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    empty = await startSandbox({ seed: 'empty' });
    scene = await openScene({
      env: ({ home }) => ({
        ...{ GANTRY_SANDBOX: '', HOME: home, AWS_EC2_METADATA_DISABLED: 'true' },
        ...{ AWS_CONFIG_FILE: path.join(home, 'config'), AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
        ...{ AWS_PROFILE: undefined, AWS_REGION: undefined, AWS_ACCESS_KEY_ID: undefined },
        // Nothing here may reach the real AWS.
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      }),
    });
    config = path.join(scene.home, 'config');
    ecs = scene.workbench.view('ECS');
    ecr = scene.workbench.view('ECR');
    await scene.workbench.activity('Gantry');
  });

  after(async () => {
    await scene?.close();
    await empty.stop();
  });

  function writeProfiles(...names: readonly string[]): void {
    const keys = 'region = us-east-1\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n';
    writeFileSync(config, names.map((name) => `[profile ${name}]\n${keys}`).join('\n'));
  }

  const switchTo = async (row: string | RegExp): Promise<void> => {
    await ecs.title('Switch Connection');
    await scene.workbench.quickPick.waitFor('Switch Connection');
    await scene.workbench.quickPick.choose(row);
  };

  /** Switches to a profile, and then to the endpoint that stands for AWS. */
  const reach = async (profile: string, endpoint: string): Promise<void> => {
    await switchTo(profile);
    await ecs.waitForDescription(profile);
    await switchTo('Endpoint…');
    await scene.workbench.quickPick.waitFor('Endpoint');
    await scene.workbench.quickPick.type(endpoint);
  };

  it('says that no Region is set, and helps to choose one', async () => {
    const buttons = ['Choose Region', 'Start Sandbox'];
    assert.deepEqual(await ecs.welcomeButtons('No AWS Region is set.'), buttons);
    assert.deepEqual(await ecr.welcomeButtons('No AWS Region is set.'), buttons);
    await ecs.welcome().getByRole('button', { name: 'Choose Region' }).click();
    await scene.workbench.quickPick.choose('Region…');
    await scene.workbench.quickPick.waitForRow('eu-central-1');
    await scene.workbench.quickPick.choose('eu-central-1');
  });

  it('says that there are no credentials', async () => {
    const text = 'Gantry found no AWS credentials.';
    assert.deepEqual(await ecs.welcomeButtons(text), ['Switch Connection', 'Start Sandbox']);
    assert.deepEqual(await ecr.welcomeButtons(text), ['Switch Connection', 'Start Sandbox']);
    await ecs.waitForDescription('default · eu-central-1');
    await scene.workbench.screenshot('welcome-no-credentials');
  });

  it('switches to a profile and to an endpoint, and refuses what is none', async () => {
    writeProfiles('dev', 'hollow');
    await reach('dev', 'not a URL');
    await scene.workbench.quickPick.waitForMessage('An http or https URL');
    await scene.workbench.quickPick.type(scene.sandbox.endpoint);
    await ecs.waitForRow('demo', '2 services');
    await ecr.waitForRow('demo/web', '');
    await ecs.waitForDescription(`dev · us-east-1 · ${scene.sandbox.info.account} · ${scene.sandbox.endpoint}`);
  });

  it('says that the session has expired, once, and goes on after the next sign-in', async () => {
    await scene.sandbox.addFault({ match: {}, fault: { kind: 'expired' } });
    await ecs.title('Refresh ECS');
    await ecs.waitForRow('session has expired', 'The AWS session has expired.');
    // What was known stays, and nothing else is said.
    await ecs.waitForRow('demo', '2 services');
    assert.deepEqual(await scene.workbench.notifications.texts(), []);
    await scene.workbench.screenshot('expired');
    await ecs.inline('session has expired', 'Sign In');
    await scene.workbench.notifications.waitFor('renewed by the tool that made them');
    await scene.sandbox.clearFaults();
    await scene.workbench.notifications.click('renewed by the tool', 'Try Again');
    await ecs.waitForNoRow('session has expired');
    await ecs.waitForRow('demo', '2 services');
  });

  it('shows no row of the old connection while the new one has not answered', async () => {
    await empty.addFault({ match: {}, fault: { kind: 'delay', ms: 4000 } });
    await reach('hollow', empty.endpoint);
    await scene.workbench.page.waitForTimeout(1500);
    assert.deepEqual([...(await ecs.labels()), ...(await ecr.labels())], []);
    assert.match(await ecs.description(), /^hollow/);
    await empty.clearFaults();
  });

  it('says that nothing is there', async () => {
    const ways = ['Deploy a Dockerfile to a New Service', 'Switch Connection', 'Start Sandbox'];
    assert.deepEqual(await ecs.welcomeButtons('There are no clusters'), ways);
    assert.deepEqual(await ecr.welcomeButtons('There are no repositories'), ['Create Repository', 'Switch Connection']);
    await scene.workbench.screenshot('welcome-nothing-here');
    await ecr.welcome().getByRole('button', { name: 'Create Repository' }).click();
    await scene.workbench.quickPick.type('Team/Web');
    await scene.workbench.quickPick.waitForMessage('Lower case letters and digits');
    await scene.workbench.quickPick.type('team/web');
    await ecr.waitForRow('team/web', '');
  });

  it('says that the profile does not exist', async () => {
    writeProfiles('dev');
    await switchTo('Endpoint…');
    await scene.workbench.quickPick.waitFor('Endpoint');
    await scene.workbench.quickPick.type(empty.endpoint);
    const text = 'The AWS profile of this connection does not exist.';
    assert.deepEqual(await ecs.welcomeButtons(text), ['Switch Connection', 'Start Sandbox']);
    assert.deepEqual(await ecs.labels(), []);
    // What was known stays where there was something.
    await ecr.waitForRow('hollow', 'There is no AWS profile named “hollow”');
    await ecr.waitForRow('team/web', '');
  });

  it('says that an endpoint is not AWS, in one row', async () => {
    await scene.sandbox.addFault({ match: {}, fault: { kind: 'html' } });
    await reach('dev', scene.sandbox.endpoint);
    await ecs.waitForRow('not from AWS', 'ecs:ListClusters got an answer that is not from AWS');
    await scene.sandbox.clearFaults();
    await ecs.row('not from AWS').click();
    await ecs.waitForRow('demo', '2 services');
  });

  it('starts a sandbox, says what its tasks are, and shows it', async () => {
    const { notifications, quickPick } = scene.workbench;
    await scene.workbench.palette('Gantry: Start Sandbox');
    // The small world comes first: Enter is enough.
    await quickPick.waitForRow('A small world');
    await scene.workbench.page.keyboard.press('Enter');
    await notifications.waitFor('The sandbox runs. Its tasks are real containers in docker', 60_000);
    await ecs.waitForDescription(/^Sandbox · us-east-1 · \d{12}/);
    await ecs.expand('demo');
    await ecs.waitForRow('web', '1/1 running', 60_000);
    await ecr.waitForRow('demo/web', '');
    await scene.workbench.screenshot('sandbox-started');
  });

  it('shows in the status bar which sandbox runs, and what one can do with it', async () => {
    const { page, quickPick } = scene.workbench;
    const { clipboard } = scene.workbench;
    const item = page.locator('.statusbar-item').filter({ hasText: 'Sandbox: tiny' });
    const choose = async (row: string): Promise<void> => {
      await item.click();
      await quickPick.waitFor('Sandbox: tiny');
      await quickPick.choose(row);
    };
    await clipboard.clear();
    await choose('Copy Endpoint');
    const endpoint = await clipboard.read();
    assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
    await clipboard.clear();
    await choose('Copy Environment for the AWS CLI');
    assert.match(await clipboard.read(), new RegExp(`AWS_ENDPOINT_URL=${endpoint}\\n`));
    await scene.workbench.activity('Explorer');
    await choose('Show Gantry');
    await ecs.row('demo').waitFor();
    await choose('Stop Sandbox');
    await scene.workbench.modal.opened(10_000);
    await scene.workbench.modal.click('Cancel');
  });

  it('stops the sandbox after asking, and leaves nothing behind', async () => {
    const { modal, notifications } = scene.workbench;
    const pid = sandboxProcess(path.dirname(path.dirname(scene.workbench.server.logsDir)));
    assert.ok(isRunning(pid));
    assert.equal(containersOf(pid).length, 2);
    await scene.workbench.palette('Gantry: Stop Sandbox');
    await modal.opened(10_000);
    assert.match(await modal.text(), /Stop the sandbox\?[^]*services and containers are gone then/);
    await modal.click('Cancel');
    assert.ok(isRunning(pid));
    await scene.workbench.palette('Gantry: Stop Sandbox');
    await modal.click('Stop Sandbox');
    await ecs.welcome().waitFor({ timeout: 60_000 });
    assert.equal(isRunning(pid), false);
    assert.deepEqual(containersOf(pid), []);
    assert.deepEqual(await ecs.labels(), []);
    await notifications.toast('Stopping the sandbox').waitFor({ state: 'detached' });
    assert.equal(existsSync(path.join(scene.home, '.aws')), false);
  });

  it('leads a newcomer: a step of the walkthrough starts the sandbox', async () => {
    const { page, quickPick, notifications } = scene.workbench;
    await notifications.clearAll();
    await scene.workbench.palette('Welcome: Open Walkthrough...');
    await quickPick.choose('Containers on AWS in an afternoon');
    await page.locator('.getting-started-step', { hasText: 'start the sandbox' }).click();
    await page.getByRole('button', { name: 'Start Sandbox', exact: true }).first().click();
    await notifications.waitFor('The sandbox runs.', 60_000);
    await ecs.waitForRow('demo', '2 services');
    await scene.workbench.screenshot('walkthrough');
  });
});
