import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  CreateRepositoryCreationTemplateCommand,
  DeleteRepositoryCreationTemplateCommand,
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsCommandOutput,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  type ImageDetail,
  InitiateLayerUploadCommand,
  PutImageCommand,
  PutRegistryScanningConfigurationCommand,
  StartImageScanCommand,
  UpdateImageStorageClassCommand,
  type UpdateImageStorageClassCommandOutput,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { sdkConfig, until } from './tools';

/**
 * What ECR does with images besides taking and giving them, by the AWS SDK.
 * Rules of AWS: ECR InitiateLayerUpload, UploadLayerPart (parts in order), CompleteLayerUpload (digest),
 * DescribeImages lastRecordedPullTime, UpdateImageStorageClass (archived images), CreateRepositoryCreationTemplate,
 * DescribeImageScanFindings enhancedFindings.
 */
describe('images by API', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let ecr: ECRClient;
  let authorization: string;
  const repositoryName = 'api/app';
  const imageId = { imageTag: 'vulnerable' };
  before(async () => {
    sandbox = await startSandbox();
    ecr = new ECRClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    authorization = `Basic ${authorizationData?.[0]?.authorizationToken ?? ''}`;
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    assert.equal(await sandbox.stop(), 0);
  });

  const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const registry = (path: string, method = 'GET'): Promise<Response> =>
    fetch(`${sandbox.endpoint}/v2/${path}`, { method, headers: { authorization } });
  const image = async (): Promise<ImageDetail | undefined> =>
    (await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [imageId] }))).imageDetails?.[0];

  async function upload(parts: readonly Uint8Array[], digest: string): Promise<void> {
    const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
    let partFirstByte = 0;
    for (const layerPartBlob of parts) {
      const partLastByte = partFirstByte + layerPartBlob.length - 1;
      const sent = { repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob };
      const { lastByteReceived } = await ecr.send(new UploadLayerPartCommand(sent));
      assert.equal(lastByteReceived, partLastByte);
      partFirstByte = partLastByte + 1;
    }
    await ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }));
  }

  it('take layers in parts, in their order, with their digest', async () => {
    const large = Buffer.alloc(5 * 1024 * 1024, 'layer');
    const small = Buffer.from('the rest');
    const layer = Buffer.concat([large, small]);
    await upload([large, small], digestOf(layer));
    const back = await registry(`${repositoryName}/blobs/${digestOf(layer)}`);
    assert.equal(digestOf(new Uint8Array(await back.arrayBuffer())), digestOf(layer));
    await assert.rejects(upload([small], digestOf(large)), { name: 'InvalidLayerException' });
    await assert.rejects(upload([], digestOf(small)), { name: 'EmptyUploadException' });
    await assert.rejects(upload([small, small], digestOf(small)), { name: 'InvalidParameterException' });
    await assert.rejects(upload([large, small], digestOf(layer)), { name: 'LayerAlreadyExistsException' });
    const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
    const gap = { repositoryName, uploadId, partFirstByte: 10, partLastByte: 17, layerPartBlob: small };
    await assert.rejects(ecr.send(new UploadLayerPartCommand(gap)), { name: 'InvalidLayerPartException' });
  });

  it('record when they were pulled: by the registry and by the API, and not by a look', async () => {
    const config = Buffer.from(
      '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}',
    );
    await upload([config], digestOf(config));
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: digestOf(config),
        size: config.length,
      },
      layers: [],
    });
    await ecr.send(new PutImageCommand({ repositoryName, imageManifest, ...imageId }));
    assert.equal((await registry(`${repositoryName}/manifests/vulnerable`, 'HEAD')).status, 200);
    assert.equal((await image())?.lastRecordedPullTime, undefined);
    await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [imageId] }));
    const first = (await image())?.lastRecordedPullTime?.getTime() ?? 0;
    assert.ok(Math.abs(Date.now() - first) < 60_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal((await registry(`${repositoryName}/manifests/vulnerable`)).status, 200);
    assert.ok(((await image())?.lastRecordedPullTime?.getTime() ?? 0) > first);
  });

  it('have findings of Inspector’s form where enhanced scanning is on', async () => {
    const repositoryFilters = [{ filter: '*', filterType: 'WILDCARD' as const }];
    await ecr.send(new StartImageScanCommand({ repositoryName, imageId }));
    const findings = (): Promise<DescribeImageScanFindingsCommandOutput> =>
      ecr.send(new DescribeImageScanFindingsCommand({ repositoryName, imageId }));
    const basic = await until('the scan is complete', 20, async () => {
      const found = await findings();
      return found.imageScanStatus?.status === 'COMPLETE' ? found : undefined;
    });
    assert.ok((basic.imageScanFindings?.findings ?? []).length > 0);
    const rules = [{ scanFrequency: 'CONTINUOUS_SCAN' as const, repositoryFilters }];
    await ecr.send(new PutRegistryScanningConfigurationCommand({ scanType: 'ENHANCED', rules }));
    const { imageScanStatus, imageScanFindings } = await findings();
    assert.equal(imageScanStatus?.status, 'ACTIVE');
    assert.equal(imageScanFindings?.findings, undefined);
    const [worst] = imageScanFindings?.enhancedFindings ?? [];
    assert.equal(worst?.packageVulnerabilityDetails?.vulnerabilityId, 'CVE-2021-44228');
    assert.equal(worst?.severity, 'CRITICAL');
    assert.deepEqual(worst?.resources?.[0]?.details?.awsEcrContainerImage?.imageTags, ['vulnerable']);
    const manual = ecr.send(new StartImageScanCommand({ repositoryName, imageId }));
    await assert.rejects(manual, { name: 'ValidationException' });
  });

  it('can be archived: they are still listed when asked for, and cannot be pulled until they are active again', async () => {
    const store = (targetStorageClass: 'ARCHIVE' | 'STANDARD'): Promise<UpdateImageStorageClassCommandOutput> =>
      ecr.send(new UpdateImageStorageClassCommand({ repositoryName, imageId, targetStorageClass }));
    assert.equal((await store('ARCHIVE')).imageStatus, 'ARCHIVED');
    const listed = async (imageStatus?: 'ARCHIVED'): Promise<number | undefined> => {
      const filter = imageStatus ? { filter: { imageStatus } } : {};
      return (await ecr.send(new DescribeImagesCommand({ repositoryName, ...filter }))).imageDetails?.length;
    };
    assert.deepEqual([await listed(), await listed('ARCHIVED')], [0, 1]);
    const { failures } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [imageId] }));
    assert.equal(failures?.[0]?.failureCode, 'ImageInaccessible');
    assert.equal((await registry(`${repositoryName}/manifests/vulnerable`)).status, 403);
    assert.equal((await store('STANDARD')).imageStatus, 'ACTIVATING');
    await until('it is active', 20, async () => (await image())?.imageStatus === 'ACTIVE' || undefined);
    assert.equal((await registry(`${repositoryName}/manifests/vulnerable`)).status, 200);
  });

  it('go into a repository that a template creates on push', async () => {
    assert.equal((await registry('team/new/blobs/uploads/', 'POST')).status, 404);
    const template = { prefix: 'team', imageTagMutability: 'IMMUTABLE' as const };
    const create = new CreateRepositoryCreationTemplateCommand({ ...template, appliedFor: ['CREATE_ON_PUSH'] });
    await ecr.send(create);
    await assert.rejects(ecr.send(create), { name: 'TemplateAlreadyExistsException' });
    assert.equal((await registry('team/new/tags/list')).status, 404, 'reading creates nothing');
    assert.equal((await registry('team/new/blobs/uploads/', 'POST')).status, 202);
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['team/new'] }));
    assert.equal(repositories?.[0]?.imageTagMutability, 'IMMUTABLE');
    const described = await ecr.send(new DescribeRepositoryCreationTemplatesCommand({ prefixes: ['team'] }));
    assert.equal(described.repositoryCreationTemplates?.[0]?.imageTagMutability, 'IMMUTABLE');
    await ecr.send(new DeleteRepositoryCreationTemplateCommand({ prefix: 'team' }));
    assert.equal((await registry('team/other/blobs/uploads/', 'POST')).status, 404);
  });
});
