import { lacksCapacity } from '../runtime/scenarios';
import type { Cluster, ContainerInstance, LaunchType, Task, TaskDefinition } from './types';

/** Where a task of launch type EC2 goes, or why nowhere, as AWS says it in an event and in a failure code. */
export type Placement =
  | { readonly instance: ContainerInstance }
  | { readonly event: string; readonly failure: string; readonly instanceArn: string | undefined };

const noMatch = 'was unable to place a task because no container instance met all of its requirements.';
const noInstances = 'Reason: No Container Instances were found in your cluster.';
const more = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

/** What a task reserves: CPU units and MiB. */
export function reserved({ registered }: TaskDefinition): { cpu: number; memory: number } {
  const sum = (of: (container: { cpu?: number; memory?: number; memoryReservation?: number }) => number): number =>
    registered.containerDefinitions.reduce((total, container) => total + of(container), 0);
  return {
    cpu: registered.cpu === undefined ? sum(({ cpu }) => cpu ?? 0) : Number(registered.cpu),
    memory:
      registered.memory === undefined
        ? sum(({ memory, memoryReservation }) => memoryReservation ?? memory ?? 0)
        : Number(registered.memory),
  };
}

/** Ports of the host that a task insists on. With awsvpc they are ports of its own network interface. */
function fixedPorts({ registered }: TaskDefinition): number[] {
  if (registered.networkMode === 'awsvpc') return [];
  return registered.containerDefinitions
    .flatMap(({ portMappings }) => portMappings ?? [])
    .map(({ hostPort }) => hostPort ?? 0)
    .filter((port) => port > 0);
}

/** What is left on an instance, in CPU units and MiB. */
export function remaining(cluster: Cluster, instance: ContainerInstance): { cpu: number; memory: number } {
  const left = { cpu: instance.cpu, memory: instance.memory };
  for (const task of tasksOn(cluster, instance)) {
    const used = reserved(task.taskDefinition);
    left.cpu -= used.cpu;
    left.memory -= used.memory;
  }
  return left;
}

export function tasksOn(cluster: Cluster, instance: ContainerInstance): Task[] {
  return [...cluster.tasks.values()].filter(
    ({ containerInstance, lastStatus }) => containerInstance === instance.arn && lastStatus !== 'STOPPED',
  );
}

const noCapacity = 'Capacity is unavailable at this time. Please try again later or in a different availability zone';

/** Where a task goes, or why nowhere; undefined where AWS has machines of its own. */
export function place(
  cluster: Cluster,
  definition: TaskDefinition,
  launchType: LaunchType,
  provider?: string,
): Placement | undefined {
  const lacking = lacksCapacity(definition.registered.containerDefinitions);
  if (launchType !== 'FARGATE') return lacking ? fullCluster(cluster) : onInstance(cluster, definition, provider);
  if (!lacking) return undefined;
  const event = `was unable to place a task. Reason: ${noCapacity}. ${more}`;
  return { event, failure: `${noCapacity}.`, instanceArn: undefined };
}

/** The scenario `capacity`: every instance is full. */
function fullCluster(cluster: Cluster): Placement {
  const [instance] = cluster.instances.values();
  const closest = `The closest matching (container-instance ${instance?.id ?? ''}) has insufficient memory available.`;
  const event = instance ? `${noMatch} ${closest} ${more}` : `${noMatch} ${noInstances} ${more}`;
  return { event, failure: 'RESOURCE:MEMORY', instanceArn: instance?.arn };
}

/** Chooses the instance with the most memory left. */
function onInstance(cluster: Cluster, definition: TaskDefinition, provider: string | undefined): Placement {
  const active = [...cluster.instances.values()]
    .filter(({ status }) => status === 'ACTIVE')
    .filter(({ capacityProvider }) => provider === undefined || capacityProvider === provider);
  if (active.length === 0) {
    const event = `${noMatch} ${noInstances} ${more}`;
    return { event, failure: 'RESOURCE:MEMORY', instanceArn: undefined };
  }
  const byMemory = active
    .map((instance) => ({ instance, left: remaining(cluster, instance) }))
    .sort((a, b) => b.left.memory - a.left.memory);
  let closest: Placement | undefined;
  for (const { instance, left } of byMemory) {
    const lack = lacking(cluster, instance, left, definition);
    if (!lack) return { instance };
    closest ??= {
      event: `${noMatch} The closest matching (container-instance ${instance.id}) ${lack.text} ${more}`,
      failure: lack.failure,
      instanceArn: instance.arn,
    };
  }
  return closest ?? { event: noMatch, failure: 'RESOURCE:MEMORY', instanceArn: undefined };
}

/** Why a task does not fit on an instance; undefined when it does. */
export function lacking(
  cluster: Cluster,
  instance: ContainerInstance,
  left: { cpu: number; memory: number },
  definition: TaskDefinition,
): { text: string; failure: string } | undefined {
  const wanted = reserved(definition);
  const architecture = definition.registered.runtimePlatform?.cpuArchitecture;
  if (architecture !== undefined && architecture !== instance.architecture) {
    return { text: 'is missing an attribute required by your task.', failure: 'ATTRIBUTE' };
  }
  if (wanted.cpu > left.cpu) return { text: 'has insufficient CPU units available.', failure: 'RESOURCE:CPU' };
  if (wanted.memory > left.memory) return { text: 'has insufficient memory available.', failure: 'RESOURCE:MEMORY' };
  const taken = new Set(tasksOn(cluster, instance).flatMap((task) => fixedPorts(task.taskDefinition)));
  if (fixedPorts(definition).some((port) => taken.has(port))) {
    return { text: 'is already using a port required by your task.', failure: 'RESOURCE:PORTS' };
  }
  return undefined;
}
