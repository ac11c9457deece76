import { isDeepStrictEqual } from 'node:util';
import { clientException, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { defaultPageSize } from '../model/apiModel';
import { page } from '../paging';
import { ecsArn } from '../place';
import { checkProviderStrategy, withoutEmptyStrategy } from './capacity';
import { type EcsContext, clusterNamed, findService, nameOf, serviceNamed, usableTaskDefinition } from './context';
import { checkControllerUpdate, checkExternalCreate } from './controllers';
import { checkNetwork, checkServiceRoles } from './existence';
import { primaryOf, startDeployment } from './deployments';
import { addEvent } from './events';
import type { Scheduler } from './scheduler';
import { describeService } from './serviceAnswer';
import { type ServiceRequest, checkService } from './serviceRules';
import { checkStrategy } from './strategies';
import { tagMap } from './tags';
import { newTaskSet } from './taskSets';
import type { Cluster, Json, LaunchType, OwnSettings, Service, ServiceSettings, TaskDefinition } from './types';

interface CreateRequest extends ServiceRequest {
  readonly cluster?: string;
  readonly serviceName: string;
}

interface UpdateRequest extends Omit<ServiceRequest, 'launchType' | 'schedulingStrategy'> {
  readonly cluster?: string;
  readonly service: string;
  readonly forceNewDeployment?: boolean;
}

interface ListRequest {
  readonly cluster?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly launchType?: LaunchType;
  readonly schedulingStrategy?: string;
  readonly resourceManagementType?: string;
}

function settingsFrom<T extends TaskDefinition | undefined>(
  cluster: Cluster,
  request: CreateRequest,
  taskDefinition: T,
): OwnSettings & { readonly taskDefinition: T } {
  const byCluster = request.launchType === undefined ? cluster.defaultCapacityProviderStrategy : [];
  const strategy = request.capacityProviderStrategy ?? (byCluster.length > 0 ? byCluster : undefined);
  return {
    taskDefinition,
    launchType: strategy === undefined ? (request.launchType ?? 'EC2') : undefined,
    capacityProviderStrategy: strategy,
    platformVersion: request.platformVersion,
    networkConfiguration: request.networkConfiguration,
    loadBalancers: request.loadBalancers ?? [],
    serviceRegistries: request.serviceRegistries ?? [],
    serviceConnectConfiguration: request.serviceConnectConfiguration,
    volumeConfigurations: request.volumeConfigurations,
  };
}

/** Checks the settings of a service that ECS or CodeDeploy deploys. */
function checkedSettings(context: EcsContext, cluster: Cluster, request: CreateRequest): ServiceSettings {
  if (request.taskDefinition === undefined) throw clientException('TaskDefinition cannot be null or empty.');
  const settings = settingsFrom(cluster, request, usableTaskDefinition(context, request.taskDefinition));
  checkProviderStrategy(context, cluster.capacityProviders, settings.capacityProviderStrategy);
  checkService(request, settings);
  checkStrategy(request.deploymentConfiguration ?? {}, settings, {
    controller: request.deploymentController?.type ?? 'ECS',
    daemon: request.schedulingStrategy === 'DAEMON',
  });
  checkNetwork(context, settings.networkConfiguration);
  context.balancing.check(settings);
  checkServiceRoles(context, settings.loadBalancers, request.deploymentConfiguration ?? {});
  return settings;
}

/** Creates a service and its first deployment; starting its tasks is the scheduler's. Also used by the seeds. */
export function newService(context: EcsContext, cluster: Cluster, request: CreateRequest, held = false): Service {
  const controller = request.deploymentController?.type ?? 'ECS';
  if (controller === 'EXTERNAL') checkExternalCreate(request);
  const settings =
    controller === 'EXTERNAL' ? settingsFrom(cluster, request, undefined) : checkedSettings(context, cluster, request);
  const service: Service = {
    name: request.serviceName,
    arn: ecsArn(context.place, `service/${cluster.name}/${request.serviceName}`),
    cluster: cluster.name,
    createdAt: context.clock.now(),
    schedulingStrategy: request.schedulingStrategy ?? 'REPLICA',
    deploymentController: controller,
    createdBy: `arn:aws:iam::${context.place.account}:user/sandbox`,
    ...(request.clientToken === undefined ? {} : { clientToken: request.clientToken }),
    status: 'ACTIVE',
    settings,
    desiredCount: request.desiredCount ?? 0,
    configuration: request.deploymentConfiguration ?? {},
    healthCheckGracePeriodSeconds: request.healthCheckGracePeriodSeconds,
    enableExecuteCommand: request.enableExecuteCommand ?? false,
    enableECSManagedTags: request.enableECSManagedTags ?? false,
    propagateTags: request.propagateTags ?? 'NONE',
    placementConstraints: request.placementConstraints ?? [],
    placementStrategy: request.placementStrategy ?? [],
    availabilityZoneRebalancing: request.availabilityZoneRebalancing ?? 'DISABLED',
    tags: tagMap(request.tags),
    deployments: [],
    history: [],
    revisions: new Map(),
    events: [],
    held,
    steady: false,
    current: undefined,
  };
  cluster.services.set(service.name, service);
  if (context.runtime.kind === 'simulated') {
    addEvent(service, context.clock.now(), 'tasks are simulated: no container engine.');
  }
  begin(context, service);
  return service;
}

/** ECS deploys at once; CodeDeploy begins with a task set; an external controller makes its own. */
function begin(context: EcsContext, service: Service): void {
  const { taskDefinition } = service.settings;
  if (service.deploymentController === 'ECS') startDeployment(context, service);
  else service.taskSets = [];
  if (service.deploymentController === 'CODE_DEPLOY' && taskDefinition) {
    const settings = { ...service.settings, taskDefinition };
    newTaskSet(context, service, settings, { status: 'PRIMARY', scale: { value: 100, unit: 'PERCENT' } });
  }
}

function create(context: EcsContext, scheduler: Scheduler, request: CreateRequest): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const existing = cluster.services.get(request.serviceName);
  if (
    existing?.status === 'ACTIVE' &&
    request.clientToken !== undefined &&
    existing.clientToken === request.clientToken
  ) {
    return { service: describeService(cluster, existing, true) };
  }
  if (existing?.status === 'ACTIVE') throw invalidParameter('Creation of service was not idempotent.');
  if (existing?.status === 'DRAINING') {
    throw invalidParameter('Unable to Start a service that is still Draining.');
  }
  if (request.schedulingStrategy !== 'DAEMON' && request.desiredCount === undefined) {
    throw invalidParameter('The desired count must be specified for a REPLICA service.');
  }
  const service = newService(context, cluster, request);
  scheduler.reconcile(cluster, service);
  return { service: describeService(cluster, service, true) };
}

