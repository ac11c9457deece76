import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hrtime } from 'node:process';
import { ecr, signedPost } from '../contract/signedPost';
import { startSandbox } from '../contract/sandboxProcess';
import { unpackPackage } from '../kit/apt';
import { onEnd } from '../kit/cleanup';
import { onPath } from '../kit/onPath';
import { say } from '../kit/say';
import type { Figure } from './figure';

const megabytes = 64;
const name = 'sandbox: push of 64 MiB ÷ docker-registry';

interface Registry {
  readonly url: string;
  readonly authorization: string | undefined;
}

/** A push as a client does it: a layer in one stream, a config, and a manifest under a tag. In milliseconds. */
async function push({ url, authorization }: Registry, tag: string): Promise<number> {
  const layer = randomBytes(megabytes * 1024 * 1024);
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', tag }));
  const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const digests = { layer: digestOf(layer), config: digestOf(config) };
  const headers = authorization === undefined ? {} : { authorization };
  const send = async (method: string, address: string, body?: Buffer, type = 'application/octet-stream') => {
    const answer = await fetch(new URL(address, url), {
      method,
      headers: { ...headers, 'content-type': type },
      ...(body ? { body: new Uint8Array(body) } : {}),
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status}`);
    return answer.headers.get('location') ?? '';
  };
  const start = hrtime.bigint();
  for (const [bytes, digest] of [
    [layer, digests.layer],
    [config, digests.config],
  ] as const) {
    const upload = await send('POST', '/v2/bench/blobs/uploads/');
    const next = await send('PATCH', upload, bytes);
    const end = new URL(next, url);
    end.searchParams.set('digest', digest);
    await send('PUT', end.href);
  }
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const part = (kind: string, digest: string, size: number): unknown => ({
    mediaType: `application/vnd.docker.${kind}`,
    digest,
    size,
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: part('container.image.v1+json', digests.config, config.length),
    layers: [part('image.rootfs.diff.tar.gzip', digests.layer, layer.length)],
  });
  await send('PUT', `/v2/bench/manifests/${tag}`, Buffer.from(manifest), mediaType);
  return Number(hrtime.bigint() - start) / 1e6;
}

/** Debian's registry: the installed one, or its package unpacked beside everything. */
async function registryProgram(folder: string): Promise<string | undefined> {
  const installed = onPath('docker-registry');
  if (installed !== undefined) return installed;
  try {
    await unpackPackage('docker-registry', folder);
    return path.join(folder, 'usr', 'bin', 'docker-registry');
  } catch (error) {
    say(`!!! Debian's docker-registry cannot be had, so there is nothing to compare a push with: ${String(error)}`);
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startOther(program: string, folder: string): Promise<{ registry: Registry; child: ChildProcess }> {
  const port = await freePort();
  const file = path.join(folder, 'config.yml');
  const storage = `storage:\n  filesystem:\n    rootdirectory: ${path.join(folder, 'storage')}\n`;
  writeFileSync(file, `version: 0.1\nlog:\n  level: error\n${storage}http:\n  addr: 127.0.0.1:${port}\n`);
  const child = spawn(program, ['serve', file], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    const up = await fetch(`${url}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return { registry: { url, authorization: undefined }, child };
    if (attempt > 100) throw new Error('docker-registry does not answer.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The sandbox's registry beside Debian's in the same run, in turns, so that both meet the same disk. */
export async function registryPush(rounds: number): Promise<Figure> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gantry-registry-'));
  const clean = (): void => rmSync(folder, { recursive: true, force: true });
  onEnd(clean);
  mkdirSync(path.join(folder, 'package'));
  const program = await registryProgram(path.join(folder, 'package'));
  if (program === undefined) return { name, unit: '×', values: [], aim: 1.2 };
  const { registry: other, child } = await startOther(program, folder);
  onEnd(() => void child.kill());
  const sandbox = await startSandbox({ seed: 'empty' });
  await signedPost(sandbox, ecr, 'CreateRepository', { repositoryName: 'bench' });
  const { body } = await signedPost(sandbox, ecr, 'GetAuthorizationToken', {});
  const [data] = body['authorizationData'] as { authorizationToken: string }[];
  const own: Registry = { url: sandbox.endpoint, authorization: `Basic ${data?.authorizationToken ?? ''}` };
  await push(own, 'warm');
  await push(other, 'warm');
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ours = await push(own, `v${round}`);
    values.push(ours / (await push(other, `v${round}`)));
  }
  child.kill();
  await sandbox.stop();
  clean();
  return { name, unit: '×', values, aim: 1.2, note: 'without --state: the sandbox does not wait for the disk' };
}
