import { ApiError, clientException, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { defaultPageSize } from '../model/apiModel';
import { page } from '../paging';
import { ecsArn } from '../place';
import { checkProviderStrategy, chooseProvider, launchTypeOf, withoutEmptyStrategy } from './capacity';
import { type EcsContext, clusterNamed, findService, findTask, nameOf, usableTaskDefinition } from './context';
import { checkNetwork } from './existence';
import { type TaskWish, newTask } from './newTask';
import { lacking, place, remaining } from './placement';
import { scaleOut } from './scaleOut';
import { RunTokens } from './runTokens';
import type { Scheduler } from './scheduler';
import { checkLaunch } from './serviceRules';
import { tagMap } from './tags';
import { describeTask } from './taskAnswer';
import type { Cluster, Json, LaunchType, Tag, Task } from './types';

interface ListRequest {
  readonly cluster?: string;
  readonly containerInstance?: string;
  readonly family?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly startedBy?: string;
  readonly serviceName?: string;
  readonly desiredStatus?: 'RUNNING' | 'PENDING' | 'STOPPED';
  readonly launchType?: LaunchType;
  readonly daemonName?: string;
}

interface RunRequest {
  readonly cluster?: string;
  readonly taskDefinition: string;
  readonly count?: number;
  readonly launchType?: LaunchType;
  readonly capacityProviderStrategy?: readonly Json[];
  readonly platformVersion?: string;
  readonly networkConfiguration?: Json;
  readonly overrides?: Json;
  readonly startedBy?: string;
  readonly group?: string;
  readonly enableExecuteCommand?: boolean;
  readonly tags?: readonly Tag[];
  readonly clientToken?: string;
}

/** Tasks come oldest first; a filter by `startedBy` must stand alone. */
function list(context: EcsContext, request: ListRequest): unknown {
  const { cluster: clusterName, nextToken, maxResults, ...filters } = request;
  const cluster = clusterNamed(context, clusterName);
  const { startedBy, family, containerInstance, serviceName, launchType, desiredStatus } = filters;
  const others = [family, containerInstance, serviceName, launchType].some((filter) => filter !== undefined);
  if (startedBy !== undefined && others) {
    throw invalidParameter('startedBy cannot be combined with other filters.');
  }
  if (serviceName !== undefined && !findService(cluster, serviceName)) {
    throw new ApiError('ServiceNotFoundException', 'Service not found.');
  }
  const found = [...cluster.tasks.values()].filter((task) => matches(task, filters));
  const size = maxResults ?? defaultPageSize('ecs', 'ListTasks');
  const key = { cluster: cluster.name, ...filters, desiredStatus: desiredStatus ?? 'RUNNING' };
  const cut = page(
    found.map(({ arn }) => arn),
    size,
    nextToken,
    key,
  );
  return { taskArns: cut.items, nextToken: cut.nextToken };
}

function matches(task: Task, filters: ListRequest): boolean {
  const {
    startedBy,
    family,
    containerInstance,
    serviceName,
    launchType,
    desiredStatus = 'RUNNING',
    daemonName,
  } = filters;
  return (
    task.desiredStatus === desiredStatus &&
    (daemonName === undefined || task.daemon === nameOf(daemonName)) &&
    (startedBy === undefined || task.startedBy === startedBy) &&
    (family === undefined || task.taskDefinition.family === family) &&
    (containerInstance === undefined || nameOf(task.containerInstance ?? '') === nameOf(containerInstance)) &&
    (serviceName === undefined || task.service === nameOf(serviceName)) &&
    (launchType === undefined || task.launchType === launchType)
  );
}

function describeMany(
  context: EcsContext,
  request: { cluster?: string; tasks: readonly string[]; include?: readonly string[] },
): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const tasks: unknown[] = [];
  const failures: unknown[] = [];
  for (const id of new Set(request.tasks)) {
    const task = findTask(cluster, id);
    if (task) tasks.push(describeTask(cluster, task, request.include?.includes('TAGS') ?? false));
    else {
      const arn = id.startsWith('arn:') ? id : ecsArn(context.place, `task/${cluster.name}/${id}`);
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { tasks, failures };
}

function run(context: EcsContext, scheduler: Scheduler, request: RunRequest): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const taskDefinition = usableTaskDefinition(context, request.taskDefinition);
  if (request.launchType !== undefined && request.capacityProviderStrategy !== undefined) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  const byCluster = request.launchType === undefined ? cluster.defaultCapacityProviderStrategy : [];
  const strategy = request.capacityProviderStrategy ?? byCluster;
  checkProviderStrategy(context, cluster.capacityProviders, request.capacityProviderStrategy);
  const first = chooseProvider(strategy, []);
  const launchType = request.launchType ?? (first === undefined ? 'EC2' : launchTypeOf(context, first));
  checkLaunch(taskDefinition, launchType, request.networkConfiguration);
  checkNetwork(context, request.networkConfiguration);
  if (launchType === 'EC2' && first === undefined && cluster.instances.size === 0) {
    throw invalidParameter('No Container Instances were found in your cluster.');
  }
  const wish: TaskWish = {
    taskDefinition,
    launchType,
    platformVersion: request.platformVersion,
    networkConfiguration: request.networkConfiguration,
    startedBy: request.startedBy,
    group: request.group ?? `family:${taskDefinition.family}`,
    overrides: checkedOverrides(taskDefinition, request.overrides),
    enableExecuteCommand: request.enableExecuteCommand ?? false,
    tags: tagMap(request.tags),
  };
  return startMany(context, scheduler, cluster, wish, { count: request.count ?? 1, strategy });
}

function startMany(
  context: EcsContext,
  scheduler: Scheduler,
  cluster: Cluster,
  wish: TaskWish,
  { count, strategy }: { count: number; strategy: readonly Json[] },
): unknown {
  const tasks: Task[] = [];
  const failures: unknown[] = [];
  for (let left = count; left > 0; left -= 1) {
    const capacityProvider = chooseProvider(strategy, tasks);
    const placement = place(cluster, wish.taskDefinition, wish.launchType, capacityProvider);
    if (placement && !('instance' in placement)) {
      if (capacityProvider !== undefined)
        scaleOut(context, cluster, capacityProvider, () => scheduler.keepDaemons(cluster));
      failures.push({ arn: placement.instanceArn, reason: placement.failure });
      continue;
    }
    const where = placement ? { containerInstance: placement.instance.arn } : {};
    const task = newTask(context, cluster, { ...wish, ...where, capacityProvider });
    scheduler.life.start(task, new Map());
    tasks.push(task);
  }
  return { tasks: tasks.map((task) => describeTask(cluster, task, true)), failures };
}

interface StartRequest extends Omit<RunRequest, 'count' | 'launchType'> {
  readonly containerInstances: readonly string[];
}

/** StartTask: one task on each of the instances that are named. */
function startOn(context: EcsContext, scheduler: Scheduler, request: StartRequest): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const taskDefinition = usableTaskDefinition(context, request.taskDefinition);
  if (request.containerInstances.length === 0) throw invalidParameter('Container instances cannot be empty.');
  if (request.containerInstances.length > 10)
    throw invalidParameter('At most 10 container instances can be specified.');
  checkLaunch(taskDefinition, 'EC2', request.networkConfiguration);
  checkNetwork(context, request.networkConfiguration);
  const overrides = checkedOverrides(taskDefinition, request.overrides);
  const tasks: Task[] = [];
  const failures: unknown[] = [];
  for (const reference of request.containerInstances) {
    const instance = cluster.instances.get(nameOf(reference));
    const arn = instance?.arn ?? ecsArn(context.place, `container-instance/${cluster.name}/${nameOf(reference)}`);
    const lack = instance && lacking(cluster, instance, remaining(cluster, instance), taskDefinition);
    if (!instance || lack) {
      failures.push({ arn, reason: lack?.failure ?? 'MISSING' });
      continue;
    }
    const task = newTask(context, cluster, {
      taskDefinition,
      launchType: 'EC2',
      containerInstance: instance.arn,
      networkConfiguration: request.networkConfiguration,
      startedBy: request.startedBy,
      group: request.group ?? `family:${taskDefinition.family}`,
      overrides,
      enableExecuteCommand: request.enableExecuteCommand ?? false,
      tags: tagMap(request.tags),
    });
    scheduler.life.start(task, new Map());
    tasks.push(task);
  }
  return { tasks: tasks.map((task) => describeTask(cluster, task, true)), failures };
}

