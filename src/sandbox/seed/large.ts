import { defaultGroup, defaultSubnets } from '../ec2/network';
import { newRepository } from '../ecrService/repository';
import { newCluster } from '../ecsService/clusters';
import { addEvent } from '../ecsService/events';
import { newService } from '../ecsService/services';
import { finishRecord, primaryOf } from '../ecsService/deployments';
import { newTask } from '../ecsService/newTask';
import { register } from '../ecsService/taskDefinitions';
import type { Cluster, Service, Task } from '../ecsService/types';
import type { World } from '../world';
import { putMinimalImage } from './simulatedImage';
import { putVariant } from './variant';

const sizes = { clusters: 50, services: 2000, tasksPerService: 5, repositories: 500, images: 10_000, families: 40 };

/** A very large account: everything is there at once and nothing moves until somebody asks for it. */
export async function seedLarge(world: World): Promise<void> {
  await seedImages(world);
  const clusters = Array.from({ length: sizes.clusters }, (_, index) => newCluster(world.ecs, name('cluster', index)));
  for (let index = 0; index < sizes.families; index += 1) define(world, name('app', index));
  const [big] = clusters;
  if (!big) return;
  for (let index = 0; index < sizes.services; index += 1) seedService(world, big, index);
}

const name = (kind: string, index: number): string => `${kind}-${String(index).padStart(4, '0')}`;

function define({ ecs }: World, family: string): void {
  const { account, registryHost } = ecs.place;
  const role = `arn:aws:iam::${account}:role/ecsTaskExecutionRole`;
  register(
    ecs,
    {
      family,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: role,
      containerDefinitions: [{ name: 'app', image: `${registryHost}/large/repository-0000:v9999`, essential: true }],
    },
    `arn:aws:iam::${account}:user/sandbox`,
  );
}

function seedService(world: World, cluster: Cluster, index: number): void {
  const { ecs } = world;
  const awsvpcConfiguration = { subnets: defaultSubnets, securityGroups: [defaultGroup] };
  const service = newService(ecs, cluster, {
    serviceName: name('service', index),
    taskDefinition: name('app', index % sizes.families),
    desiredCount: sizes.tasksPerService,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration },
  });
  for (let count = 0; count < sizes.tasksPerService; count += 1) runningTask(world, cluster, service);
  settle(service, ecs.clock.now());
}

/** A task that has been running for long. No timer waits for it; stopping it works as for any other. */
function runningTask({ ecs }: World, cluster: Cluster, service: Service): Task {
  const primary = primaryOf(service);
  if (!primary) throw new Error(`Service ${service.name} has no deployment.`);
  const { settings } = primary.revision;
  const now = ecs.clock.now();
  const task = newTask(ecs, cluster, {
    taskDefinition: settings.taskDefinition,
    launchType: 'FARGATE',
    networkConfiguration: settings.networkConfiguration,
    service: service.name,
    startedBy: primary.id,
    group: `service:${service.name}`,
  });
  Object.assign(task, { lastStatus: 'RUNNING', settled: true, version: 5 });
  Object.assign(task, { pullStartedAt: now, pullStoppedAt: now, startedAt: now });
  if (task.eni) task.eni.status = 'ATTACHED';
  for (const container of task.containers) {
    container.lastStatus = 'RUNNING';
    container.runtimeId = `${task.id}-0000000000`;
  }
  return task;
}

function settle(service: Service, now: number): void {
  const primary = primaryOf(service);
  if (!primary) return;
  primary.rolloutState = 'COMPLETED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  finishRecord(primary.record, 'SUCCESSFUL', now);
  service.steady = true;
  addEvent(service, now, 'has reached a steady state.');
}

/** One repository with thousands of images that share their layer, and many with one. */
async function seedImages({ ecr }: World): Promise<void> {
  const now = ecr.clock.now();
  const repositories = Array.from({ length: sizes.repositories }, (_, index) => {
    const repository = newRepository(`large/${name('repository', index)}`, now);
    ecr.repositories.set(repository.name, repository);
    return repository;
  });
  const [big, ...others] = repositories;
  if (!big) return;
  const content = { file: 'run.sh', text: 'echo working\n', exposedPorts: [], command: ['sh', '/run.sh'] };
  await putMinimalImage(big, ecr.blobs, { ...content, tag: 'v0000', at: now });
  for (let index = 1; index < sizes.images; index += 1) {
    const tag = `v${String(index).padStart(4, '0')}`;
    // Every third has lost its tag.
    const named = index % 3 === 1 ? {} : { tag };
    putVariant(big, 'v0000', big, { version: tag, ...named, at: now - (sizes.images - index) * 60_000 });
  }
  for (const repository of others) putVariant(big, 'v0000', repository, { version: 'v1', tag: 'v1', at: now });
}
