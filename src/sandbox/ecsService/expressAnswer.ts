import type { EcsContext } from './context';
import type { Cluster, ExpressGateway, Service, ServiceRevision } from './types';

export function statusOf({ status }: Service): { statusCode: string } {
  return { statusCode: status };
}

const urlOf = ({ host, port }: ExpressGateway): string => `http://${host}:${port}`;

/** What a revision of a service was made from; undefined for one that Express Mode has not made. */
export function describeExpressConfiguration(
  { express }: Service,
  revision: string,
): Record<string, unknown> | undefined {
  const configuration = express?.configurations.get(revision);
  if (!express || !configuration) return undefined;
  return {
    ...configuration,
    serviceRevisionArn: revision,
    ingressPaths: [{ accessType: 'PUBLIC', endpoint: urlOf(express.gateway) }],
    createdAt: new Date(configuration.createdAt),
  };
}

/** A service as DescribeExpressGatewayService shows it, tags apart. */
export function describeExpress(cluster: Cluster, service: Service): Record<string, unknown> {
  const configurations = service.deployments.map(({ revision }) => describeExpressConfiguration(service, revision.arn));
  return {
    cluster: cluster.name,
    serviceName: service.name,
    serviceArn: service.arn,
    infrastructureRoleArn: service.express?.infrastructureRoleArn,
    status: statusOf(service),
    currentDeployment: service.current?.arn,
    activeConfigurations: configurations.filter((configuration) => configuration !== undefined),
    createdAt: new Date(service.createdAt),
    updatedAt: new Date(service.express?.updatedAt ?? service.createdAt),
  };
}

/** `ecsManagedResources` of a service revision: what is really there behind an Express service. */
export function managedResources(
  { place }: EcsContext,
  { express }: Service,
  { arn }: ServiceRevision,
): Record<string, unknown> | undefined {
  const configuration = express?.configurations.get(arn);
  if (!express || !configuration) return undefined;
  const { gateway } = express;
  const { networkConfiguration: network, scalingTarget: scaling } = configuration;
  const prefix = (service: string): string => `arn:aws:${service}:${place.region}:${place.account}`;
  const made = { status: 'ACTIVE', updatedAt: new Date(configuration.createdAt) };
  const loadBalancer = { ...made, arn: gateway.balancer, scheme: gateway.scheme };
  const group = { ...made, healthCheckPath: configuration.healthCheckPath, healthCheckPort: 80, port: 80 };
  return {
    ingressPaths: [
      {
        accessType: 'PUBLIC',
        endpoint: urlOf(gateway),
        loadBalancer: { ...loadBalancer, subnetIds: network.subnets, securityGroupIds: network.securityGroups },
        listener: { ...made, arn: gateway.listener },
        rule: { ...made, arn: gateway.rule },
        targetGroups: gateway.groups.map((groupArn) => ({ ...group, arn: groupArn })),
      },
    ],
    autoScaling: {
      scalableTarget: { ...made, minCapacity: scaling.minTaskCount, maxCapacity: scaling.maxTaskCount },
    },
    metricAlarms: [{ ...made, arn: `${prefix('cloudwatch')}:alarm:${gateway.alarm}` }],
    logGroups: [{ ...made, arn: `${prefix('logs')}:log-group:${gateway.logGroup}`, logGroupName: gateway.logGroup }],
  };
}
