import assert from 'node:assert/strict';
import { canInstallPackages, installPackages } from '../kit/apt';
import { onPath } from '../kit/onPath';
import { needsSeed } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, run } from './tools';

/**
 * The registry through a client that is no engine: it copies, inspects, lists and deletes by itself.
 * Rules of AWS: OCI Distribution Specification (copy, tags list, delete); ECR user guide, "Image tag mutability"
 * (TAG_INVALID).
 */
needsSeed('shop').describe('the registry through skopeo', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let skopeo: string;
  let password: string;
  before(async function () {
    this.timeout(300_000);
    if (onPath('skopeo') === undefined && canInstallPackages()) {
      await installPackages(['skopeo'], 'Installing another client of registries').catch(() => undefined);
    }
    const found = onPath('skopeo');
    if (found === undefined) {
      process.stderr.write('!!! skopeo is not installed and cannot be: the registry is NOT proved with it.\n');
      return this.skip();
    }
    skopeo = found;
    sandbox = await startSandbox({ seed: 'shop' });
    aws = new AwsCli(sandbox);
    password = (await aws.run('ecr', 'get-login-password')).stdout.trim();
  });
  after(async () => {
    // Skipped before it was started.
    if ((sandbox as Sandbox | undefined) === undefined) return;
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
    aws.close();
  });

  const image = (name: string): string => `docker://${sandbox.registry}/${name}`;

  async function must(verb: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(skopeo, ['--insecure-policy', verb, ...args]);
    assert.equal(code, 0, `skopeo ${verb}: ${stderr}`);
    return stdout;
  }
  const creds = (): string[] => ['--creds', `AWS:${password}`, '--tls-verify=false'];
  const copyOptions = (): string[] => [
    ...['--src-creds', `AWS:${password}`, '--src-tls-verify=false'],
    ...['--dest-creds', `AWS:${password}`, '--dest-tls-verify=false'],
  ];
  const digest = async (name: string): Promise<string> =>
    (JSON.parse(await must('inspect', ...creds(), image(name))) as { Digest: string }).Digest;

  it('copies an image from one repository to another, byte for byte', async () => {
    await must('copy', '--preserve-digests', ...copyOptions(), image('shop/api:2.3.0'), image('shop/unused:copied'));
    assert.equal(await digest('shop/unused:copied'), await digest('shop/api:2.3.0'));
    const { imageDetails } = await aws.json<{ imageDetails: { imageDigest: string }[] }>(
      ...['ecr', 'describe-images', '--repository-name', 'shop/unused', '--image-ids', 'imageTag=copied'],
    );
    assert.equal(imageDetails[0]?.imageDigest, await digest('shop/unused:copied'));
  });

  it('lists the tags that ECR lists', async () => {
    const listed = JSON.parse(await must('list-tags', ...creds(), image('shop/orders'))) as { Tags: string[] };
    assert.deepEqual(listed.Tags.sort(), ['0.8.0', '0.9.0', '0.9.1', 'latest']);
  });

  it('does not overwrite an immutable tag, and hears why', async () => {
    const args = ['--insecure-policy', 'copy', ...copyOptions(), image('shop/orders:0.9.0'), image('shop/api:2.3.0')];
    const { code, stderr } = await run(skopeo, args);
    assert.notEqual(code, 0);
    assert.match(stderr, /cannot be overwritten because the repository is immutable/);
  });

  it('deletes an image', async () => {
    await must('delete', ...creds(), image('shop/unused:copied'));
    const absent = ['ecr', 'describe-images', '--repository-name', 'shop/unused', '--image-ids', 'imageTag=copied'];
    assert.equal((await aws.refusal(...absent)).code, 'ImageNotFoundException');
  });
});
