import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { AwsCli } from '../contract/tools';
import { commitAll } from '../kit/sampleWorkspace';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';

const healthy = /“hello” is healthy: it runs (\S+)/;

/** Nothing is there but a Dockerfile; at the end, nothing is there again. */
describe('a new service', () => {
  let scene: Scene;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({ sandbox: { seed: 'empty', runtime: 'engine' } });
    writeFileSync(path.join(scene.folder, 'www', 'index.html'), '<h1>First</h1>\n');
    await commitAll(scene.folder, 'First');
  });

  after(() => scene?.close());

  async function servedPage(): Promise<string> {
    const address = /is healthy.*(http:\/\/\S+)\n(?!.*is healthy)/s.exec(scene.workbench.output('Gantry'))?.[1];
    assert.ok(address, 'the verdict names no address');
    return (await fetch(address)).text();
  }

  it('comes from a Dockerfile with three answers and a yes, and answers', async () => {
    const { explorer, quickPick, modal, notifications } = scene.workbench;
    await explorer.contextMenu('Dockerfile', 'Deploy to New Service…');
    await quickPick.waitFor('Deploy to New Service');
    await quickPick.type('Hello');
    await quickPick.waitForMessage('small letter');
    await quickPick.type('hello');
    await quickPick.accept();
    await quickPick.choose('New cluster “hello”');
    await quickPick.choose('0.25 vCPU · 0.5 GiB');
    const plan = await modal.text();
    assert.match(plan, /Service: hello in the cluster hello/);
    assert.match(plan, /ECS Service/);
    assert.match(plan, /load balancer on the internet/);
    assert.match(plan, /Account \d{12}, us-east-1/);
    await modal.click('Create');
    await notifications.waitFor(healthy, 120_000);
    assert.equal(await servedPage(), '<h1>First</h1>\n');
    const settings = readFileSync(path.join(scene.folder, '.vscode', 'settings.json'), 'utf8');
    assert.match(settings, /"stack": "hello"/);
    assert.deepEqual(await scene.sandbox.violations(), []);
  });

  it('is shipped to like any other', async () => {
    const { explorer, notifications } = scene.workbench;
    await notifications.clearAll();
    writeFileSync(path.join(scene.folder, 'www', 'index.html'), '<h1>Second</h1>\n');
    await commitAll(scene.folder, 'Second');
    await explorer.contextMenu('Dockerfile', 'Build, Push and Redeploy');
    await notifications.waitFor(healthy, 90_000);
    assert.equal(await servedPage(), '<h1>Second</h1>\n');
  });

  it('is rolled back when its health check breaks; the finding leads to the hop that explains it', async () => {
    const { explorer, notifications } = scene.workbench;
    await notifications.clearAll();
    await checkSooner();
    rmSync(path.join(scene.folder, 'www', 'index.html'));
    await commitAll(scene.folder, 'No page');
    await explorer.contextMenu('Dockerfile', 'Build, Push and Redeploy');
    const verdict = await notifications.waitFor('was rolled back', 150_000);
    assert.match(verdict, /The load balancer asks for a path that the container does not have \(404\)\./);
    await notifications.click('was rolled back', 'Show Rollout');
    await scene.workbench.lenses('Show Network').first().click();
    const picture = scene.workbench.webview();
    await picture.locator('#details').getByRole('heading', { name: 'Target health' }).waitFor({ timeout: 30_000 });
    // Its tasks were taken back, so the way in is open again.
    await scene.workbench.screenshot('new-service-health');
    await picture.getByRole('button', { name: 'Back' }).click();
    await picture.getByText('1 of 1 ways in are open.').waitFor();
  });

  /** Three tasks have to fail, each after the grace period and some checks: minutes, otherwise. */
  async function checkSooner(): Promise<void> {
    const service = { cluster: 'hello', service: 'hello', healthCheckGracePeriodSeconds: 0 };
    await scene.ecs.send(new UpdateServiceCommand(service));
    const aws = new AwsCli(scene.sandbox);
    const arn = await aws.json('elbv2', 'describe-target-groups', '--query', 'TargetGroups[0].TargetGroupArn');
    const often = ['--health-check-interval-seconds', '5', '--health-check-timeout-seconds', '2'];
    await aws.json('elbv2', 'modify-target-group', '--target-group-arn', String(arn), ...often);
    aws.close();
  }

  it('goes away with everything that came with it', async () => {
    const { quickPick, modal, notifications } = scene.workbench;
    await notifications.clearAll();
    await scene.workbench.palette('Gantry: Delete Everything This Target Created…');
    await quickPick.waitFor('Delete Everything This Target Created');
    await quickPick.choose('hello');
    const loss = await modal.text();
    assert.match(loss, /ECS Service hello/);
    assert.match(loss, /ECR Repository hello/);
    assert.match(loss, /3 images in “hello”, after another question/);
    await modal.click('Delete Everything');
    assert.match(await modal.text(), /Delete the 3 images in “hello” too\?/);
    await modal.click('Delete Images');
    await notifications.waitFor('Everything that “hello” created is gone.', 90_000);
    await assertEmpty();
    const settings = readFileSync(path.join(scene.folder, '.vscode', 'settings.json'), 'utf8');
    assert.doesNotMatch(settings, /hello/);
  });

  /** By the AWS CLI, which knows nothing of Gantry. */
  async function assertEmpty(): Promise<void> {
    const aws = new AwsCli(scene.sandbox);
    const list = async (service: string, command: string, query: string): Promise<unknown> =>
      aws.json(service, command, '--query', query);
    assert.deepEqual(await list('ecs', 'list-clusters', 'clusterArns'), []);
    assert.deepEqual(await list('ecs', 'list-task-definitions', 'taskDefinitionArns'), []);
    assert.deepEqual(await list('ecr', 'describe-repositories', 'repositories'), []);
    assert.deepEqual(await list('elbv2', 'describe-load-balancers', 'LoadBalancers'), []);
    assert.deepEqual(await list('elbv2', 'describe-target-groups', 'TargetGroups'), []);
    assert.deepEqual(await list('logs', 'describe-log-groups', 'logGroups'), []);
    assert.deepEqual(await list('cloudformation', 'describe-stacks', 'Stacks'), []);
    assert.deepEqual(await list('ec2', 'describe-security-groups', 'SecurityGroups[?GroupName!=`default`]'), []);
  }
});
