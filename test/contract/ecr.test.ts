import assert from 'node:assert/strict';
import {
  DescribePullThroughCacheRulesCommand,
  ECRClient,
  ValidatePullThroughCacheRuleCommand,
} from '@aws-sdk/client-ecr';
import { needsSeed } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, sdkConfig } from './tools';

/** What ECR does beside storing images, through the AWS CLI and its waiters. */
needsSeed('shop').describe('ECR’s scans, lifecycle policies and rules', function () {
  this.timeout(60_000);
  const repository = ['--repository-name', 'shop/worker'];
  let sandbox: Sandbox;
  let aws: AwsCli;
  before(async () => {
    sandbox = await startSandbox({ seed: 'shop' });
    aws = new AwsCli(sandbox);
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    assert.equal(await sandbox.stop(), 0);
    aws.close();
  });

  // StartImageScan: once in 24 hours an image (LimitExceededException); DescribeImageScanFindings.
  it('scans an image; the CLI’s waiter sees the end of it', async () => {
    const image = [...repository, '--image-id', 'imageTag=latest'];
    assert.equal((await aws.refusal('ecr', 'describe-image-scan-findings', ...image)).code, 'ScanNotFoundException');
    await aws.json('ecr', 'start-image-scan', ...image);
    const { code, stderr } = await aws.run('ecr', 'wait', 'image-scan-complete', ...image);
    assert.equal(code, 0, stderr);
    assert.equal((await aws.refusal('ecr', 'start-image-scan', ...image)).code, 'LimitExceededException');
  });

  // StartLifecyclePolicyPreview, GetLifecyclePolicyPreview.
  it('previews a lifecycle policy; the CLI’s waiter sees the end of it', async () => {
    const selection = { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 2 };
    const text = JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] });
    await aws.json('ecr', 'start-lifecycle-policy-preview', ...repository, '--lifecycle-policy-text', text);
    const { code, stderr } = await aws.run('ecr', 'wait', 'lifecycle-policy-preview-complete', ...repository);
    assert.equal(code, 0, stderr);
    const preview = await aws.json<{ previewResults: unknown[]; summary: { expiringImageTotalCount: number } }>(
      ...['ecr', 'get-lifecycle-policy-preview', ...repository],
    );
    assert.deepEqual([preview.previewResults.length, preview.summary.expiringImageTotalCount], [4, 4]);
  });

  // GetDownloadUrlForLayer: a presigned address.
  it('gives the address of a layer that needs no login', async () => {
    const batch = ['ecr', 'batch-get-image', ...repository, '--image-ids', 'imageTag=latest'];
    const { images } = await aws.json<{ images: { imageManifest: string }[] }>(...batch);
    const manifest = JSON.parse(images[0]?.imageManifest ?? '{}') as { layers: { digest: string; size: number }[] };
    const [layer] = manifest.layers;
    const { downloadUrl } = await aws.json<{ downloadUrl: string }>(
      ...['ecr', 'get-download-url-for-layer', ...repository, '--layer-digest', layer?.digest ?? ''],
    );
    assert.equal((await (await fetch(downloadUrl)).arrayBuffer()).byteLength, layer?.size);
  });

  it('keeps pull-through cache rules, and says that it fetches nothing', async () => {
    const prefix = ['--ecr-repository-prefix', 'quay'];
    await aws.json('ecr', 'create-pull-through-cache-rule', ...prefix, '--upstream-registry-url', 'quay.io');
    const ecr = new ECRClient(sdkConfig(sandbox));
    const { pullThroughCacheRules } = await ecr.send(new DescribePullThroughCacheRulesCommand({}));
    assert.equal(pullThroughCacheRules?.[0]?.upstreamRegistry, 'quay');
    const valid = await ecr.send(new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: 'quay' }));
    assert.equal(valid.isValid, false);
    ecr.destroy();
    await aws.json('ecr', 'delete-pull-through-cache-rule', ...prefix);
  });

  it('does not know replication', async () => {
    const of = ['--repository-name', 'app', '--image-id', 'imageTag=v1'];
    const refused = await aws.refusal('ecr', 'describe-image-replication-status', ...of);
    assert.equal(refused.code, 'UnknownOperationException');
  });
});
