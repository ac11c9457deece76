import type { Repository } from '../ecrService/repository';
import type { World } from '../world';
import { buildAndPush } from './engineImage';
import { putMinimalImage } from './simulatedImage';
import { putVariant } from './variant';

const page = '<!doctype html><title>Shop</title><p>Hello from the shop.</p>\n';
const webDockerfile =
  'FROM busybox:stable\nCOPY index.html /www/index.html\nCOPY index.html /www/api/index.html\nEXPOSE 8080\n' +
  `CMD ["sh", "-c", "trap 'exit 0' TERM; httpd -f -v -p 8080 -h /www & wait"]\n`;
const workerDockerfile = `FROM busybox:stable\nCMD ["sh", "-c", "trap 'exit 0' TERM; while true; do echo order packed; sleep 5 & wait; done"]\n`;

/** Versions by repository, oldest first; `untagged` are what a moved tag leaves behind. */
const contents: Readonly<Record<string, { kind: 'web' | 'worker'; versions: readonly string[]; untagged: number }>> = {
  'shop/storefront': { kind: 'web', versions: ['1.2.0', '1.3.0', '1.4.0', '1.4.1', '1.4.2'], untagged: 3 },
  'shop/api': { kind: 'web', versions: ['2.1.0', '2.2.0', '2.2.1', '2.3.0'], untagged: 0 },
  'shop/orders': { kind: 'worker', versions: ['0.8.0', '0.9.0', '0.9.1'], untagged: 1 },
  'shop/worker': { kind: 'worker', versions: ['latest'], untagged: 6 },
  'shop/search': { kind: 'worker', versions: ['2.9.0', '3.0.0'], untagged: 0 },
  'shop/admin': { kind: 'web', versions: ['1.0.0'], untagged: 0 },
  'shop/unused': { kind: 'worker', versions: [], untagged: 0 },
};

export const repositories = Object.keys(contents);

/** Two images are really made; the others are their layers under manifests of their own. */
export async function makeImages(world: World): Promise<void> {
  const { ecr, ecs } = world;
  const [web, worker] = [ecr.repositories.get('shop/storefront'), ecr.repositories.get('shop/worker')];
  if (!web || !worker) return;
  const bases = { web, worker };
  await (world.engine ? build(world) : write(world, web, worker));
  const day = 86_400_000;
  const now = ecs.clock.now();
  for (const [name, { kind, versions, untagged }] of Object.entries(contents)) {
    const repository = ecr.repositories.get(name);
    if (!repository) continue;
    const base = bases[kind];
    for (let count = untagged; count > 0; count -= 1) {
      putVariant(base, baseTag, repository, { version: `untagged-${count}`, at: now - (40 + count) * day });
    }
    versions.forEach((version, index) => {
      const at = now - (versions.length - index) * 3 * day;
      putVariant(base, baseTag, repository, { version, tag: version, at });
    });
    const last = versions.at(-1);
    const digest = repository.tags.get(last ?? '');
    if (digest !== undefined && repository.mutability === 'MUTABLE') repository.tags.set('latest', digest);
  }
  for (const kind of ['web', 'worker'] as const) forgetBase(bases[kind]);
}

const baseTag = 'base';

/** The image that the others were made from is not one of the shop's. Its layers stay. */
function forgetBase(repository: Repository): void {
  const digest = repository.tags.get(baseTag);
  if (digest === undefined) return;
  repository.tags.delete(baseTag);
  repository.images.delete(digest);
}

async function build(world: World): Promise<void> {
  if (!world.engine) return;
  const host = world.ecs.place.registryHost;
  const common = { ...world.engine, now: world.ecs.clock.now() };
  const files = { 'index.html': page };
  await buildAndPush({ ...common, target: `${host}/shop/storefront:${baseTag}`, dockerfile: webDockerfile, files });
  await buildAndPush({ ...common, target: `${host}/shop/worker:${baseTag}`, dockerfile: workerDockerfile, files: {} });
}

async function write({ ecr }: World, web: Repository, worker: Repository): Promise<void> {
  const common = { tag: baseTag, at: ecr.clock.now() };
  const server = { file: 'index.html', text: page, exposedPorts: [8080], command: ['httpd', '-f', '-p', '8080'] };
  await putMinimalImage(web, ecr.blobs, { ...common, ...server });
  const job = { file: 'run.sh', text: 'echo working\n', exposedPorts: [], command: ['sh', '/run.sh'] };
  await putMinimalImage(worker, ecr.blobs, { ...common, ...job });
}