function checkedOverrides(definition: Task['taskDefinition'], overrides: Json | undefined): Json | undefined {
  const names = definition.registered.containerDefinitions.map(({ name }) => name);
  for (const { name } of (overrides?.['containerOverrides'] ?? []) as readonly { name?: string }[]) {
    if (name !== undefined && names.includes(name)) continue;
    throw invalidParameter(
      'Override for container named ' + String(name) + ' is not a container in the TaskDefinition.',
    );
  }
  return overrides;
}

function stop(
  context: EcsContext,
  scheduler: Scheduler,
  request: { cluster?: string; task: string; reason?: string },
): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const task = findTask(cluster, request.task);
  if (!task) throw invalidParameter('The referenced task was not found.');
  if ((request.reason ?? '').length > 1024) throw clientException('reason cannot be longer than 1024 characters.');
  scheduler.life.stop(task, 'UserInitiated', request.reason ?? 'Task stopped by user', true);
  return { task: describeTask(cluster, task, false) };
}

export function taskOperations(context: EcsContext, scheduler: Scheduler): Record<string, Operation> {
  const tokens = new RunTokens(context.state.runTokens);
  return {
    ListTasks: (input: ListRequest) => list(context, input),
    DescribeTasks: (input: { tasks: readonly string[] }) => describeMany(context, input),
    RunTask: (input: RunRequest) =>
      tokens.once(input.clientToken, input, context.clock.now(), () =>
        run(context, scheduler, withoutEmptyStrategy(input)),
      ),
    StartTask: (input: StartRequest) => startOn(context, scheduler, input),
    StopTask: (input: { task: string }) => stop(context, scheduler, input),
  };
}
