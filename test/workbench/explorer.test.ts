import assert from 'node:assert/strict';
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  type ECRClient,
  PutImageCommand,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr';
import { DeleteServiceCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';

/** Pushes another image of the same layers: one annotation makes another digest. */
async function pushCopy(ecr: ECRClient, repositoryName: string, imageTag: string): Promise<void> {
  const { images = [] } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] }));
  const manifest = JSON.parse(images[0]?.imageManifest ?? '{}') as object;
  const imageManifest = JSON.stringify({ ...manifest, annotations: { copy: imageTag } });
  await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest }));
}

describe('looking around', () => {
  let scene: Scene;
  let ecs: View;
  let ecr: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({ viewport: { width: 1280, height: 1600 } });
    await scene.workbench.activity('Gantry');
    ecs = scene.workbench.view('ECS');
    ecr = scene.workbench.view('ECR');
  });

  after(() => scene?.close());

  it('says which account and Region the rows are from', async () => {
    const { account, region } = scene.sandbox.info;
    await ecs.waitForDescription(`Sandbox · ${region} · ${account}`);
    assert.equal(await ecr.description(), await ecs.description());
  });

  it('shows clusters, services, tasks and containers', async () => {
    await ecs.waitForRow('demo', '2 services · 2 tasks');
    await ecs.expand('demo');
    await ecs.waitForRow('web', '1/1 running');
    await ecs.waitForRow('worker', '1/1 running');
    await ecs.expand('worker');
    await ecs.waitForRow(/^[0-9a-f]{12}/, 'running · worker:1');
    await ecs.expand(/^[0-9a-f]{12}/);
    await ecs.waitForRow(/^worker/, 'worker:v1 · running');
    await scene.workbench.screenshot('explorer-ecs');
  });

  it('shows repositories and their images, the newest first', async () => {
    await pushCopy(scene.ecr, 'demo/web', 'v2');
    await ecr.expand('demo/web');
    await ecr.waitForRow('v2', /just now · \d+ B · [0-9a-f]{12}/);
    const tags = (await ecr.labels()).filter((label) => /^v\d/.test(label));
    assert.deepEqual(tags, ['v2', 'v1']);
  });

  it('reads one row again: a service that was scaled, a repository that was pushed to', async () => {
    await scene.ecs.send(new UpdateServiceCommand({ cluster: 'demo', service: 'web', desiredCount: 0 }));
    await ecs.contextMenu('web', 'Refresh');
    await ecs.waitForRow('web', 'scaled to 0');
    await pushCopy(scene.ecr, 'demo/web', 'v3');
    await ecr.contextMenu('demo/web', 'Refresh');
    await ecr.waitForRow('v3', 'just now');
  });

  it('reads a view again, and keeps what is open', async () => {
    await scene.ecr.send(new CreateRepositoryCommand({ repositoryName: 'team/api' }));
    await scene.ecr.send(
      new PutImageTagMutabilityCommand({ repositoryName: 'demo/worker', imageTagMutability: 'IMMUTABLE' }),
    );
    await ecr.title('Refresh ECR');
    await ecr.waitForRow('demo/worker', 'immutable tags');
    assert.deepEqual(await ecr.labels(), ['demo/web', 'v3', 'v2', 'v1', 'demo/worker', 'team/api']);
    await ecr.expand('team/api');
    await ecr.waitForRow('No images yet', '');
  });

  it('copies names, ARNs, URIs and digests', async () => {
    const { clipboard } = scene.workbench;
    const copied = async (view: View, row: string | RegExp, item: string): Promise<string> => {
      await clipboard.clear();
      await view.contextMenu(row, item);
      return clipboard.read();
    };
    const { account, region, registry } = scene.sandbox.info;
    const host = new URL(registry.includes('://') ? registry : `http://${registry}`).host;
    assert.equal(await copied(ecs, 'web', 'Copy Name'), 'web');
    assert.equal(await copied(ecs, 'web', 'Copy ARN'), `arn:aws:ecs:${region}:${account}:service/demo/web`);
    assert.equal(await copied(ecr, 'team/api', 'Copy URI'), `${host}/team/api`);
    assert.equal(await copied(ecr, 'v2', 'Copy URI'), `${host}/demo/web:v2`);
    assert.match(await copied(ecr, 'v2', 'Copy Digest'), /^sha256:[0-9a-f]{64}$/);
  });

  it('shows an error where it happened, and tries again there', async () => {
    await scene.sandbox.addFault({ match: { service: 'ecs', operation: 'ListTasks' }, fault: { kind: 'denied' } });
    await ecs.contextMenu('demo', 'Refresh');
    await ecs.waitForRow('not allowed', 'You are not allowed to call ecs:ListTasks.');
    await ecs.waitForRow('web', 'scaled to 0');
    // What was there stays.
    await ecs.waitForRow(/^[0-9a-f]{12}/, 'running · worker:1');
    await scene.workbench.screenshot('explorer-error-row');
    await scene.sandbox.clearFaults();
    await ecs.row('not allowed').click();
    await ecs.waitForRow(/^[0-9a-f]{12}/, 'running · worker:1');
    await ecs.waitForNoRow('not allowed');
  });

  it('shows an error of the first level as a row too, and nothing of it stays after the retry', async () => {
    await scene.sandbox.addFault({ match: { operation: 'DescribeRepositories' }, fault: { kind: 'denied' } });
    await ecr.title('Refresh ECR');
    await ecr.waitForRow('not allowed', 'You are not allowed to call ecr:DescribeRepositories.');
    await ecs.waitForRow('demo', '2 services');
    await scene.sandbox.clearFaults();
    await ecr.inline('not allowed', 'Try Again');
    await ecr.waitForRow('demo/web', '');
    await ecr.waitForNoRow('not allowed');
  });

  it('shows a hundred images at once, and more when asked', async () => {
    for (let n = 0; n < 100; n += 1) await pushCopy(scene.ecr, 'demo/worker', `build-${n}`);
    await ecr.contextMenu('demo/worker', 'Refresh');
    await ecr.expand('demo/worker');
    await ecr.expand('build-99');
    await ecr.waitForRow('Pulled last', '');
    await scene.workbench.page.keyboard.press('End');
    await ecr.waitForRow('Load more…', '1 more');
    await scene.workbench.screenshot('explorer-more');
    await ecr.row('Load more…').click();
    await ecr.waitForRow('v1', /· [0-9a-f]{12}/);
    assert.equal(await ecr.row('Load more…').count(), 0);
  });

  it('drops a service that is gone when its row is read again, and counts anew', async () => {
    await scene.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web', force: true }));
    await ecs.contextMenu(/^web/, 'Refresh');
    await ecs.waitForNoRow(/^web/);
    await ecs.waitForRow('demo', '1 service ·');
  });

  it('kept to the API', async () => {
    assert.deepEqual(await scene.sandbox.violations(), []);
  });
});
