import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { ec2Id, hexId } from '../ids';
import { ecsArn } from '../place';
import type { ContainerLaunch } from '../runtime/runtime';
import type { EcsContext } from './context';
import { addTask } from './taskIndex';
import type {
  Cluster,
  ContainerDefinition,
  ContainerState,
  Eni,
  Json,
  LaunchType,
  Task,
  TaskDefinition,
} from './types';

/** What is asked of a new task, by a service or by RunTask. */
export interface TaskWish {
  readonly taskDefinition: TaskDefinition;
  readonly launchType: LaunchType;
  readonly containerInstance?: string;
  readonly capacityProvider?: string | undefined;
  readonly daemon?: string;
  readonly platformVersion?: string | undefined;
  readonly networkConfiguration?: Json | undefined;
  readonly service?: string;
  readonly startedBy?: string | undefined;
  readonly group: string;
  readonly overrides?: Json | undefined;
  readonly enableExecuteCommand?: boolean;
  readonly tags?: ReadonlyMap<string, string>;
}

interface ContainerOverride {
  readonly name?: string;
  readonly command?: readonly string[];
  readonly environment?: readonly { readonly name?: string; readonly value?: string }[];
  readonly memory?: number;
}

/** A task in its first state, not yet started. */
export function newTask(context: EcsContext, cluster: Cluster, wish: TaskWish): Task {
  const { taskDefinition, platformVersion, containerInstance, service, startedBy } = wish;
  const id = hexId();
  const containers = taskDefinition.registered.containerDefinitions.map(({ name, image }): ContainerState => {
    return { id: randomUUID(), name, image, lastStatus: 'PENDING', bindings: [], health: 'UNKNOWN' };
  });
  const eni = taskDefinition.registered.networkMode === 'awsvpc' ? newEni(wish.networkConfiguration) : undefined;
  const task: Task = {
    id,
    arn: ecsArn(context.place, `task/${cluster.name}/${id}`),
    cluster: cluster.name,
    taskDefinition,
    launchType: wish.launchType,
    ...(wish.launchType === 'FARGATE' ? { platformVersion: realPlatformVersion(platformVersion) } : {}),
    ...(containerInstance === undefined ? {} : { containerInstance }),
    ...(wish.daemon === undefined ? {} : { daemon: wish.daemon }),
    ...(wish.capacityProvider === undefined ? {} : { capacityProvider: wish.capacityProvider }),
    ...(service === undefined ? {} : { service }),
    ...(startedBy === undefined ? {} : { startedBy }),
    group: wish.group,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...wish.overrides },
    enableExecuteCommand: wish.enableExecuteCommand ?? false,
    containers,
    ...(eni ? { eni } : {}),
    createdAt: context.clock.now(),
    tags: new Map(wish.tags ?? []),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    settled: false,
  };
  addTask(cluster, task);
  return task;
}

/** A task shows the version that LATEST stood for. */
function realPlatformVersion(wanted: string | undefined): string {
  return wanted === undefined || wanted === 'LATEST' ? '1.4.0' : wanted;
}

function newEni(networkConfiguration: Json | undefined): Eni {
  const vpc = networkConfiguration?.['awsvpcConfiguration'] as
    { subnets?: readonly string[]; securityGroups?: readonly string[] } | undefined;
  const subnets = vpc?.subnets ?? [];
  return {
    id: randomUUID(),
    eniId: ec2Id('eni'),
    subnet: subnets[randomInt(Math.max(1, subnets.length))] ?? 'subnet-0',
    ip: `10.0.${randomInt(256)}.${randomInt(4, 255)}`,
    mac: `02:${(randomBytes(5).toString('hex').match(/../g) ?? []).join(':')}`,
    groups: vpc?.securityGroups ?? [],
    status: 'PRECREATED',
  };
}

/** A container's start as the definition and the task's overrides want it. */
export function containerLaunch(
  task: Task,
  definition: ContainerDefinition,
  digest: string | undefined,
  secrets: Readonly<Record<string, string>>,
): ContainerLaunch {
  const overrides = (task.overrides['containerOverrides'] ?? []) as readonly ContainerOverride[];
  const override = overrides.find(({ name }) => name === definition.name);
  const environment: Record<string, string> = { ...secrets };
  for (const { name, value } of [...(definition.environment ?? []), ...(override?.environment ?? [])]) {
    if (name !== undefined) environment[name] = value ?? '';
  }
  return {
    definition,
    command: override?.command ?? definition.command,
    environment,
    memory: override?.memory ?? definition.memory ?? wholeTask(task),
    digest,
  };
}

function wholeTask({ taskDefinition }: Task): number | undefined {
  const { memory } = taskDefinition.registered;
  return memory === undefined ? undefined : Number(memory);
}
