import assert from 'node:assert/strict';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { Locator } from 'playwright-core';
import { until } from '../contract/tools';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';

/** From an image to a service that runs, each piece on its own, by clicks. */
describe('a service, piece by piece', () => {
  let scene: Scene;
  let definitions: View;
  let ecs: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({
      sandbox: { seed: 'tiny', runtime: 'simulated' },
      viewport: { width: 1500, height: 1400 },
    });
    await scene.workbench.activity('Gantry');
    await scene.workbench.page.locator('.pane-header', { hasText: 'Task Definitions' }).click();
    definitions = scene.workbench.view('Task Definitions');
    ecs = scene.workbench.view('ECS');
  });

  after(() => scene?.close());

  const lens = (title: string): Locator => scene.workbench.lenses(title).last();

  it('asks for a task definition what the image does not say, with the way back', async () => {
    const { page, quickPick } = scene.workbench;
    const ecr = scene.workbench.view('ECR');
    await ecr.expand('demo/web');
    await ecr.contextMenu(/^v1/, 'Create Task Definition from Image…');
    await quickPick.waitFor(/Create Task Definition \(1\/6\)/);
    assert.equal(await quickPick.value(), 'web');
    await quickPick.waitForMessage('There is a family “web” already');
    await quickPick.type('the page');
    await quickPick.waitForMessage('letters, digits, hyphens and underscores');
    await quickPick.type('page');
    await quickPick.waitFor('(2/6)');
    await quickPick.choose('0.25 vCPU · 0.5 GiB');
    await quickPick.waitFor('(3/6)');
    await page.locator('.quick-input-widget').getByRole('button', { name: 'Back' }).click();
    await quickPick.waitFor('(2/6)');
    await quickPick.choose('0.25 vCPU · 1 GiB');
    await quickPick.waitFor('(3/6)');
    assert.equal(await quickPick.value(), '8080');
    await scene.workbench.screenshot('create-definition-port');
    await quickPick.accept();
    await quickPick.waitForRow('/ecs/page');
    await scene.workbench.screenshot('create-definition-logs');
    await quickPick.choose('/ecs/page');
    await quickPick.choose('ecsTaskExecutionRole');
    await quickPick.choose('Add a Variable…');
    await quickPick.waitForMessage('Name of the variable');
    await quickPick.type('MODE');
    await quickPick.waitForMessage('Value of MODE');
    await quickPick.type('live');
    await quickPick.waitForRow('MODE');
    await scene.workbench.screenshot('create-definition-environment');
    await quickPick.choose('Open the Draft');
    await page.getByRole('tab', { name: /page\.task-definition\.json/ }).waitFor();
  });

  it('opens it as a draft that is registered as the first revision of its family', async () => {
    const { page, modal, notifications } = scene.workbench;
    await lens('Register New Revision…').waitFor();
    assert.equal(await lens('Compare with').count(), 0);
    await page.waitForTimeout(1_500); // what is missing in the account would be said by now
    assert.equal(await page.locator('.squiggly-warning, .squiggly-error').count(), 0);
    await scene.workbench.screenshot('create-definition-draft');
    await lens('Register New Revision…').click();
    await modal.opened(20_000);
    assert.match(await modal.text(), /Register a new revision of “page”\?.*first revision of its family/s);
    await modal.click('Register');
    await notifications.waitFor('Registered page:1. No service runs it yet.');
    await definitions.waitForRow('page', '');
    const { taskDefinition } = await scene.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'page:1' }));
    const [container] = taskDefinition?.containerDefinitions ?? [];
    assert.deepEqual([taskDefinition?.cpu, taskDefinition?.memory], ['256', '1024']);
    assert.deepEqual(container?.environment, [{ name: 'MODE', value: 'live' }]);
    assert.match(container?.image ?? '', /demo\/web:v1$/);
  });

  it('takes an image of another registry too, and throws a draft away', async () => {
    const { page, quickPick } = scene.workbench;
    await scene.workbench.palette('Gantry: Create Task Definition…');
    await quickPick.choose('Another Image…');
    await quickPick.waitForMessage('Image that the container runs');
    await quickPick.type('redis 7');
    await quickPick.waitForMessage('An image such as');
    await quickPick.type('redis:7');
    await quickPick.waitForMessage('Family');
    await quickPick.accept();
    await quickPick.choose('0.25 vCPU · 0.5 GiB');
    await quickPick.waitForMessage('Port on which the container listens; empty for none');
    await quickPick.accept();
    // Without logs and from a public registry, no execution role is needed, and none is asked for.
    await quickPick.choose('No Logs');
    await quickPick.choose('Open the Draft');
    const tab = page.getByRole('tab', { name: /redis\.task-definition\.json/ });
    await tab.waitFor();
    await lens('Discard Draft').click();
    await tab.waitFor({ state: 'detached' });
  });

  it('makes a service of it, whose row appears and whose rollout is healthy', async () => {
    const { quickPick, modal, notifications } = scene.workbench;
    await notifications.showAll();
    await notifications.click('Registered page:1', 'Create Service…');
    await quickPick.waitFor(/Create Service \(1\/3\)/);
    await quickPick.choose('demo');
    await quickPick.waitForMessage('Name of the service');
    await quickPick.type('web');
    await quickPick.waitForMessage('There is a service “web” in the cluster “demo” already.');
    await quickPick.type('page');
    await quickPick.waitForRow('Nobody');
    await scene.workbench.screenshot('create-service-reach');
    await quickPick.choose('Public address of the task');
    await modal.opened(20_000);
    const plan = await modal.text();
    await scene.workbench.screenshot('create-service-plan');
    assert.match(plan, /Service: page in the cluster demo/);
    assert.match(plan, /Task definition: page:1, 1 task/);
    assert.match(plan, /CloudFormation makes: .*ECS Service/);
    assert.match(plan, /Account 000000000000, us-east-1/);
    await modal.click('Create');
    await notifications.waitFor(/“page” is healthy/, 60_000);
    await ecs.expand('demo');
    await ecs.waitForRow('page', '1/1 running');
    await scene.workbench.screenshot('create-service-healthy');
    await until('a failed deployment is taken back from now on', 10, async () => {
      const page = { cluster: 'demo', services: ['page'] };
      const { services = [] } = await scene.ecs.send(new DescribeServicesCommand(page));
      return services[0]?.deploymentConfiguration?.deploymentCircuitBreaker?.rollback === true ? true : undefined;
    });
  });

  it('runs a task of it once', async () => {
    const { quickPick, modal, notifications } = scene.workbench;
    await definitions.contextMenu(/^page/, 'Run Task…');
    await quickPick.waitFor(/Run Task \(1\/2\)/);
    await quickPick.choose('demo');
    await quickPick.waitForMessage('Command; empty for the one of the task definition');
    await quickPick.accept();
    await modal.opened(20_000);
    assert.match(await modal.text(), /Run a task of “page:1”\?.*In the cluster “demo”.*Runs on: Fargate/s);
    await modal.click('Run');
    await notifications.waitFor(/has been started in “demo”/);
  });

  it('takes the service away with what came with it, and leaves the definition', async () => {
    const { modal, notifications } = scene.workbench;
    await ecs.contextMenu(/^page/, 'Delete Everything This Target Created…');
    await modal.opened(20_000);
    assert.match(await modal.text(), /created for the service “page”\?.*ECS Service page/s);
    await modal.click('Delete Everything');
    await notifications.waitFor('Everything that “page” created is gone.', 60_000);
    assert.deepEqual(await scene.sandbox.violations(), []);
  });
});
