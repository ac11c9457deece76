import { elbPort, newListener } from '../elb/listeners';
import { newLoadBalancer } from '../elb/loadBalancers';
import { newRule } from '../elb/rules';
import { newTargetGroup } from '../elb/targetGroups';
import type { Listener, LoadBalancer } from '../elb/types';
import type { EcsContext } from './context';
import type { ExpressParts } from './express';
import { register } from './taskDefinitions';
import type { ExpressConfiguration, ExpressGateway, Json, Service, TaskDefinition } from './types';

/** Name of the tag by which a load balancer that Express Mode has made is known. */
const managed = 'AmazonECSManaged';
/** AWS's name of the only container. */
const containerName = 'Main';

/** The task definition that Express Mode registers. */
export function defineTask(ecs: EcsContext, family: string, configuration: ExpressConfiguration): TaskDefinition {
  const { primaryContainer: container, cpu, memory, executionRoleArn, taskRoleArn } = configuration;
  const { logGroup, logStreamPrefix } = container.awsLogsConfiguration;
  return register(
    ecs,
    {
      family,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu,
      memory,
      executionRoleArn,
      ...(taskRoleArn === undefined ? {} : { taskRoleArn }),
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      containerDefinitions: [
        {
          name: containerName,
          image: container.image,
          essential: true,
          portMappings: [{ containerPort: container.containerPort, protocol: 'tcp' }],
          ...(container.command ? { command: container.command } : {}),
          ...(container.environment ? { environment: container.environment } : {}),
          ...(container.secrets ? { secrets: container.secrets } : {}),
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': logGroup,
              'awslogs-region': ecs.place.region,
              'awslogs-stream-prefix': logStreamPrefix,
            },
          },
        },
      ],
    },
    `arn:aws:iam::${ecs.place.account}:user/sandbox`,
  );
}

export function loadBalancers(
  { groups: [targetGroupArn, alternateTargetGroupArn], rule }: ExpressGateway,
  { primaryContainer: { containerPort } }: ExpressConfiguration,
  roleArn: string,
): readonly Json[] {
  const advancedConfiguration = { alternateTargetGroupArn, productionListenerRule: rule, roleArn };
  return [{ targetGroupArn, containerName, containerPort, advancedConfiguration }];
}

/**
 * The way in: a load balancer, which services of one scheme share, with a rule for the service's own host name and
 * two target groups. On AWS the name is under `on.aws` and has a certificate; here it is one that every browser
 * resolves to this machine, without TLS.
 */
export async function openGateway(
  { ecs, elb }: ExpressParts,
  service: { cluster: string; name: string; suffix: string; configuration: ExpressConfiguration },
): Promise<ExpressGateway> {
  const { name, suffix, configuration } = service;
  const { subnets, securityGroups } = configuration.networkConfiguration;
  const balancer = sharedBalancer(elb, subnets, securityGroups);
  const listener = sharedListener(elb, balancer);
  if (listener.port === 0) await elb.sockets.open(listener);
  const vpc = balancer.vpc;
  const group = (letter: string): string =>
    newTargetGroup(elb, {
      Name: `ecs-gateway-tg-${suffix}${letter}`,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpc,
      TargetType: 'ip',
      HealthCheckPath: configuration.healthCheckPath,
    }).arn;
  const groups = [group('a'), group('b')] as const;
  for (const arn of groups) elb.state.groups.get(arn)?.attributes.set('deregistration_delay.timeout_seconds', '30');
  const host = `${hostLabel(name)}-${suffix}.localhost`;
  const rule = newRule(elb, {
    ListenerArn: listener.arn,
    Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
    Priority: Math.max(0, ...listener.rules.map(({ priority }) => priority)) + 1,
    Actions: [{ Type: 'forward', TargetGroupArn: groups[0] }],
  });
  const { logGroup } = configuration.primaryContainer.awsLogsConfiguration;
  if (!ecs.logs.groups.has(logGroup)) ecs.logs.createGroup(logGroup);
  return {
    balancer: balancer.arn,
    scheme: balancer.scheme,
    listener: listener.arn,
    rule: rule.arn,
    groups,
    logGroup,
    host,
    port: elbPort(listener),
    alarm: `${service.cluster}/${name}/${suffix}/RollbackAlarm`,
  };
}

/** Letters, digits and inner hyphens only, and short enough for a label of a host name. */
function hostLabel(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'service'
  );
}

function sharedBalancer(
  elb: ExpressParts['elb'],
  subnets: readonly string[],
  securityGroups: readonly string[],
): LoadBalancer {
  const vpc = elb.network.subnets.get(subnets[0] ?? '')?.vpc;
  const shared = [...elb.state.balancers.values()].find((one) => one.tags.has(managed) && one.vpc === vpc);
  return (
    shared ??
    newLoadBalancer(elb, {
      Name: `ecs-express-gateway-alb-${elb.state.balancers.size + 1}`,
      Subnets: subnets,
      SecurityGroups: securityGroups,
      Tags: [{ Key: managed, Value: 'true' }],
    })
  );
}

function sharedListener(elb: ExpressParts['elb'], balancer: LoadBalancer): Listener {
  const found = [...elb.state.listeners.values()].find((listener) => listener.balancer === balancer.arn);
  const fixed = { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'Not Found' };
  return (
    found ??
    newListener(elb, {
      LoadBalancerArn: balancer.arn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: fixed }],
    })
  );
}

/** Waits until a deleted service has drained, then removes its way in; the last one takes the load balancer along. */
export function removeGatewayLater(parts: ExpressParts, service: Service): void {
  const { clock } = parts.ecs;
  if (service.status !== 'INACTIVE') return void clock.after(1000, () => removeGatewayLater(parts, service));
  removeGateway(parts, service);
}

function removeGateway({ elb }: ExpressParts, { express }: Service): void {
  if (!express) return;
  const { rule, groups, listener: listenerArn, balancer } = express.gateway;
  const { state, health, sockets } = elb;
  const listener = state.listeners.get(listenerArn);
  const index = listener?.rules.findIndex(({ arn }) => arn === rule) ?? -1;
  if (index >= 0) listener?.rules.splice(index, 1);
  for (const arn of groups) {
    const group = state.groups.get(arn);
    if (group) health.forgetAll(group);
    state.groups.delete(arn);
  }
  if (listener?.rules.length === 0) {
    sockets.close(listener.arn);
    state.listeners.delete(listener.arn);
    state.balancers.delete(balancer);
  }
  health.refresh();
}
