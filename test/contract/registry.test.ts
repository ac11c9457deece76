import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ECRClient, PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, Engine, sdkConfig } from './tools';

const digestOf = (bytes: Buffer | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('ECR and its registry', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let engine: Engine;
  let folder: string;
  const made: string[] = [];
  before(async () => {
    sandbox = await startSandbox({ seed: 'empty', runtime: 'simulated' });
    aws = new AwsCli(sandbox);
    engine = new Engine();
    folder = mkdtempSync(path.join(tmpdir(), 'gantry-context-'));
    writeFileSync(path.join(folder, 'file'), 'first\n');
    writeFileSync(path.join(folder, 'Dockerfile'), 'FROM scratch\nCOPY file /file\nCMD ["/file"]\n');
    for (const name of ['app', 'team/app', 'fixed']) {
      const mutability = name === 'fixed' ? ['--image-tag-mutability', 'IMMUTABLE'] : [];
      await aws.json('ecr', 'create-repository', '--repository-name', name, ...mutability);
    }
  });
  after(async () => {
    for (const image of made) await engine.run(['image', 'rm', '--force', image]);
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    rmSync(folder, { recursive: true, force: true });
    aws.close();
    engine.close();
    await sandbox.stop();
  });

  async function build(name: string): Promise<string> {
    const image = `${sandbox.registry}/${name}`;
    await engine.must(['build', '--quiet', '--tag', image, folder]);
    made.push(image);
    return image;
  }

  async function basic(): Promise<string> {
    const answer = await aws.json<{ authorizationData: readonly { authorizationToken: string }[] }>(
      ...['ecr', 'get-authorization-token'],
    );
    return `Basic ${answer.authorizationData[0]?.authorizationToken ?? ''}`;
  }

  it('refuses a push without a login', async () => {
    const image = await build('app:v1');
    const { code, stderr } = await engine.run(['push', image]);
    assert.notEqual(code, 0);
    assert.match(stderr, /no basic auth credentials|authentication required|unauthorized/i);
  });

  it('logs in with `aws ecr get-login-password`, pushes and shows the image', async () => {
    const password = (await aws.run('ecr', 'get-login-password')).stdout.trim();
    await engine.must(['login', '--username', 'AWS', '--password-stdin', sandbox.registry], password);
    const image = await build('app:v1');
    await engine.must(['push', image]);
    const { imageDetails } = await aws.json<{
      imageDetails: readonly { imageTags: string[]; imageDigest: string; imageSizeInBytes: number }[];
    }>('ecr', 'describe-images', '--repository-name', 'app');
    assert.deepEqual(imageDetails[0]?.imageTags, ['v1']);
    assert.match(imageDetails[0]?.imageDigest ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.ok((imageDetails[0]?.imageSizeInBytes ?? 0) > 0);
  });

  it('gives back by digest what was pushed by tag', async () => {
    const { imageIds } = await aws.json<{ imageIds: readonly { imageDigest: string }[] }>(
      ...['ecr', 'list-images', '--repository-name', 'app'],
    );
    const pinned = `${sandbox.registry}/app@${imageIds[0]?.imageDigest ?? ''}`;
    await engine.run(['image', 'rm', '--force', `${sandbox.registry}/app:v1`]);
    await engine.must(['pull', pinned]);
    made.push(pinned);
  });

  it('says NAME_UNKNOWN in ECR’s words for a repository that is not there', async () => {
    const { code, stderr, stdout } = await engine.run(['push', await build('absent:v1')]);
    assert.notEqual(code, 0);
    const text = "The repository with name 'absent' does not exist in the registry with id '000000000000'";
    assert.ok(`${stderr}${stdout}`.includes(text), stderr);
  });

  // PutImageTagMutability: IMMUTABLE; ImageTagAlreadyExistsException.
  it('refuses to overwrite an immutable tag, even with the very same image', async () => {
    const image = await build('fixed:v1');
    await engine.must(['push', image]);
    const { code, stderr, stdout } = await engine.run(['push', image]);
    assert.notEqual(code, 0);
    const text =
      "The image tag 'v1' already exists in the 'fixed' repository and cannot be overwritten because the repository is immutable.";
    assert.ok(`${stderr}${stdout}`.includes(text), stderr);
  });

  // PutImageTagMutability: IMMUTABLE_WITH_EXCLUSION.
  it('lets a filter except tags from immutability', async () => {
    const ecr = new ECRClient(sdkConfig(sandbox));
    const command = new PutImageTagMutabilityCommand({
      repositoryName: 'fixed',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
    });
    await ecr.send(command);
    ecr.destroy();
    const image = await build('fixed:latest-1');
    await engine.must(['push', image]);
    await engine.must(['push', image]);
  });

  // OCI distribution specification: chunked upload, cross-repository mount, DIGEST_INVALID.
  it('takes an upload in chunks, and a mount from another repository', async () => {
    const authorization = await basic();
    const [one, two] = [Buffer.alloc(70_000, 'a'), Buffer.alloc(50_000, 'b')];
    const whole = Buffer.concat([one, two]);
    const send = (
      url: string,
      method: string,
      body?: Buffer,
      headers: Record<string, string> = {},
    ): Promise<Response> =>
      fetch(new URL(url, sandbox.endpoint), {
        method,
        headers: { authorization, ...headers },
        ...(body ? { body: new Uint8Array(body) } : {}),
      });
    const start = await send('/v2/app/blobs/uploads/', 'POST');
    assert.equal(start.status, 202);
    const location = start.headers.get('location') ?? '';
    const first = await send(location, 'PATCH', one, { 'content-range': `0-${one.length - 1}` });
    assert.equal(first.headers.get('range'), `0-${one.length - 1}`);
    const gap = await send(location, 'PATCH', two, { 'content-range': `${one.length + 1}-${whole.length}` });
    assert.equal(gap.status, 416, 'chunks must follow each other');
    const end = await send(`${location}?digest=${digestOf(whole)}`, 'PUT', two);
    assert.equal(end.status, 201);
    const back = await send(`/v2/app/blobs/${digestOf(whole)}`, 'GET');
    assert.equal(digestOf(Buffer.from(await back.arrayBuffer())), digestOf(whole));
    const part = await send(`/v2/app/blobs/${digestOf(whole)}`, 'GET', undefined, { range: 'bytes=69999-70000' });
    assert.equal(await part.text(), 'ab');
    const absent = await send(`/v2/team/app/blobs/${digestOf(whole)}`, 'HEAD');
    assert.equal(absent.status, 404, 'a blob belongs to its repository');
    const mount = await send(`/v2/team/app/blobs/uploads/?mount=${digestOf(whole)}&from=app`, 'POST');
    assert.equal(mount.status, 201);
    const wrong = await send(`/v2/app/blobs/uploads/?digest=${digestOf('other')}`, 'POST', one);
    assert.equal(wrong.status, 400);
    assert.match(await wrong.text(), /DIGEST_INVALID/);
  });

  // OCI distribution specification: MANIFEST_BLOB_UNKNOWN.
  it('refuses a manifest whose layers it does not have', async () => {
    const digest = digestOf('nothing');
    const descriptor = { mediaType: 'application/octet-stream', digest, size: 1 };
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const answer = await fetch(new URL('/v2/app/manifests/bad', sandbox.endpoint), {
      method: 'PUT',
      headers: { authorization: await basic(), 'content-type': mediaType },
      body: JSON.stringify({ schemaVersion: 2, mediaType, config: descriptor, layers: [] }),
    });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /MANIFEST_BLOB_UNKNOWN/);
  });

  // ECR User Guide, private registry authentication: HTTP Basic, user AWS.
  it('asks for Basic authentication', async () => {
    const answer = await fetch(new URL('/v2/', sandbox.endpoint));
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic realm=/);
  });

  // API reference of each operation: its errors, and the pattern of RepositoryName.
  it('uses AWS’s codes for repositories and images', async () => {
    const codeOf = async (...args: string[]): Promise<string> => (await aws.refusal('ecr', ...args)).code;
    assert.equal(await codeOf('describe-repositories', '--repository-names', 'absent'), 'RepositoryNotFoundException');
    assert.equal(await codeOf('create-repository', '--repository-name', 'app'), 'RepositoryAlreadyExistsException');
    assert.equal(await codeOf('create-repository', '--repository-name', 'abc_'), 'InvalidParameterException');
    assert.equal(await codeOf('create-repository', '--repository-name', 'aBc'), 'InvalidParameterException');
    assert.equal(await codeOf('delete-repository', '--repository-name', 'app'), 'RepositoryNotEmptyException');
    const absent = ['--repository-name', 'app', '--image-ids', 'imageTag=absent'];
    assert.equal(await codeOf('describe-images', ...absent), 'ImageNotFoundException');
    const deleted = await aws.json<{ failures: readonly { failureCode: string }[] }>(
      'ecr',
      'batch-delete-image',
      ...absent,
    );
    assert.equal(deleted.failures[0]?.failureCode, 'ImageNotFound');
  });
});
