import assert from 'node:assert/strict';
import { putVariant } from '../../../src/sandbox/seed/variant';
import { type SmallWorld, smallWorld } from './smallWorld';

const day = 86_400_000;
const repositoryName = 'app';

interface Finding {
  readonly name: string;
  readonly severity: string;
}

describe('ECR’s lifecycle policies', () => {
  let world: SmallWorld;
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('base');
    const now = world.clock.now();
    for (let age = 9; age >= 1; age -= 1) {
      const tag = age % 3 === 0 ? {} : { tag: age % 3 === 1 ? `dev-${age}` : `prod-${age}` };
      putVariant(world.repository, 'base', world.repository, { version: `v${age}`, ...tag, at: now - age * day });
    }
  });
  afterEach(() => world.close());

  const tags = (): string[] => [...world.repository.tags.keys()].filter((tag) => tag !== 'base').sort();
  const policy = (...rules: Record<string, unknown>[]): string =>
    JSON.stringify({
      rules: rules.map((selection, index) => ({ rulePriority: index + 1, selection, action: { type: 'expire' } })),
    });
  const put = (text: string): unknown =>
    world.call('PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: text }, 'ecr');

  it('deletes untagged images after days, and keeps the newest of a prefix', () => {
    put(
      policy(
        { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 5 },
        { tagStatus: 'tagged', tagPrefixList: ['dev-'], countType: 'imageCountMoreThan', countNumber: 1 },
      ),
    );
    assert.equal(world.repository.images.size, 10, 'not at once');
    world.clock.advance(10_000);
    assert.deepEqual(tags(), ['dev-1', 'prod-2', 'prod-5', 'prod-8']);
    const untagged = world.repository.images.size - world.repository.tags.size;
    assert.equal(untagged, 1, 'the one of three days ago is still young');
  });

  it('gives an image to the first rule that selects it, even when that rule keeps it', () => {
    put(
      policy(
        { tagStatus: 'tagged', tagPatternList: ['prod-*'], countType: 'imageCountMoreThan', countNumber: 100 },
        { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 },
      ),
    );
    world.clock.advance(10_000);
    assert.deepEqual(tags(), ['prod-2', 'prod-5', 'prod-8']);
  });

  it('previews without deleting', () => {
    const lifecyclePolicyText = policy({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 4 });
    world.call('StartLifecyclePolicyPreview', { repositoryName, lifecyclePolicyText }, 'ecr');
    const preview = (): { status: string; summary?: { expiringImageTotalCount: number } } =>
      world.call('GetLifecyclePolicyPreview', { repositoryName }, 'ecr');
    assert.equal(preview().status, 'IN_PROGRESS');
    world.clock.advance(2000);
    assert.deepEqual([preview().status, preview().summary?.expiringImageTotalCount], ['COMPLETE', 6]);
    assert.equal(world.repository.images.size, 10);
  });

  it('refuses a policy that ECR would not take', () => {
    for (const selection of [
      { tagStatus: 'tagged', countType: 'imageCountMoreThan', countNumber: 1 },
      { tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 1 },
      { tagStatus: 'some', countType: 'imageCountMoreThan', countNumber: 1 },
      { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 0 },
    ]) {
      assert.throws(() => put(policy(selection)), /Lifecycle policy validation failure/);
    }
    assert.throws(() => put('{"rules": null}'), /required properties/);
  });
});

describe('ECR’s scans', () => {
  let world: SmallWorld;
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('vulnerable-1');
  });
  afterEach(() => world.close());

  const scan = (
    operation: string,
    imageTag: string,
  ): { imageScanStatus: { status: string }; imageScanFindings?: { findings: readonly Finding[] } } =>
    world.call(operation, { repositoryName, imageId: { imageTag } }, 'ecr');

  it('go from IN_PROGRESS to COMPLETE and then have findings; one a day', () => {
    assert.throws(() => scan('DescribeImageScanFindings', 'vulnerable-1'), /Image scan does not exist/);
    assert.equal(scan('StartImageScan', 'vulnerable-1').imageScanStatus.status, 'IN_PROGRESS');
    world.clock.advance(5000);
    const done = scan('DescribeImageScanFindings', 'vulnerable-1');
    assert.equal(done.imageScanStatus.status, 'COMPLETE');
    assert.equal(done.imageScanFindings?.findings[0]?.severity, 'CRITICAL');
    assert.throws(() => scan('StartImageScan', 'vulnerable-1'), /scan quota per image has been exceeded/);
  });

  it('begin with the push where the repository says so', async () => {
    world.repository.scanOnPush = true;
    await world.push('clean');
    world.clock.advance(5000);
    assert.deepEqual(scan('DescribeImageScanFindings', 'clean').imageScanFindings?.findings, []);
  });

  it('can fail and can meet an image that is not supported', async () => {
    world.repository.scanOnPush = true;
    await world.push('scan-failed');
    await world.push('scan-unsupported');
    world.clock.advance(5000);
    assert.equal(scan('DescribeImageScanFindings', 'scan-failed').imageScanStatus.status, 'FAILED');
    assert.equal(scan('DescribeImageScanFindings', 'scan-unsupported').imageScanStatus.status, 'UNSUPPORTED_IMAGE');
  });
});
