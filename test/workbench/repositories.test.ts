import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

/** Images and repositories of a team, tidied up from the sidebar. */
describe('working in repositories', () => {
  let scene: Scene;
  let ecr: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({
      sandbox: { seed: 'shop', runtime: 'simulated' },
      viewport: { width: 1400, height: 1700 },
    });
    await pushIndex();
    await scene.workbench.activity('Gantry');
    ecr = scene.workbench.view('ECR');
    // The views share the sidebar: with ECS folded, there is room for images.
    await scene.workbench.page.locator('.pane-header', { hasText: 'ECS' }).first().click();
    await ecr.waitForRow('shop/storefront', '');
  });

  after(() => scene?.close());

  const put = async (imageManifest: string, imageManifestMediaType: string, imageTag?: string): Promise<string> => {
    await scene.ecr.send(
      new PutImageCommand({ repositoryName: 'shop/admin', imageManifest, imageManifestMediaType, imageTag }),
    );
    return `sha256:${createHash('sha256').update(imageManifest).digest('hex')}`;
  };

  /** What `docker buildx build --platform linux/amd64,linux/arm64 --push` leaves in a repository. */
  async function pushIndex(): Promise<void> {
    const imageIds = [{ imageTag: '1.0.0' }];
    const { images = [] } = await scene.ecr.send(new BatchGetImageCommand({ repositoryName: 'shop/admin', imageIds }));
    const base = JSON.parse(images[0]?.imageManifest ?? '{}') as { mediaType?: string };
    const mediaType = base.mediaType ?? manifestType;
    const child = (name: string): Promise<string> => put(JSON.stringify({ ...base, annotations: { name } }), mediaType);
    const [amd64, arm64, attestation] = [await child('amd64'), await child('arm64'), await child('attestation')];
    const size = 1000;
    const platform = (architecture: string): object => ({ os: 'linux', architecture });
    const manifests = [
      { mediaType, digest: amd64, size, platform: platform('amd64') },
      { mediaType, digest: arm64, size, platform: platform('arm64') },
      {
        ...{ mediaType, digest: attestation, size, platform: { os: 'unknown', architecture: 'unknown' } },
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': amd64,
        },
      },
    ];
    await put(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }), indexType, '2.0.0');
  }

  const tags = async (repositoryName: string): Promise<string[]> => {
    const { imageDetails = [] } = await scene.ecr.send(new DescribeImagesCommand({ repositoryName }));
    return imageDetails.flatMap(({ imageTags }) => imageTags ?? []).sort();
  };
  const images = async (repositoryName: string): Promise<number> => {
    const { imageDetails = [] } = await scene.ecr.send(new DescribeImagesCommand({ repositoryName }));
    return imageDetails.length;
  };

  it('creates a repository by its name alone, and shows it', async () => {
    await ecr.title('Create Repository…');
    await scene.workbench.quickPick.waitFor('Create Repository');
    await scene.workbench.page.keyboard.type('Shop');
    await scene.workbench.quickPick.waitForMessage('Lower case letters');
    await scene.workbench.quickPick.type('shop/reports');
    await ecr.waitForRow('shop/reports', '');
    await ecr.expand('shop/reports');
    await ecr.waitForRow('No images yet', '');
  });

  it('creates one with options', async () => {
    await ecr.title('Create Repository…');
    await scene.workbench.quickPick.waitFor('Create Repository');
    await scene.workbench.page.keyboard.type('shop/immutable');
    await scene.workbench.page
      .locator('.quick-input-widget')
      .getByRole('button', { name: 'Create with Options…' })
      .click();
    await scene.workbench.quickPick.waitFor('Create “shop/immutable”');
    await scene.workbench.quickPick.choose('Immutable tags with exceptions');
    await scene.workbench.quickPick.choose('Resource tags');
    await scene.workbench.screenshot('repositories-options');
    await scene.workbench.quickPick.accept();
    await scene.workbench.quickPick.waitForMessage('Tags that may move');
    await scene.workbench.quickPick.type('latest, dev-*');
    await scene.workbench.quickPick.waitForMessage('team=web');
    await scene.workbench.quickPick.type('team=shop');
    await ecr.waitForRow('shop/immutable', 'immutable tags');
    const { repositories = [] } = await scene.ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: ['shop/immutable'] }),
    );
    assert.equal(repositories[0]?.imageTagMutability, 'IMMUTABLE_WITH_EXCLUSION');
    assert.deepEqual(
      repositories[0].imageTagMutabilityExclusionFilters?.map(({ filter }) => filter),
      ['latest', 'dev-*'],
    );
  });

  it('shows an index with its platforms and attestations, and only the rest as untagged', async () => {
    await ecr.expand('shop/admin');
    await ecr.waitForRow('shop/admin', '5 images');
    await ecr.waitForRow('2.0.0', 'several platforms');
    await ecr.waitForRow('Untagged (3)', '');
    await ecr.expand('2.0.0');
    await ecr.waitForRow('linux/amd64', '');
    await ecr.waitForRow('linux/arm64', '');
    await ecr.waitForRow('Attestation', 'linux/amd64');
    await ecr.waitForNoRow('Untagged (3)');
    await scene.workbench.screenshot('repositories-index');
  });

  it('finds out who runs an image, and says how it knows', async () => {
    await ecr.contextMenu('shop/admin', 'Refresh');
    await ecr.expand('shop/storefront');
    await ecr.expand('1.4.2');
    await ecr.waitForRow('In use', 'not known · as far as opened services show');
    await ecr.contextMenu('1.4.2', 'Find Uses');
    await scene.workbench.notifications.waitFor('in use by storefront');
    await ecr.waitForRow('1.4.2', 'in use by storefront');
    await ecr.waitForRow('In use by storefront', 'production');
    await scene.workbench.screenshot('repositories-uses');
  });

  it('scans an image, follows the scan and shows what it found', async () => {
    await ecr.contextMenu('1.4.1', 'Add Tag…');
    await scene.workbench.quickPick.waitFor('Add Tag to shop/storefront:1.4.1');
    await scene.workbench.page.keyboard.type('1.4.2');
    await scene.workbench.quickPick.waitForMessage('It moves from');
    await scene.workbench.quickPick.type('vulnerable');
    await ecr.waitForRow('vulnerable', '1.4.1');
    await ecr.contextMenu('vulnerable', 'Scan Image');
    await scene.workbench.notifications.waitFor(/Scan of .*: 1 critical, 2 high, 1 low/);
    await ecr.waitForRow('vulnerable', '1 critical, 2 high, 1 low');
    await ecr.contextMenu('vulnerable', 'Show Scan Findings');
    const lines = scene.workbench.page.locator('.editor-instance .view-lines').first();
    await lines.filter({ hasText: 'CVE-2021-44228' }).waitFor();
    await lines.filter({ hasText: 'log4j-core' }).waitFor();
    await scene.workbench.screenshot('repositories-findings');
  });

  it('removes a tag and leaves the image', async () => {
    const before = await images('shop/storefront');
    await ecr.contextMenu('vulnerable', 'Remove Tags…');
    await scene.workbench.quickPick.waitFor('Remove Tags');
    await scene.workbench.quickPick.choose('vulnerable');
    await scene.workbench.quickPick.accept();
    await scene.workbench.modal.opened(5_000);
    assert.match(
      await scene.workbench.modal.text(),
      /It stays in “shop\/storefront” as 1\.4\.1.*Account 000000000000/s,
    );
    await scene.workbench.modal.click('Remove Tags');
    await ecr.waitForNoRow('vulnerable');
    assert.equal(await images('shop/storefront'), before);
  });

  it('asks before it deletes an image in use, and names who runs it', async () => {
    await ecr.contextMenu('1.4.2', 'Delete Images…');
    await scene.workbench.modal.opened(20_000);
    assert.match(await scene.workbench.modal.text(), /In use now.*storefront \(production\)/s);
    await scene.workbench.screenshot('repositories-delete-used');
    await scene.workbench.modal.click('Cancel');
    assert.ok((await tags('shop/storefront')).includes('1.4.2'));
  });

  it('deletes several images at once', async () => {
    await ecr.row('1.2.0').click();
    await scene.workbench.page.keyboard.down('Control');
    await ecr.row('1.3.0').click();
    await scene.workbench.page.keyboard.up('Control');
    await ecr.contextMenu('1.3.0', 'Delete Images…');
    await scene.workbench.modal.opened(20_000);
    assert.match(await scene.workbench.modal.text(), /Delete 2 images of “shop\/storefront”\?/);
    await scene.workbench.modal.click('Delete');
    await ecr.waitForNoRow('1.2.0');
    await ecr.waitForNoRow('1.3.0');
    assert.equal((await tags('shop/storefront')).includes('1.3.0'), false);
  });

  it('deletes what has no tag', async () => {
    await ecr.contextMenu(/^Untagged \(3\)/, 'Delete Untagged Images…');
    await scene.workbench.modal.opened(20_000);
    await scene.workbench.modal.click('Delete');
    await ecr.waitForNoRow('Untagged (3)');
  });

  it('previews a lifecycle policy before it is saved, and puts it in force after asking', async () => {
    await ecr.contextMenu('shop/worker', 'Edit Lifecycle Policy');
    const { page } = scene.workbench;
    await page.locator('.view-lines', { hasText: 'sinceImagePushed' }).last().waitFor();
    await scene.workbench.notifications.waitFor('This one is a proposal');
    await page
      .locator('.editor-actions, .title-actions')
      .getByRole('button', { name: 'Preview Lifecycle Policy' })
      .first()
      .click();
    await page.locator('.view-lines', { hasText: 'It would take 6 images now' }).waitFor();
    await scene.workbench.screenshot('repositories-preview');
    await page.getByRole('tab', { name: /worker\.lifecycle-policy\.json/ }).click();
    await page.locator('.view-lines', { hasText: 'sinceImagePushed' }).last().click();
    await page.keyboard.press('Control+s');
    await scene.workbench.modal.opened(10_000);
    assert.match(await scene.workbench.modal.text(), /“shop\/worker” in force\?.*within 24 hours/s);
    await scene.workbench.modal.click('Save Policy');
    for (let tries = 0; tries < 50; tries += 1) {
      const policy = await scene.ecr
        .send(new GetLifecyclePolicyCommand({ repositoryName: 'shop/worker' }))
        .catch(() => undefined);
      if (policy) return assert.match(policy.lifecyclePolicyText ?? '', /sinceImagePushed/);
      await page.waitForTimeout(100);
    }
    assert.fail('the policy was not saved');
  });

  it('edits a repository policy from the palette, and deletes it by keyboard', async () => {
    const { page, quickPick, modal } = scene.workbench;
    const { keyboard } = page;
    await scene.workbench.palette('Gantry: Edit Repository Policy');
    await quickPick.waitFor('Edit Repository Policy');
    await quickPick.choose('shop/worker');
    await page.getByRole('tab', { name: /worker\.repository-policy\.json/ }).waitFor();
    await page.locator('.view-lines', { hasText: 'Statement' }).last().click();
    await keyboard.press('Control+s');
    await modal.opened(10_000);
    assert.match(await modal.text(), /“shop\/worker”/);
    await modal.click('Save Policy');
    const policy = (): Promise<string | undefined> =>
      scene.ecr.send(new GetRepositoryPolicyCommand({ repositoryName: 'shop/worker' })).then(
        ({ policyText }) => policyText,
        () => undefined,
      );
    for (let tries = 0; tries < 50 && !(await policy()); tries += 1) await page.waitForTimeout(100);
    assert.match((await policy()) ?? '', /Statement/);
    await ecr.row('shop/worker').click();
    await keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Delete Repository Policy…' }).waitFor();
    const focused = page.locator('.monaco-menu .action-item.focused');
    const isChosen = async (): Promise<boolean> =>
      (await focused.allInnerTexts()).join().includes('Delete Repository Policy…');
    for (let step = 0; step < 40 && !(await isChosen()); step++) await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await modal.opened(10_000);
    assert.match(await modal.text(), /Delete the repository policy of “shop\/worker”\?/);
    await modal.click('Delete Repository Policy');
    for (let tries = 0; tries < 50 && (await policy()); tries += 1) await page.waitForTimeout(100);
    assert.equal(await policy(), undefined);
  });

  it('deletes a repository with images only after its name has been typed', async () => {
    await ecr.contextMenu('shop/orders', 'Delete Repository…');
    await scene.workbench.modal.opened(20_000);
    assert.match(await scene.workbench.modal.text(), /images are lost, 1 of them in use/);
    await scene.workbench.modal.click('Delete Repository');
    await scene.workbench.quickPick.waitFor('Delete Repository');
    await scene.workbench.quickPick.type('shop');
    await scene.workbench.quickPick.waitForMessage('Not the name');
    await scene.workbench.screenshot('repositories-delete');
    await scene.workbench.quickPick.type('shop/orders');
    await ecr.waitForNoRow('shop/orders');
  });

  it('kept to the API', async () => {
    assert.deepEqual(await scene.sandbox.violations(), []);
  });
});