/** Members of UpdateService that a new revision freezes; only a real change makes a new deployment. */
const revisionMembers = [
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
] as const;

function update(context: EcsContext, scheduler: Scheduler, request: UpdateRequest): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const service = serviceNamed(cluster, request.service);
  checkNotExpress(service, 'UpdateExpressGatewayService');
  checkControllerUpdate(service.deploymentController, request);
  const settings = changedSettings(context, service, request);
  if (request.desiredCount !== undefined && service.schedulingStrategy === 'DAEMON') {
    throw invalidParameter('The daemon scheduling strategy does not support a desired count for services.');
  }
  const { taskDefinition } = settings;
  checkProviderStrategy(context, cluster.capacityProviders, request.capacityProviderStrategy);
  if (taskDefinition) checkChange(context, service, request, { ...settings, taskDefinition });
  const changed = !isDeepStrictEqual(settings, service.settings);
  service.settings = settings;
  applyPlainMembers(service, request);
  if (request.forceNewDeployment && service.deploymentController !== 'ECS') {
    throw invalidParameter(
      `Cannot force a new deployment on services with a ${service.deploymentController} deployment controller. ` +
        'Use AWS CodeDeploy or CreateTaskSet to trigger a new deployment.',
    );
  }
  if (changed || request.forceNewDeployment) startDeployment(context, service);
  const primary = primaryOf(service);
  // What the user changes is tried at once, whatever went wrong before.
  if (primary && request.desiredCount !== undefined) primary.notBefore = 0;
  scheduler.reconcile(cluster, service);
  return { service: describeService(cluster, service, true) };
}

function checkChange(context: EcsContext, service: Service, request: UpdateRequest, settings: ServiceSettings): void {
  checkService({ ...request, schedulingStrategy: service.schedulingStrategy }, settings);
  checkStrategy({ ...service.configuration, ...request.deploymentConfiguration }, settings, {
    controller: service.deploymentController,
    daemon: service.schedulingStrategy === 'DAEMON',
  });
  checkNetwork(context, request.networkConfiguration);
  if (request.loadBalancers !== undefined) context.balancing.check(settings);
  checkServiceRoles(context, request.loadBalancers ?? [], request.deploymentConfiguration ?? {});
}

