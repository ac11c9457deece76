import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { longDigits } from '../ids';
import { ecsArn } from '../place';
import { checkProviderStrategy, withoutEmptyStrategy } from './capacity';
import { type EcsContext, clusterNamed, nameOf, serviceNamed, usableTaskDefinition } from './context';
import { checkNetwork } from './existence';
import type { Scheduler } from './scheduler';
import { type ServiceRequest, checkService } from './serviceRules';
import { tagList, tagMap } from './tags';
import { describeTaskSet, wantedOf } from './taskSetAnswer';
import type { Cluster, Scale, Service, ServiceSettings, TaskSet } from './types';

interface Reference {
  readonly cluster: string;
  readonly service: string;
}

interface CreateRequest extends Reference, Omit<ServiceRequest, 'taskDefinition'> {
  readonly taskDefinition: string;
  readonly externalId?: string;
  readonly scale?: Scale;
}

/** AWS's quota: task sets of one service. */
const most = 5;

function settingsOf(context: EcsContext, request: CreateRequest): ServiceSettings {
  const strategy = request.capacityProviderStrategy;
  return {
    taskDefinition: usableTaskDefinition(context, request.taskDefinition),
    launchType: strategy === undefined ? (request.launchType ?? 'EC2') : undefined,
    capacityProviderStrategy: strategy,
    platformVersion: request.platformVersion,
    networkConfiguration: request.networkConfiguration,
    loadBalancers: request.loadBalancers ?? [],
    serviceRegistries: request.serviceRegistries ?? [],
    serviceConnectConfiguration: undefined,
    volumeConfigurations: undefined,
  };
}

/** A task set that is not started yet. Also for services of CodeDeploy, which begin with one. */
export function newTaskSet(
  context: EcsContext,
  service: Service,
  settings: ServiceSettings,
  { status, scale, request = {} }: { status: TaskSet['status']; scale: Scale; request?: Partial<CreateRequest> },
): TaskSet {
  const now = context.clock.now();
  const id = `ecs-svc/${longDigits()}`;
  const arn = ecsArn(context.place, `task-set/${service.cluster}/${service.name}/${id}`);
  const taskSet: TaskSet = {
    id,
    arn,
    createdAt: now,
    updatedAt: now,
    revision: { arn, createdAt: now, settings, digests: new Map() },
    ...(request.externalId === undefined ? {} : { externalId: request.externalId }),
    ...(request.clientToken === undefined ? {} : { clientToken: request.clientToken }),
    tags: tagMap(request.tags),
    status,
    scale,
    rolloutState: 'IN_PROGRESS',
    notBefore: 0,
    failuresInARow: 0,
    stable: false,
    stableAt: now,
  };
  (service.taskSets ??= []).push(taskSet);
  return taskSet;
}

function create(context: EcsContext, scheduler: Scheduler, request: CreateRequest): unknown {
  const { cluster, service } = externalService(context, request);
  const { taskSets = [] } = service;
  const known = taskSets.find(({ clientToken }) => clientToken !== undefined && clientToken === request.clientToken);
  if (known) return { taskSet: describeTaskSet(cluster, service, known) };
  if (taskSets.length >= most) {
    throw new ApiError('LimitExceededException', `A service can have at most ${most} task sets.`);
  }
  const settings = settingsOf(context, request);
  checkService({ ...request, schedulingStrategy: 'REPLICA' }, settings);
  checkProviderStrategy(context, cluster.capacityProviders, settings.capacityProviderStrategy);
  checkNetwork(context, settings.networkConfiguration);
  context.balancing.check(settings);
  const scale = checkedScale(request.scale ?? { value: 0, unit: 'PERCENT' });
  const taskSet = newTaskSet(context, service, settings, { status: 'ACTIVE', scale, request });
  scheduler.reconcile(cluster, service);
  return { taskSet: describeTaskSet(cluster, service, taskSet) };
}

function checkedScale(scale: Scale): Scale {
  const { value = 0 } = scale;
  if (value < 0 || value > 100) throw invalidParameter('The scale value must be between 0 and 100.');
  return { value, unit: scale.unit ?? 'PERCENT' };
}

/** @throws ApiError unless an external controller deploys the service. */
function externalService(context: EcsContext, reference: Reference): { cluster: Cluster; service: Service } {
  const cluster = clusterNamed(context, reference.cluster);
  const service = serviceNamed(cluster, reference.service);
  if (service.deploymentController !== 'EXTERNAL') {
    throw invalidParameter('Task sets can only be managed for services with an EXTERNAL deployment controller.');
  }
  return { cluster, service };
}

