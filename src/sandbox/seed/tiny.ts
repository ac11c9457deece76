import { totalmem } from 'node:os';
import { newRepository } from '../ecrService/repository';
import { newCluster } from '../ecsService/clusters';
import { newInstance } from '../ecsService/newInstance';
import { newService } from '../ecsService/services';
import { register } from '../ecsService/taskDefinitions';
import type { EcsContext } from '../ecsService/context';
import type { Cluster } from '../ecsService/types';
import type { World } from '../world';
import { buildAndPush } from './engineImage';
import { awslogs, releaseServices } from './release';
import { putMinimalImage } from './simulatedImage';

const page = '<!doctype html><title>Gantry</title><p>Hello from the sandbox, version 1.</p>\n';
const webDockerfile =
  'FROM busybox:stable\nCOPY index.html /www/index.html\nEXPOSE 8080\n' +
  // The first process of a container ignores SIGTERM unless it asks for it, and would be killed after 30 s.
  `CMD ["sh", "-c", "trap 'exit 0' TERM; httpd -f -v -p 8080 -h /www & wait"]\n`;
const workerDockerfile = `FROM busybox:stable\nCMD ["sh", "-c", "trap 'exit 0' TERM; while true; do echo working; sleep 5 & wait; done"]\n`;
const tag = 'v1';

/** One cluster, two repositories, two services: enough to try everything on. */
export function seedTiny(world: World): void {
  const { ecs, ecr } = world;
  const now = ecs.clock.now();
  for (const name of ['demo/web', 'demo/worker']) ecr.repositories.set(name, newRepository(name, now));
  const cluster = newCluster(ecs, 'demo');
  for (const name of ['/ecs/web', '/ecs/worker']) ecs.logs.createGroup(name);
  const architecture = process.arch === 'arm64' ? 'ARM64' : 'X86_64';
  // At most 8 GiB, so that a demo cannot take the whole machine.
  const memory = Math.min(8192, Math.floor(totalmem() / 1024 / 1024 / 2));
  newInstance(ecs, cluster, { cpu: 2048, memory, architecture });
  seedDefinitions(ecs, architecture);
  seedServices(ecs, cluster);
}

function seedDefinitions(ecs: EcsContext, architecture: 'ARM64' | 'X86_64'): void {
  const by = `arn:aws:iam::${ecs.place.account}:user/sandbox`;
  const host = ecs.place.registryHost;
  register(
    ecs,
    {
      family: 'web',
      networkMode: 'bridge',
      requiresCompatibilities: ['EC2'],
      runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: 'LINUX' },
      containerDefinitions: [
        {
          name: 'web',
          image: `${host}/demo/web:${tag}`,
          memory: 64,
          essential: true,
          portMappings: [{ containerPort: 8080, hostPort: 0, protocol: 'tcp' }],
          logConfiguration: awslogs(ecs.place.region, 'web'),
          environment: [
            { name: 'GREETING', value: 'hello' },
            { name: 'FEATURES', value: '' },
          ],
        },
      ],
    },
    by,
  );
  register(
    ecs,
    {
      family: 'worker',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: `arn:aws:iam::${ecs.place.account}:role/ecsTaskExecutionRole`,
      runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: 'LINUX' },
      containerDefinitions: [
        {
          name: 'worker',
          image: `${host}/demo/worker:${tag}`,
          essential: true,
          logConfiguration: awslogs(ecs.place.region, 'worker'),
        },
      ],
    },
    by,
  );
}

function seedServices(ecs: EcsContext, cluster: Cluster): void {
  newService(
    ecs,
    cluster,
    {
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 1,
      launchType: 'EC2',
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    },
    true,
  );
  const awsvpcConfiguration = { subnets: ['subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d4e5f60718'] };
  newService(
    ecs,
    cluster,
    {
      serviceName: 'worker',
      taskDefinition: 'worker',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { ...awsvpcConfiguration, assignPublicIp: 'ENABLED' } },
    },
    true,
  );
}

/** Makes the seed's images, then lets the services start their tasks, whether the images are there or not. */
export async function fillTiny(world: World): Promise<void> {
  try {
    await (world.engine ? buildImages(world) : writeImages(world));
  } catch (error) {
    world.ecs.log(`the seed has no images, its tasks will fail: ${String(error)}`);
  }
  releaseServices(world);
}

async function buildImages(world: World): Promise<void> {
  if (!world.engine) return;
  const host = world.ecs.place.registryHost;
  const common = { ...world.engine, now: world.ecs.clock.now() };
  const files = { 'index.html': page };
  await buildAndPush({ ...common, target: `${host}/demo/web:${tag}`, dockerfile: webDockerfile, files });
  await buildAndPush({ ...common, target: `${host}/demo/worker:${tag}`, dockerfile: workerDockerfile, files: {} });
}

async function writeImages({ ecr }: World): Promise<void> {
  const common = { tag, at: ecr.clock.now() };
  const web = ecr.repositories.get('demo/web');
  const worker = ecr.repositories.get('demo/worker');
  if (web) {
    const command = ['httpd', '-f', '-p', '8080', '-h', '/'];
    await putMinimalImage(web, ecr.blobs, { ...common, file: 'index.html', text: page, exposedPorts: [8080], command });
  }
  if (worker) {
    const command = ['sh', '/run.sh'];
    await putMinimalImage(worker, ecr.blobs, {
      ...common,
      file: 'run.sh',
      text: 'echo working\n',
      exposedPorts: [],
      command,
    });
  }
}
