import { randomBytes } from 'node:crypto';
import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { isDeepStrictEqual } from 'node:util';
import type { ScalableTargets } from '../scaling/scalableTargets';
import type { ElbContext } from '../elb/context';
import { newCluster } from './clusters';
import { type EcsContext, clusterNamed, findCluster } from './context';
import { primaryOf, startDeployment } from './deployments';
import { describeExpress, describeExpressConfiguration, statusOf } from './expressAnswer';
import { defineTask, loadBalancers, openGateway, removeGatewayLater } from './expressResources';
import { checkNetwork } from './existence';
import type { Scheduler } from './scheduler';
import { newService } from './services';
import { tagList } from './tags';
import type { Cluster, ExpressConfiguration, Service, Tag } from './types';

/** What Express Mode makes services from. */
export interface ExpressParts {
  readonly ecs: EcsContext;
  readonly elb: ElbContext;
  readonly scheduler: Scheduler;
  readonly scalableTargets: ScalableTargets;
}

type Wish = Partial<Omit<ExpressConfiguration, 'primaryContainer'>> & {
  readonly primaryContainer?: Partial<ExpressConfiguration['primaryContainer']>;
};

interface CreateRequest extends Wish {
  readonly executionRoleArn: string;
  readonly infrastructureRoleArn: string;
  readonly primaryContainer: Partial<ExpressConfiguration['primaryContainer']> & { readonly image: string };
  readonly serviceName?: string;
  readonly cluster?: string;
  readonly tags?: readonly Tag[];
}

type UpdateRequest = Wish & { readonly serviceArn: string };

/** AWS's defaults for everything that is left out. */
function complete(
  { elb, ecs }: ExpressParts,
  wish: Wish,
  logGroup: string,
  former?: ExpressConfiguration,
): ExpressConfiguration {
  const subnets = [...elb.network.subnets.keys()].slice(0, 2);
  const securityGroups = [...elb.network.groups.keys()].slice(0, 1);
  const container = { ...former?.primaryContainer, ...wish.primaryContainer };
  return {
    executionRoleArn: wish.executionRoleArn ?? former?.executionRoleArn ?? '',
    taskRoleArn: wish.taskRoleArn ?? former?.taskRoleArn,
    cpu: wish.cpu ?? former?.cpu ?? '1024',
    memory: wish.memory ?? former?.memory ?? '2048',
    healthCheckPath: wish.healthCheckPath ?? former?.healthCheckPath ?? '/ping',
    networkConfiguration: {
      subnets: wish.networkConfiguration?.subnets ?? former?.networkConfiguration.subnets ?? subnets,
      securityGroups:
        wish.networkConfiguration?.securityGroups ?? former?.networkConfiguration.securityGroups ?? securityGroups,
    },
    primaryContainer: {
      ...container,
      image: container.image ?? '',
      containerPort: container.containerPort ?? 80,
      awsLogsConfiguration: container.awsLogsConfiguration ?? { logGroup, logStreamPrefix: 'ecs' },
    },
    scalingTarget: {
      minTaskCount: 1,
      maxTaskCount: 20,
      autoScalingMetric: 'AVERAGE_CPU',
      autoScalingTargetValue: 60,
      ...former?.scalingTarget,
      ...wish.scalingTarget,
    },
    createdAt: ecs.clock.now(),
  };
}

/** The cluster; the one called `default` is made when it is not there. */
function clusterFor(ecs: EcsContext, name: string | undefined): Cluster {
  if (name !== undefined && name !== 'default') return clusterNamed(ecs, name);
  const found = findCluster(ecs, 'default');
  if (found?.status === 'ACTIVE') return found;
  const cluster = newCluster(ecs, 'default');
  cluster.capacityProviders = ['FARGATE', 'FARGATE_SPOT'];
  return cluster;
}

function checkScaling({ scalingTarget: { minTaskCount: min, maxTaskCount: max } }: ExpressConfiguration): void {
  if (min < 0 || max < min) throw invalidParameter('minTaskCount must not be greater than maxTaskCount.');
}

async function create(parts: ExpressParts, request: CreateRequest): Promise<unknown> {
  const { ecs, scheduler } = parts;
  const cluster = clusterFor(ecs, request.cluster);
  const suffix = randomBytes(4).toString('hex');
  const name = request.serviceName ?? `express-${suffix}`;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter(`Invalid service name '${name}'.`);
  const existing = cluster.services.get(name);
  if (existing && existing.status !== 'INACTIVE') throw invalidParameter('Creation of service was not idempotent.');
  const configuration = complete(parts, request, `/aws/ecs/${cluster.name}/${name}-${suffix}`);
  checkScaling(configuration);
  checkNetwork(ecs, { awsvpcConfiguration: configuration.networkConfiguration });
  const taskDefinition = defineTask(ecs, name, configuration).arn;
  const gateway = await openGateway(parts, { cluster: cluster.name, name, suffix, configuration });
  const service = newService(ecs, cluster, {
    serviceName: name,
    taskDefinition,
    desiredCount: configuration.scalingTarget.minTaskCount,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { ...configuration.networkConfiguration, assignPublicIp: 'ENABLED' } },
    loadBalancers: loadBalancers(gateway, configuration, request.infrastructureRoleArn),
    deploymentConfiguration: {
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 3 },
      bakeTimeInMinutes: 3,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { alarmNames: [gateway.alarm], enable: true, rollback: true },
    },
    tags: request.tags ?? [],
  });
  service.express = {
    infrastructureRoleArn: request.infrastructureRoleArn,
    gateway,
    configurations: new Map(),
    updatedAt: ecs.clock.now(),
  };
  remember(service, configuration);
  register(parts, service, configuration);
  scheduler.reconcile(cluster, service);
  return { service: { ...describeExpress(cluster, service), tags: tagList(service.tags) } };
}