function checkNotExpress({ express, name }: Service, operation: string): void {
  if (express) throw invalidParameter(`Service ${name} has ResourceManagementType=ECS use ${operation}`);
}

function changedSettings(context: EcsContext, service: Service, request: UpdateRequest): OwnSettings {
  const settings: { -readonly [Member in keyof OwnSettings]: OwnSettings[Member] } = { ...service.settings };
  if (request.taskDefinition !== undefined) {
    settings.taskDefinition = usableTaskDefinition(context, request.taskDefinition);
  }
  for (const member of revisionMembers) {
    const value = request[member];
    if (value !== undefined) Object.assign(settings, { [member]: value });
  }
  if (request.capacityProviderStrategy !== undefined) settings.launchType = undefined;
  return settings;
}

function applyPlainMembers(service: Service, request: UpdateRequest): void {
  service.desiredCount = request.desiredCount ?? service.desiredCount;
  service.configuration = { ...service.configuration, ...request.deploymentConfiguration };
  service.healthCheckGracePeriodSeconds =
    request.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds;
  service.enableExecuteCommand = request.enableExecuteCommand ?? service.enableExecuteCommand;
  service.enableECSManagedTags = request.enableECSManagedTags ?? service.enableECSManagedTags;
  service.propagateTags = request.propagateTags ?? service.propagateTags;
  service.placementConstraints = request.placementConstraints ?? service.placementConstraints;
  service.placementStrategy = request.placementStrategy ?? service.placementStrategy;
  service.availabilityZoneRebalancing = request.availabilityZoneRebalancing ?? service.availabilityZoneRebalancing;
}

function remove(
  context: EcsContext,
  scheduler: Scheduler,
  request: { cluster?: string; service: string; force?: boolean },
): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const found = findService(cluster, request.service);
  const service = found?.status === 'INACTIVE' ? found : serviceNamed(cluster, request.service);
  if (service.status === 'ACTIVE') {
    checkNotExpress(service, 'DeleteExpressGatewayService');
    if (service.schedulingStrategy === 'REPLICA' && service.desiredCount > 0 && !request.force) {
      throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
    }
    if (service.deploymentController === 'EXTERNAL' && service.taskSets?.length && !request.force) {
      throw invalidParameter('The service cannot be stopped while deployments are active.');
    }
    service.status = 'DRAINING';
    service.held = false;
    scheduler.reconcile(cluster, service);
  }
  return { service: describeService(cluster, service, true) };
}

function describeMany(
  context: EcsContext,
  request: { cluster?: string; services: readonly string[]; include?: readonly string[] },
): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const services: unknown[] = [];
  const failures: unknown[] = [];
  const withTags = request.include?.includes('TAGS') ?? false;
  for (const name of new Set(request.services)) {
    const service = findService(cluster, name);
    if (service) services.push(describeService(cluster, service, withTags));
    else {
      const arn = name.startsWith('arn:') ? name : ecsArn(context.place, `service/${cluster.name}/${nameOf(name)}`);
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { services, failures };
}

function list(context: EcsContext, request: ListRequest): unknown {
  const { launchType, schedulingStrategy, resourceManagementType, maxResults, nextToken } = request;
  const cluster = clusterNamed(context, request.cluster);
  const arns = [...cluster.services.values()]
    .filter(({ status }) => status !== 'INACTIVE')
    .filter(({ settings }) => launchType === undefined || settings.launchType === launchType)
    .filter((service) => schedulingStrategy === undefined || service.schedulingStrategy === schedulingStrategy)
    .filter(
      ({ express }) => (resourceManagementType ?? (express ? 'ECS' : 'CUSTOMER')) === (express ? 'ECS' : 'CUSTOMER'),
    )
    .map(({ arn }) => arn);
  const filters: Json = { cluster: cluster.name, launchType, schedulingStrategy, resourceManagementType };
  const cut = page(arns, maxResults ?? defaultPageSize('ecs', 'ListServices'), nextToken, filters);
  return { serviceArns: cut.items, nextToken: cut.nextToken };
}

export function serviceOperations(context: EcsContext, scheduler: Scheduler): Record<string, Operation> {
  return {
    CreateService: (input: CreateRequest) => create(context, scheduler, withoutEmptyStrategy(input)),
    UpdateService: (input: UpdateRequest) => update(context, scheduler, withoutEmptyStrategy(input)),
    DeleteService: (input: { service: string }) => remove(context, scheduler, input),
    DescribeServices: (input: { services: readonly string[] }) => describeMany(context, input),
    ListServices: (input: ListRequest) => list(context, input),
  };
}
