import { ResourceFailure } from '../errors';
import { handlerMessage } from '../failures';
import { type Handling, type ResourceType, changed, firstIn, listOf, objectIn } from '../handling';
import type { Members } from '../types';
import { ecsTags, retagArn } from './ecs';

const clusterOf = (serviceArn: string): string => serviceArn.split('/')[1] ?? 'default';

async function described(handling: Handling, id: string): Promise<Members> {
  const input = { cluster: clusterOf(id), services: [id] };
  return firstIn(await handling.read('ecs', 'DescribeServices', input), 'services');
}

/** The service deployment that this step has started, if it has. */
async function deployment(handling: Handling, id: string): Promise<Members | undefined> {
  const list = await handling.read('ecs', 'ListServiceDeployments', { cluster: clusterOf(id), service: id });
  const { serviceDeploymentArn: newest } = firstIn(list, 'serviceDeployments');
  if (newest === undefined) return undefined;
  const answer = await handling.read('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns: [newest] });
  const found = firstIn(answer, 'serviceDeployments');
  return Number(found['createdAt']) >= handling.startedAt ? found : undefined;
}

/** @throws ResourceFailure when the deployment was given up or rolled back */
function checkDeployment({ status, statusReason, deploymentCircuitBreaker: breaker }: Members): void {
  if (!/^(STOPPED|ROLLBACK_)/.test(String(status))) return;
  const tripped = (breaker as Members | undefined)?.['status'] === 'TRIGGERED';
  const what = tripped ? 'ECS Deployment Circuit Breaker was triggered' : String(statusReason ?? status);
  throw new ResourceFailure(handlerMessage(`Error occurred during operation '${what}'.`, 'GeneralServiceException'));
}

/** Until the tasks that are wanted run and the deployment is through. */
async function isSteady(handling: Handling, id: string): Promise<boolean> {
  const service = await described(handling, id);
  const { type } = objectIn(service, 'deploymentController');
  if (type === 'EXTERNAL') return true;
  if (type === 'CODE_DEPLOY') return firstIn(service, 'taskSets')['stabilityStatus'] === 'STEADY_STATE';
  const started = await deployment(handling, id);
  if (started) checkDeployment(started);
  const [primary, ...others] = listOf<Members>(service['deployments']);
  const through = primary?.['rolloutState'] === 'COMPLETED' && others.length === 0;
  const daemon = service['schedulingStrategy'] === 'DAEMON';
  return through && (daemon || service['runningCount'] === service['desiredCount']);
}

const gone = (handling: Handling, id: string): Promise<void> =>
  handling.until(async () => {
    const { status } = await described(handling, id);
    return status === undefined || status === 'INACTIVE';
  });

/** What takes the place of a property that a template does not have any more. */
const initial: Members = {
  CapacityProviderStrategy: [],
  DeploymentConfiguration: { MaximumPercent: 200, MinimumHealthyPercent: 100 },
  EnableECSManagedTags: false,
  EnableExecuteCommand: false,
  HealthCheckGracePeriodSeconds: 0,
  LoadBalancers: [],
  PlacementConstraints: [],
  PlacementStrategies: [],
  PlatformVersion: 'LATEST',
  PropagateTags: 'NONE',
  ServiceConnectConfiguration: { Enabled: false },
  ServiceRegistries: [],
  VolumeConfigurations: [],
  AvailabilityZoneRebalancing: 'DISABLED',
};
/** These are no members of the operations under these names, or have no effect on a change. */
const ownWay = ['Cluster', 'ServiceName', 'Tags', 'PlacementStrategies', 'ForceNewDeployment', 'LaunchType', 'Role'];

function withStrategies(properties: Members): Members {
  const { PlacementStrategies: strategies } = properties;
  return strategies === undefined ? properties : { ...properties, PlacementStrategy: strategies };
}

/** AWS::ECS::Service */
const service: ResourceType = {
  nameProperty: 'ServiceName',
  elsewhere: ['GatewayConnectors', 'Monitoring', 'VpcLatticeConfigurations'],
  create: async (handling, properties) => {
    const serviceName = String(properties['ServiceName'] ?? handling.name(255));
    const { Cluster: cluster, SchedulingStrategy: strategy } = properties;
    const count = strategy === 'DAEMON' ? {} : { DesiredCount: 1 };
    const given = withStrategies({ ...count, ...properties });
    const omit = ['ServiceName', 'Tags', 'PlacementStrategies', 'ForceNewDeployment'];
    const input = handling.input('ecs', 'CreateService', given, omit);
    const clustered = cluster === undefined ? {} : { cluster };
    const answer = await handling.call('ecs', 'CreateService', {
      ...{ serviceName, ...clustered, ...input, tags: ecsTags(handling.tags) },
    });
    handling.made(String(objectIn(answer, 'service')['serviceArn']));
  },
  settle: (handling, id) => handling.until(() => isSteady(handling, id)),
  attributes: (_, id) => ({ ServiceArn: id, Name: id.slice(id.lastIndexOf('/') + 1) }),
  update: async (handling, id, properties, former) => {
    const names = [...new Set([...Object.keys(properties), ...Object.keys(former)])];
    const wanted = names
      .filter((name) => changed(former, properties, name))
      .map((name) => [name, properties[name] ?? initial[name]] as const)
      .filter(([, value]) => value !== undefined);
    const given = withStrategies(Object.fromEntries(wanted));
    const { EnableForceNewDeployment: force } = objectIn(properties, 'ForceNewDeployment');
    const anew = force === true && changed(former, properties, 'ForceNewDeployment');
    await handling.call('ecs', 'UpdateService', {
      ...{ cluster: clusterOf(id), service: id, ...handling.input('ecs', 'UpdateService', given, ownWay) },
      ...(anew ? { forceNewDeployment: true } : {}),
    });
  },
  // A service may go over to capacity providers, but not from one launch type to another.
  replaces: (property, before, after) =>
    property === 'LaunchType' && before['LaunchType'] !== undefined && after['LaunchType'] !== undefined,
  remove: async (handling, id, properties) => {
    const named = { cluster: clusterOf(id), service: id };
    const { status } = await described(handling, id);
    const daemon = properties['SchedulingStrategy'] === 'DAEMON';
    const { type } = (properties['DeploymentController'] ?? {}) as { type?: string };
    if (status === 'ACTIVE' && !daemon && type !== 'EXTERNAL') {
      await handling.call('ecs', 'UpdateService', { ...named, desiredCount: 0 });
    }
    await handling.call('ecs', 'DeleteService', { ...named, force: true });
    await gone(handling, id);
  },
  retag: retagArn,
};

async function express(handling: Handling, id: string): Promise<Members> {
  return objectIn(await handling.read('ecs', 'DescribeExpressGatewayService', { serviceArn: id }), 'service');
}

/** AWS::ECS::ExpressGatewayService */
const expressGatewayService: ResourceType = {
  nameProperty: 'ServiceName',
  elsewhere: ['TaskDefinitionArn'],
  create: async (handling, properties) => {
    const operation = 'CreateExpressGatewayService';
    const serviceName = String(properties['ServiceName'] ?? handling.name(255));
    const input = handling.input('ecs', operation, properties, ['ServiceName', 'Tags']);
    const answer = await handling.call('ecs', operation, { serviceName, ...input, tags: ecsTags(handling.tags) });
    handling.made(String(objectIn(answer, 'service')['serviceArn']));
  },
  settle: (handling, id) => handling.until(() => isSteady(handling, id)),
  attributes: async (handling, id) => {
    const found = await express(handling, id);
    const newest = firstIn(found, 'activeConfigurations');
    const { endpoint: Endpoint } = firstIn(newest, 'ingressPaths');
    const at = (member: string): string => new Date(Number(found[member])).toISOString();
    return { ServiceArn: id, Endpoint, CreatedAt: at('createdAt'), UpdatedAt: at('updatedAt') };
  },
  update: async (handling, id, properties) => {
    const operation = 'UpdateExpressGatewayService';
    const fixed = ['ServiceName', 'Tags', 'Cluster', 'InfrastructureRoleArn'];
    const input = handling.input('ecs', operation, properties, fixed);
    await handling.call('ecs', operation, { serviceArn: id, ...input });
  },
  remove: async (handling, id) => {
    await handling.call('ecs', 'DeleteExpressGatewayService', { serviceArn: id });
    await gone(handling, id);
  },
  retag: retagArn,
};

export const ecsServiceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::ECS::Service': service,
  'AWS::ECS::ExpressGatewayService': expressGatewayService,
};
