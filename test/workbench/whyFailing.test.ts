import assert from 'node:assert/strict';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import { SeedService } from './kit/seedService';
import type { View } from './kit/view';
import type { Workbench } from './kit/workbench';

const longEnough = 60_000;
const why = 'Why Is This Failing?';

/** Deployments that Gantry did not start. */
describe('why something fails', () => {
  let scene: Scene;
  let workbench: Workbench;
  let ecs: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({ sandbox: { runtime: 'simulated' }, viewport: { width: 1280, height: 1000 } });
    workbench = scene.workbench;
    await workbench.activity('Gantry');
    ecs = workbench.view('ECS');
    await ecs.expand('demo');
    await ecs.waitForRow('worker', '1/1 running');
  });

  after(() => scene?.close());

  beforeEach(() => workbench.notifications.clearAll());

  /** Lets the worker run a revision that fares as a scenario says. */
  async function deploy(scenario: string): Promise<void> {
    const worker = new SeedService(scene.ecs, 'worker');
    await worker.deploy(await worker.revision(scenario));
    // What nobody knows to move is read again once a minute; a person would not wait for it.
    await ecs.title('Refresh');
    await ecs.waitForRow('worker', /deploying|failing/);
    await ecs.waitForRow('worker', 'failing', longEnough);
  }

  async function documentSays(text: string): Promise<void> {
    await workbench.page
      .locator('.editor-instance .view-line', { hasText: text })
      .first()
      .waitFor({ timeout: longEnough });
  }

  it('is said in a document, with a button that asks before it raises the memory', async () => {
    await deploy('oom');
    await ecs.contextMenu('worker', why);
    const text = await workbench.notifications.waitFor('used more memory than its limit', longEnough);
    assert.match(text, /Raise its memory/);
    await documentSays('Known cause');
    await documentSays('OutOfMemoryError');
    await workbench.screenshot('why-memory');
    await workbench.notifications.click('used more memory', 'Raise Memory');
    await workbench.modal.opened(10_000);
    assert.match(await workbench.modal.text(), /memory: 512 MiB → 1024 MiB.*replaces.*“worker”.*Account 000000000000/s);
    await workbench.modal.click('Raise Memory');
    await workbench.notifications.waitFor('Rolling out', longEnough);
    const { services } = await scene.ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['worker'] }));
    const { taskDefinition } = await scene.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: services?.[0]?.taskDefinition }),
    );
    assert.equal(taskDefinition?.memory, '1024');
  });

  it('is said of a stopped task, with the policy that is missing', async () => {
    await deploy('secret-denied');
    await ecs.expand('worker');
    await ecs.expand('Stopped tasks');
    await ecs.waitForRow(/^[0-9a-f]{12}/, 'AccessDenied', longEnough);
    await ecs.contextMenu(/^[0-9a-f]{12}.*AccessDenied/, why);
    await workbench.notifications.waitFor('may not read a secret', longEnough);
    await documentSays('secretsmanager:GetSecretValue');
    await workbench.notifications.click('may not read a secret', 'Show Policy');
    await workbench.notifications.waitFor('Attach this policy to “ecsTaskExecutionRole”');
    await workbench.screenshot('why-policy');
  });
});
