import assert from 'node:assert/strict';
import type { Connection } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import { systemClock } from '../../../src/core/clock';
import { GantryError, reasonOf } from '../../../src/core/errors';
import { EcrInventory } from '../../../src/ecr/inventory';
import { allFindings, previewLifecycle, scanToTheEnd } from '../../../src/ecr/follow';
import { groupImages } from '../../../src/ecr/imageTree';
import { RepositoryUses } from '../../../src/ecr/uses';
import { EcsInventory } from '../../../src/ecs/inventory';
import { startSandbox, type Sandbox } from '../sandboxProcess';
import { until } from '../tools';

const never = new AbortController().signal;
const open = ({ endpoint }: Sandbox): Connection => connect({ endpoint, region: 'us-east-1', sandbox: true });
const operations = async (sandbox: Sandbox): Promise<string[]> =>
  (await sandbox.calls()).map(({ operation }) => operation);

describe('work in repositories, against the sandbox', function () {
  this.timeout(30_000);
  let sandbox: Sandbox;
  let connection: Connection;
  before(async () => {
    sandbox = await startSandbox({ seed: 'shop', runtime: 'simulated' });
    connection = open(sandbox);
    await until('the seed has filled its repositories', 30, () =>
      connection.ecr.findImage('shop/worker', 'latest', never),
    );
  });
  after(async () => {
    connection.dispose();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
  });
  beforeEach(() => sandbox.resetCalls());

  it('creates a repository as it was asked for, and deletes it', async () => {
    const options = {
      ...{ mutability: 'MUTABLE_WITH_EXCLUSION', mutabilityExclusions: ['v*'], scanOnPush: false },
      ...{ kms: {}, tags: { team: 'shop' } },
    };
    const made = await connection.ecr.createRepository('shop/made', never, options);
    const { mutability, mutabilityExclusions, scanOnPush, encryption } = made;
    assert.deepEqual(
      [mutability, mutabilityExclusions, scanOnPush, encryption],
      ['MUTABLE_WITH_EXCLUSION', ['v*'], false, 'KMS'],
    );
    await connection.ecr.deleteRepository('shop/made', false, never);
    assert.deepEqual(await operations(sandbox), ['CreateRepository', 'DeleteRepository']);
    await assert.rejects(connection.ecr.deleteRepository('shop/worker', false, never), (error) => {
      assert.equal(reasonOf(error), 'refused');
      return true;
    });
  });

  it('gives an image another tag, and takes it away without the image', async () => {
    const { ecr } = connection;
    const image = await ecr.findImage('shop/storefront', '1.4.1', never);
    assert.ok(image);
    const [manifest] = await ecr.getManifests('shop/storefront', [image.digest], never);
    assert.ok(manifest);
    await ecr.putTag('shop/storefront', manifest, 'tried', never);
    assert.equal((await ecr.findImage('shop/storefront', 'tried', never))?.digest, image.digest);
    assert.deepEqual(await ecr.deleteImages('shop/storefront', [{ tag: 'tried' }], never), []);
    assert.deepEqual((await ecr.findImage('shop/storefront', '1.4.1', never))?.tags, ['1.4.1']);
  });

  it('says which images could not be deleted, and why', async () => {
    const failures = await connection.ecr.deleteImages(
      'shop/storefront',
      [{ tag: 'nothing' }, { digest: `sha256:${'0'.repeat(64)}` }],
      never,
    );
    assert.deepEqual(
      failures.map(({ id, code }) => [id.tag ?? id.digest?.slice(0, 8), code]),
      [
        ['nothing', 'ImageNotFound'],
        ['sha256:0', 'ImageNotFound'],
      ],
    );
  });

  it('scans an image to the end and reads all findings', async () => {
    const { ecr } = connection;
    const image = await ecr.findImage('shop/storefront', '1.4.0', never);
    assert.ok(image);
    assert.equal(await allFindings(ecr, 'shop/storefront', image.digest, never), undefined);
    const [manifest] = await ecr.getManifests('shop/storefront', [image.digest], never);
    assert.ok(manifest);
    await ecr.putTag('shop/storefront', manifest, 'vulnerable', never);
    const scan = await scanToTheEnd(ecr, systemClock, 'shop/storefront', image.digest, never);
    assert.deepEqual([scan.status, scan.counts], ['COMPLETE', { CRITICAL: 1, HIGH: 2, LOW: 1 }]);
    const found = await allFindings(ecr, 'shop/storefront', image.digest, never);
    const [worst] = found?.findings ?? [];
    assert.deepEqual(
      [worst?.id, worst?.severity, worst?.packageName, worst?.installed],
      ['CVE-2021-44228', 'CRITICAL', 'log4j-core', '2.14.1'],
    );
  });

  it('previews a lifecycle policy that is not in force, then puts it in force and takes it back', async () => {
    const { ecr } = connection;
    const selection = { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 2 };
    const text = JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] });
    const expiring = await previewLifecycle(ecr, systemClock, 'shop/worker', text, never);
    assert.deepEqual([expiring.length, expiring[0]?.rule, expiring[0]?.tags], [4, 1, []]);
    assert.equal(await ecr.lifecyclePolicy('shop/worker', never), undefined);
    await ecr.setLifecyclePolicy('shop/api', text, never);
    assert.deepEqual(JSON.parse((await ecr.lifecyclePolicy('shop/api', never)) ?? ''), JSON.parse(text));
    await ecr.setLifecyclePolicy('shop/api', undefined, never);
    assert.equal(await ecr.lifecyclePolicy('shop/api', never), undefined);
    // Long enough for the model (100 characters), and no policy: ECR itself refuses it.
    const wrong = JSON.stringify({ rules: 1, note: 'x'.repeat(100) });
    await assert.rejects(previewLifecycle(ecr, systemClock, 'shop/api', wrong, never), GantryError);
  });

  it('sets and deletes a repository policy', async () => {
    const { ecr } = connection;
    assert.equal(await ecr.repositoryPolicy('shop/api', never), undefined);
    const Statement = [{ Sid: 'Pull', Effect: 'Allow', Principal: '*', Action: ['ecr:BatchGetImage'] }];
    await ecr.setRepositoryPolicy('shop/api', JSON.stringify({ Version: '2012-10-17', Statement }), never);
    assert.match((await ecr.repositoryPolicy('shop/api', never)) ?? '', /BatchGetImage/);
    await ecr.setRepositoryPolicy('shop/api', undefined, never);
    assert.equal(await ecr.repositoryPolicy('shop/api', never), undefined);
  });

  it('finds out what runs with two calls for a hundred tasks of a cluster', async () => {
    const ecs = new EcsInventory(connection.ecs);
    await ecs.seeAllUses(never);
    const clusters = (await ecs.listClusters(never)).items.filter(({ runningTasks }) => runningTasks > 0);
    const asked = await operations(sandbox);
    assert.equal(asked.filter((name) => name === 'ListTasks').length, clusters.length);
    assert.equal(asked.filter((name) => name === 'DescribeTasks').length, clusters.length);
    const [repository] = (await connection.ecr.describeRepositories({ names: ['shop/storefront'] }, never)).items;
    const image = await connection.ecr.findImage('shop/storefront', '1.4.2', never);
    assert.ok(repository && image);
    const uses = new RepositoryUses(repository.uri, ecs.seenTasks).of(image);
    assert.deepEqual([...new Set(uses.map(({ name }) => name))], ['storefront']);
  });
});

describe('a repository with ten thousand images', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ seed: 'large', runtime: 'simulated' });
  });
  after(() => sandbox.stop());

  it('is listed with a call for a thousand, and kept until it is dropped', async () => {
    const connection = open(sandbox);
    const inventory = new EcrInventory(connection.ecr);
    const name = 'large/repository-0000';
    await sandbox.resetCalls();
    const began = Date.now();
    const { items } = await inventory.listImages(name, never);
    const took = Date.now() - began;
    assert.equal(items.length, 10_000);
    assert.ok((items[0]?.pushedAt ?? 0) > (items.at(-1)?.pushedAt ?? 0), 'the newest comes first');
    const again = groupImages((await inventory.listImages(name, never)).items, () => undefined);
    assert.equal(again.roots.length + again.untagged.length, 10_000);
    assert.deepEqual(await operations(sandbox), Array<string>(10).fill('DescribeImages'));
    inventory.dropImages(name);
    await inventory.listImages(name, never);
    assert.equal((await operations(sandbox)).length, 20);
    assert.ok(took < 3_000, `${took} ms`);

    connection.dispose();
  });
});