/** Keeps what a revision was made from, so that it can be shown. */
function remember(service: Service, configuration: ExpressConfiguration): void {
  const revision = primaryOf(service)?.revision.arn;
  if (revision !== undefined) service.express?.configurations.set(revision, configuration);
}

function register(
  { scalableTargets, ecs }: ExpressParts,
  service: Service,
  { scalingTarget }: ExpressConfiguration,
): void {
  const resource = `service/${service.cluster}/${service.name}`;
  const former = scalableTargets.get(resource);
  const { region, account } = ecs.place;
  const id = randomBytes(16).toString('hex');
  scalableTargets.set(resource, {
    arn: `arn:aws:application-autoscaling:${region}:${account}:scalable-target/${id}`,
    resource,
    createdAt: ecs.clock.now(),
    ...former,
    min: scalingTarget.minTaskCount,
    max: scalingTarget.maxTaskCount,
  });
}

function find(ecs: EcsContext, arn: string): { cluster: Cluster; service: Service } | undefined {
  const [, clusterName = '', name = ''] = arn.split('/');
  const cluster = ecs.state.clusters.get(clusterName);
  const service = cluster?.services.get(name);
  return cluster && service?.express && service.arn === arn ? { cluster, service } : undefined;
}

function active(ecs: EcsContext, arn: string): { cluster: Cluster; service: Service } {
  const found = find(ecs, arn);
  if (!found) throw new ApiError('ServiceNotFoundException', 'Service not found.');
  if (found.service.status !== 'ACTIVE') throw new ApiError('ServiceNotActiveException', 'Service was not ACTIVE.');
  return found;
}

function update(parts: ExpressParts, request: UpdateRequest): unknown {
  const { ecs, elb, scheduler } = parts;
  const { cluster, service } = active(ecs, request.serviceArn);
  const { express } = service;
  const former = express?.configurations.get(primaryOf(service)?.revision.arn ?? '');
  if (!express || !former) throw new ApiError('ServiceNotFoundException', 'Service not found.');
  const configuration = complete(parts, request, express.gateway.logGroup, former);
  checkScaling(configuration);
  checkNetwork(ecs, { awsvpcConfiguration: configuration.networkConfiguration });
  const { minTaskCount: min, maxTaskCount: max } = configuration.scalingTarget;
  service.desiredCount = Math.min(max, Math.max(min, service.desiredCount));
  register(parts, service, configuration);
  const same = { createdAt: former.createdAt, scalingTarget: former.scalingTarget };
  if (isDeepStrictEqual({ ...configuration, ...same }, former)) {
    remember(service, { ...configuration, createdAt: former.createdAt });
  } else {
    const { networkConfiguration: network } = configuration;
    service.settings = {
      ...service.settings,
      taskDefinition: defineTask(ecs, service.name, configuration),
      networkConfiguration: { awsvpcConfiguration: { ...network, assignPublicIp: 'ENABLED' } },
      loadBalancers: loadBalancers(express.gateway, configuration, express.infrastructureRoleArn),
    };
    const { revision } = startDeployment(ecs, service);
    const group = elb.state.groups.get(express.gateway.groups[revision.alternate ? 1 : 0]);
    if (group) group.health = { ...group.health, path: configuration.healthCheckPath };
    remember(service, configuration);
  }
  express.updatedAt = ecs.clock.now();
  scheduler.reconcile(cluster, service);
  return {
    service: {
      serviceArn: service.arn,
      cluster: cluster.name,
      serviceName: service.name,
      status: statusOf(service),
      targetConfiguration: describeExpressConfiguration(service, primaryOf(service)?.revision.arn ?? ''),
      createdAt: new Date(service.createdAt),
      updatedAt: new Date(express.updatedAt),
    },
  };
}

function remove(parts: ExpressParts, arn: string): unknown {
  const { ecs, scheduler, scalableTargets } = parts;
  const { cluster, service } = active(ecs, arn);
  service.status = 'DRAINING';
  scalableTargets.delete(`service/${service.cluster}/${service.name}`);
  if (service.express) service.express.updatedAt = ecs.clock.now();
  const answer = { service: describeExpress(cluster, service) };
  scheduler.reconcile(cluster, service);
  removeGatewayLater(parts, service);
  return answer;
}

export function expressOperations(parts: ExpressParts): Record<string, Operation> {
  return {
    CreateExpressGatewayService: (input: CreateRequest) => create(parts, input),
    DescribeExpressGatewayService: (input: { serviceArn: string; include?: readonly string[] }) => {
      const found = find(parts.ecs, input.serviceArn);
      if (!found) throw new ApiError('ResourceNotFoundException', 'The specified Express service was not found.');
      const tags = input.include?.includes('TAGS') ? { tags: tagList(found.service.tags) } : {};
      return { service: { ...describeExpress(found.cluster, found.service), ...tags } };
    },
    UpdateExpressGatewayService: (input: UpdateRequest) => update(parts, input),
    DeleteExpressGatewayService: ({ serviceArn }: { serviceArn: string }) => remove(parts, serviceArn),
  };
}
