import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { type Sandbox, startSandbox } from '../contract/sandboxProcess';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';

/** Two accounts in one sidebar. */
describe('several connections', () => {
  let scene: Scene;
  let live: Sandbox;
  let ecs: View;

  keepEvidence(() => scene, 'Gantry');

  function writeProfiles(profiles: Record<string, string>): void {
    const keys = 'region = us-east-1\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n';
    const texts = Object.entries(profiles).map(([name, url]) => `[${name}]\n${keys}endpoint_url = ${url}\n`);
    writeFileSync(path.join(scene.home, 'config'), texts.join('\n'));
  }

  before(async () => {
    live = await startSandbox({ seed: 'shop' });
    scene = await openScene({
      sandbox: { seed: 'tiny', runtime: 'simulated' },
      viewport: { width: 1280, height: 1600 },
      env: ({ home }) => ({
        ...{ GANTRY_SANDBOX: '', HOME: home, AWS_EC2_METADATA_DISABLED: 'true' },
        ...{ AWS_CONFIG_FILE: path.join(home, 'config'), AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
        ...{ AWS_PROFILE: undefined, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: undefined },
      }),
    });
    ecs = scene.workbench.view('ECS');
    await scene.workbench.activity('Gantry');
  });

  after(async () => {
    await scene?.close();
    await live.stop();
  });

  const desired = async (): Promise<number | undefined> => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const client = new ECSClient({ endpoint: live.endpoint, region: 'us-east-1', credentials });
    const input = { cluster: 'production', services: ['orders'] };
    const { services = [] } = await client.send(new DescribeServicesCommand(input));
    client.destroy();
    return services[0]?.desiredCount;
  };

  const edit = async (...answers: readonly string[]): Promise<void> => {
    await ecs.contextMenu('live', 'Edit Connection…');
    await scene.workbench.quickPick.waitFor('Edit Connection');
    for (const answer of answers) await scene.workbench.quickPick.choose(answer);
  };

  it('comes back without a click when credentials appear', async () => {
    await ecs.welcomeButtons('Gantry found no AWS credentials.');
    writeProfiles({ default: scene.sandbox.endpoint, 'profile live': live.endpoint });
    await ecs.waitForRow('demo', '2 services');
  });

  it('shows another connection beside the first one', async () => {
    await scene.workbench.palette('Gantry: Add Connection…');
    await scene.workbench.quickPick.waitFor('Add Connection');
    await scene.workbench.quickPick.choose('live');
    await ecs.waitForDescription('2 connections');
    await ecs.waitForRow('default', 'us-east-1 · 000000000000');
    await ecs.waitForRow('demo', '2 services');
    await ecs.waitForRow('production', '6 services');
  });

  it('gives a connection a colour and marks it as production', async () => {
    await edit('Colour…', 'Red');
    await ecs.waitForRow('live', 'us-east-1');
    await edit('Production');
    await ecs.waitForRow('live', 'production · us-east-1');
    await ecs.expand(/^production/);
    await ecs.waitForRow('orders', 'running');
    await scene.workbench.screenshot('connections-two');
  });

  it('asks with the account before production changes', async () => {
    await ecs.contextMenu('orders', 'Scale…');
    await scene.workbench.quickPick.waitFor('Scale “orders”');
    await scene.workbench.quickPick.type('2');
    await scene.workbench.modal.opened(5_000);
    assert.match(
      await scene.workbench.modal.text(),
      /Account 000000000000, us-east-1: “🔴 live” is marked as production/,
    );
    await scene.workbench.modal.click('Scale');
    await ecs.waitForRow('orders', '2/2 running');
    assert.equal(await desired(), 2);
  });

  it('changes nothing over a read-only connection', async () => {
    await edit('Read-only');
    await ecs.waitForRow('live', 'read-only');
    await ecs.contextMenu('orders', 'Scale…');
    await scene.workbench.notifications.waitFor('“🔴 live” is a read-only connection.');
    assert.equal(await desired(), 2);
  });

  it('shows what was known when the window opens again, as old, until it is read', async () => {
    await scene.workbench.page.waitForTimeout(4_000);
    for (const sandbox of [scene.sandbox, live]) {
      await sandbox.addFault({ match: { service: 'ecs' }, fault: { kind: 'delay', ms: 6_000 } });
    }
    await scene.workbench.page.reload({ waitUntil: 'domcontentloaded' });
    await ecs.waitForRow('demo', /2 services · 2 tasks · as of/);
    await scene.workbench.screenshot('connections-remembered');
    for (const sandbox of [scene.sandbox, live]) await sandbox.clearFaults();
    await ecs.waitForNoRow('as of');
    await ecs.waitForRow('demo', '2 services');
  });

  it('goes to a service of any of them', async () => {
    await scene.workbench.palette('Gantry: Go to Service…');
    await scene.workbench.quickPick.waitFor('Go to Service');
    await scene.workbench.quickPick.waitForRow('search');
    await scene.workbench.page.keyboard.type('search');
    await scene.workbench.quickPick.accept();
    await ecs.tree().locator('.monaco-list-row.focused', { hasText: 'search' }).waitFor();
  });

  it('lets one go', async () => {
    await ecs.contextMenu('live', 'Remove Connection');
    await ecs.waitForNoRow('production');
    await ecs.waitForDescription('default · us-east-1');
    await ecs.waitForRow('demo', '2 services');
  });
});
