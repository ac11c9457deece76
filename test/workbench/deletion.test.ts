import assert from 'node:assert/strict';
import { BatchGetImageCommand, DescribeImagesCommand, UpdateImageStorageClassCommand } from '@aws-sdk/client-ecr';
import { keepEvidence } from './kit/evidence';
import type { Scene } from './kit/scene';
import { openShop } from './kit/shop';
import type { View } from './kit/view';

const repositoryName = 'shop/storefront';

/** What a person is told about images before they are taken away. */
describe('images that cannot be pulled, or are about to go', () => {
  let scene: Scene;
  let ecr: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openShop();
    const { imageDetails = [] } = await scene.ecr.send(
      new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: '1.2.0' }] }),
    );
    await scene.ecr.send(
      new UpdateImageStorageClassCommand({
        repositoryName,
        imageId: { imageDigest: imageDetails[0]?.imageDigest },
        targetStorageClass: 'ARCHIVE',
      }),
    );
    ecr = scene.workbench.view('ECR');
    await scene.workbench.page.locator('.pane-header', { hasText: 'ECS' }).first().click();
    await ecr.expand(repositoryName);
  });

  after(() => scene?.close());

  it('shows that an image is in the archive', async () => {
    await ecr.waitForRow('1.2.0', 'archived');
    assert.doesNotMatch(await ecr.row('1.3.0').innerText(), /archived/);
    await scene.workbench.screenshot('deletion-archived');
  });

  it('says that nobody knows what runs where ECS may not be asked, and deletes only anyway', async () => {
    for (const operation of ['ListTasks', 'DescribeTasks', 'ListClusters']) {
      await scene.sandbox.addFault({ match: { service: 'ecs', operation }, fault: { kind: 'denied' } });
    }
    await ecr.contextMenu('1.3.0', 'Delete Images…');
    const { modal } = scene.workbench;
    await modal.opened(20_000);
    assert.match(await modal.text(), /It is not known what runs: .*not.*(allowed|authorized|permission)/s);
    await scene.workbench.screenshot('deletion-unknown');
    await modal.click('Delete Anyway');
    await ecr.waitForNoRow('1.3.0');
    const { images = [] } = await scene.ecr.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: '1.3.0' }] }),
    );
    assert.deepEqual(images, []);
  });
});
