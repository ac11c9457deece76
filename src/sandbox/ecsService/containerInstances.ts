import { invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { defaultPageSize } from '../model/apiModel';
import { page } from '../paging';
import { ecsArn } from '../place';
import { isPending } from './clusters';
import { type EcsContext, clusterNamed, nameOf } from './context';
import { remaining, tasksOn } from './placement';
import type { Scheduler } from './scheduler';
import { tagList } from './tags';
import type { Cluster, ContainerInstance } from './types';

function resource(name: string, integerValue: number): Record<string, unknown> {
  return { name, type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue };
}

/** An instance's attributes: those of the agent, then its own. */
export function attributesOf({ architecture, arn, attributes }: ContainerInstance): { name: string; value: string }[] {
  const attribute = (name: string, value: string): { name: string; value: string } => ({ name, value });
  return [
    attribute('ecs.cpu-architecture', architecture === 'ARM64' ? 'arm64' : 'x86_64'),
    attribute('ecs.os-type', 'linux'),
    attribute('ecs.instance-type', 'gantry.sandbox'),
    attribute('ecs.availability-zone', `${arn.split(':')[3] ?? ''}a`),
    ...[...(attributes ?? [])].map(([name, value]) => attribute(name, value)),
  ];
}

function describe(cluster: Cluster, instance: ContainerInstance, withTags: boolean): Record<string, unknown> {
  const left = remaining(cluster, instance);
  const tasks = tasksOn(cluster, instance);
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.ec2InstanceId,
    version: tasks.length + 1,
    versionInfo: { agentVersion: '1.90.0', agentHash: '00000000', dockerVersion: 'DockerVersion: 25.0.8' },
    remainingResources: [resource('CPU', left.cpu), resource('MEMORY', left.memory)],
    registeredResources: [resource('CPU', instance.cpu), resource('MEMORY', instance.memory)],
    status: instance.status,
    agentConnected: true,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(isPending).length,
    attributes: attributesOf(instance),
    capacityProviderName: instance.capacityProvider,
    registeredAt: new Date(instance.registeredAt),
    attachments: [],
    tags: withTags ? tagList(instance.tags) : [],
  };
}

interface StateRequest {
  readonly cluster?: string;
  readonly containerInstances: readonly string[];
  readonly status: string;
}

/** Draining an instance replaces its services' tasks elsewhere, within the percents of their deployments. */
function updateState(context: EcsContext, scheduler: Scheduler, request: StateRequest): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const { status } = request;
  if (status !== 'ACTIVE' && status !== 'DRAINING') {
    throw invalidParameter(`Container instance status should be one of [ACTIVE,DRAINING]`);
  }
  const found = request.containerInstances.map((id) => ({ id, instance: cluster.instances.get(nameOf(id)) }));
  for (const { instance } of found) if (instance) instance.status = status;
  for (const service of cluster.services.values()) scheduler.reconcile(cluster, service);
  return {
    containerInstances: found.flatMap(({ instance }) => (instance ? [describe(cluster, instance, false)] : [])),
    failures: found
      .filter(({ instance }) => !instance)
      .map(({ id }) => ({
        arn: ecsArn(context.place, `container-instance/${cluster.name}/${nameOf(id)}`),
        reason: 'MISSING',
      })),
  };
}

/** Takes an instance out of its cluster; its tasks end unless there are some and nobody has said to go on anyway. */
function deregister(
  context: EcsContext,
  scheduler: Scheduler,
  request: { cluster?: string; containerInstance: string; force?: boolean },
): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const instance = cluster.instances.get(nameOf(request.containerInstance));
  if (!instance) throw invalidParameter('The specified container instance does not exist.');
  const tasks = tasksOn(cluster, instance);
  if (tasks.length > 0 && !request.force) {
    throw invalidParameter('Found running tasks on the instance.');
  }
  const containerInstance = { ...describe(cluster, instance, true), status: 'INACTIVE' };
  cluster.instances.delete(instance.id);
  for (const task of tasks)
    scheduler.life.stop(task, 'TerminationNotice', 'Container instance was deregistered.', false);
  for (const service of cluster.services.values()) scheduler.reconcile(cluster, service);
  return { containerInstance };
}

export function containerInstanceOperations(context: EcsContext, scheduler: Scheduler): Record<string, Operation> {
  return {
    UpdateContainerInstancesState: (input: StateRequest) => updateState(context, scheduler, input),
    DeregisterContainerInstance: (input: { containerInstance: string }) => deregister(context, scheduler, input),
    ListContainerInstances: (input: {
      cluster?: string;
      filter?: string;
      status?: string;
      maxResults?: number;
      nextToken?: string;
    }) => {
      const cluster = clusterNamed(context, input.cluster);
      if (input.filter !== undefined)
        throw invalidParameter('Cluster query language filters are not there in the sandbox.');
      const found = [...cluster.instances.values()].filter(({ status }) => (input.status ?? status) === status);
      const size = input.maxResults ?? defaultPageSize('ecs', 'ListContainerInstances');
      const cut = page(
        found.map(({ arn }) => arn),
        size,
        input.nextToken,
        [cluster.name, input.status ?? null],
      );
      return { containerInstanceArns: cut.items, nextToken: cut.nextToken };
    },
    DescribeContainerInstances: (input: {
      cluster?: string;
      containerInstances: readonly string[];
      include?: readonly string[];
    }) => {
      const cluster = clusterNamed(context, input.cluster);
      const containerInstances: unknown[] = [];
      const failures: unknown[] = [];
      for (const reference of new Set(input.containerInstances)) {
        const instance = cluster.instances.get(nameOf(reference));
        if (instance) containerInstances.push(describe(cluster, instance, input.include?.includes('TAGS') ?? false));
        else {
          const arn = ecsArn(context.place, `container-instance/${cluster.name}/${nameOf(reference)}`);
          failures.push({ arn, reason: 'MISSING' });
        }
      }
      return { containerInstances, failures };
    },
  };
}