function named({ taskSets = [] }: Service, reference: string): TaskSet {
  const found = taskSets.find(({ id, arn }) => arn === reference || id === reference || nameOf(id) === reference);
  if (found) return found;
  throw new ApiError('TaskSetNotFoundException', 'The specified task set was not found.');
}

function update(
  context: EcsContext,
  scheduler: Scheduler,
  request: Reference & { taskSet: string; scale: Scale },
): unknown {
  const { cluster, service } = externalService(context, request);
  const taskSet = named(service, request.taskSet);
  taskSet.scale = checkedScale(request.scale);
  taskSet.updatedAt = context.clock.now();
  taskSet.notBefore = 0;
  scheduler.reconcile(cluster, service);
  return { taskSet: describeTaskSet(cluster, service, taskSet) };
}

function remove(
  context: EcsContext,
  scheduler: Scheduler,
  request: Reference & { taskSet: string; force?: boolean },
): unknown {
  const { cluster, service } = externalService(context, request);
  const taskSet = named(service, request.taskSet);
  if (taskSet.status === 'PRIMARY') throw invalidParameter('The primary task set of a service cannot be deleted.');
  if (wantedOf(service, taskSet) > 0 && !request.force) {
    throw invalidParameter('The task set cannot be deleted while it is scaled above 0.');
  }
  taskSet.status = 'DRAINING';
  taskSet.scale = { value: 0, unit: 'PERCENT' };
  taskSet.updatedAt = context.clock.now();
  const answer = { taskSet: describeTaskSet(cluster, service, taskSet) };
  scheduler.reconcile(cluster, service);
  return answer;
}

function setPrimary(
  context: EcsContext,
  scheduler: Scheduler,
  request: Reference & { primaryTaskSet: string },
): unknown {
  const { cluster, service } = externalService(context, request);
  const primary = named(service, request.primaryTaskSet);
  if (primary.status === 'DRAINING') throw invalidParameter('A task set that is draining cannot become the primary.');
  for (const taskSet of service.taskSets ?? []) {
    if (taskSet.status === 'PRIMARY') taskSet.status = 'ACTIVE';
  }
  primary.status = 'PRIMARY';
  primary.updatedAt = context.clock.now();
  service.settings = primary.revision.settings;
  scheduler.reconcile(cluster, service);
  return { taskSet: describeTaskSet(cluster, service, primary) };
}

function describeMany(
  context: EcsContext,
  request: Reference & { taskSets?: readonly string[]; include?: readonly string[] },
): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const service = serviceNamed(cluster, request.service);
  const all = service.taskSets ?? [];
  const wanted = request.taskSets?.length ? request.taskSets : all.map(({ arn }) => arn);
  const found = wanted.map((reference) => ({
    reference,
    taskSet: all.find(({ id, arn }) => arn === reference || id === reference || nameOf(id) === reference),
  }));
  const withTags = request.include?.includes('TAGS') ?? false;
  return {
    taskSets: found.flatMap(({ taskSet }) =>
      taskSet
        ? [{ ...describeTaskSet(cluster, service, taskSet), ...(withTags ? { tags: tagList(taskSet.tags) } : {}) }]
        : [],
    ),
    failures: found
      .filter(({ taskSet }) => !taskSet)
      .map(({ reference }) => ({
        arn: reference.startsWith('arn:')
          ? reference
          : ecsArn(context.place, `task-set/${cluster.name}/${service.name}/ecs-svc/${nameOf(reference)}`),
        reason: 'MISSING',
      })),
  };
}

export function taskSetOperations(context: EcsContext, scheduler: Scheduler): Record<string, Operation> {
  return {
    CreateTaskSet: (input: CreateRequest) => create(context, scheduler, withoutEmptyStrategy(input)),
    UpdateTaskSet: (input: Reference & { taskSet: string; scale: Scale }) => update(context, scheduler, input),
    DeleteTaskSet: (input: Reference & { taskSet: string }) => remove(context, scheduler, input),
    DescribeTaskSets: (input: Reference) => describeMany(context, input),
    UpdateServicePrimaryTaskSet: (input: Reference & { primaryTaskSet: string }) =>
      setPrimary(context, scheduler, input),
  };
}
