import assert from 'node:assert/strict';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type Service,
} from '@aws-sdk/client-ecs';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';
import type { Workbench } from './kit/workbench';

const longEnough = 90_000;

describe('rollouts', () => {
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
    await ecs.waitForRow('web', '1/1 running');
  });

  after(() => scene?.close());

  beforeEach(() => workbench.notifications.clearAll());

  /** A revision of the web service that fares as a scenario says. */
  async function revision(scenario: string | undefined): Promise<string> {
    const { taskDefinition } = await scene.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web:1' }));
    const [definition] = taskDefinition?.containerDefinitions ?? [];
    const labels = scenario ? { 'gantry.sandbox.scenario': scenario } : { made: 'well' };
    const input = {
      family: 'web',
      requiresCompatibilities: taskDefinition?.requiresCompatibilities,
      networkMode: taskDefinition?.networkMode,
      cpu: taskDefinition?.cpu,
      memory: taskDefinition?.memory,
      executionRoleArn: taskDefinition?.executionRoleArn,
      containerDefinitions: [{ ...definition, dockerLabels: labels }],
    };
    const registered = await scene.ecs.send(new RegisterTaskDefinitionCommand(input));
    return registered.taskDefinition?.taskDefinitionArn ?? '';
  }

  async function deploy(taskDefinition: string): Promise<void> {
    await scene.ecs.send(new UpdateServiceCommand({ cluster: 'demo', service: 'web', taskDefinition }));
  }

  async function service(): Promise<Service> {
    const { services = [] } = await scene.ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['web'] }));
    assert.ok(services[0]);
    return services[0];
  }

  async function documentSays(text: string): Promise<void> {
    await workbench.page
      .locator('.editor-instance .view-line', { hasText: text })
      .first()
      .waitFor({ timeout: longEnough });
  }

  it('are watched from a row, whoever started them: the cause is on the screen before the verdict', async () => {
    await deploy(await revision('exit-3'));
    await ecs.contextMenu('web', 'Watch Rollout');
    const status = workbench.page.locator('#gantry\\.gantry\\.gantry\\.rollouts, [id$="gantry.rollouts"]');
    await status.waitFor();
    await status.click();
    await documentSays('exit code 3');
    await workbench.screenshot('rollout-failing');
    const text = await workbench.notifications.waitFor('was rolled back', longEnough);
    assert.match(text, /exit code 3/);
    await documentSays('was rolled back');
    await workbench.screenshot('rollout-rolled-back');
  });

  it('go on after a reload of the window', async () => {
    const good = await revision(undefined);
    await deploy(good);
    await ecs.contextMenu('web', 'Watch Rollout');
    await workbench.notifications.waitFor('Rolling out', longEnough);
    await workbench.page.reload({ waitUntil: 'domcontentloaded' });
    await workbench.notifications.waitFor('“web” is healthy', longEnough);
    await workbench.screenshot('rollout-after-reload');
    assert.equal((await service()).taskDefinition, good);
  });

  it('are rolled back to what went well before, from the row', async () => {
    await ecs.expand('demo');
    await ecs.contextMenu('web', 'Roll Back…');
    await workbench.modal.opened(20_000);
    await workbench.screenshot('rollout-roll-back');
    assert.match(await workbench.modal.text(), /Roll “web” back to web:1\?/);
    await workbench.modal.click('Roll Back');
    await workbench.notifications.waitFor('“web” is healthy', longEnough);
    await workbench.screenshot('rollout-back');
  });
});
