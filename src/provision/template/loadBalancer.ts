import type { FrontChoice, ServiceChoices } from '../choices';
import { getAtt, ref, type Resource, type Value } from './ast';
import { trafficRole } from './roles';

type BalancerChoice = Extract<FrontChoice, { kind: 'loadBalancer' }>;

/** The load balancer with its target groups, listeners and, for blue/green, the rule that moves the traffic. */
export function balancerResources({ front, containers, deployment }: ServiceChoices): Record<string, Resource> {
  if (front.kind !== 'loadBalancer') return {};
  const port = containers[0].ports[0] ?? 0;
  const isBlueGreen = deployment === 'blueGreen';
  return {
    LoadBalancer: {
      type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      comment: 'The address of the service: it sends requests to the tasks that are healthy. It costs by the hour.',
      properties: {
        Type: 'application',
        Scheme: front.scheme,
        Subnets: ref('BalancerSubnets'),
        SecurityGroups: [ref('BalancerSecurityGroup')],
      },
    },
    TargetGroup: targetGroup(
      front,
      port,
      'The tasks, by their addresses, and how they are asked whether they are well.',
    ),
    ...(isBlueGreen
      ? { GreenTargetGroup: targetGroup(front, port, 'The new tasks, while a deployment goes on.') }
      : {}),
    ...listeners(front, isBlueGreen),
    ...(isBlueGreen ? { ProductionRule: productionRule(), ...trafficRole() } : {}),
  };
}

/** What the service is told about its load balancer. */
export function balancerProperties({ front, containers, deployment }: ServiceChoices): Record<string, Value> {
  const [{ name, ports }] = containers;
  if (front.kind !== 'loadBalancer' || ports[0] === undefined) return {};
  const advanced = {
    AlternateTargetGroupArn: ref('GreenTargetGroup'),
    ProductionListenerRule: ref('ProductionRule'),
    RoleArn: getAtt('TrafficRole', 'Arn'),
  };
  return {
    LoadBalancers: [
      {
        ContainerName: name,
        ContainerPort: ports[0],
        TargetGroupArn: ref('TargetGroup'),
        ...(deployment === 'blueGreen' ? { AdvancedConfiguration: advanced } : {}),
      },
    ],
    HealthCheckGracePeriodSeconds: 60,
  };
}

/** A target group takes tasks of a service only when a listener leads to it (ECS CreateService). */
export function listenerDependencies({ front, deployment }: ServiceChoices): string[] {
  // For blue/green the service names the rule itself.
  return front.kind === 'loadBalancer' && deployment === 'rolling' ? ['Listener'] : [];
}

function targetGroup({ healthCheckPath }: BalancerChoice, port: number, comment: string): Resource {
  return {
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    comment,
    properties: {
      TargetType: 'ip',
      Protocol: 'HTTP',
      Port: port,
      VpcId: ref('Vpc'),
      HealthCheckPath: healthCheckPath,
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      Matcher: { HttpCode: '200-399' },
      TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
    },
  };
}

function listeners({ certificate }: BalancerChoice, isBlueGreen: boolean): Record<string, Resource> {
  const action = isBlueGreen ? notFound : { Type: 'forward', TargetGroupArn: ref('TargetGroup') };
  const listener = (comment: string, properties: Record<string, Value>): Resource => ({
    ...{ type: 'AWS::ElasticLoadBalancingV2::Listener', comment },
    properties: { LoadBalancerArn: ref('LoadBalancer'), ...properties },
  });
  if (!certificate) {
    return { Listener: listener('Takes HTTP.', { Port: 80, Protocol: 'HTTP', DefaultActions: [action] }) };
  }
  return {
    Listener: listener('Takes HTTPS.', {
      ...{ Port: 443, Protocol: 'HTTPS', Certificates: [{ CertificateArn: ref('Certificate') }] },
      ...{ SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06', DefaultActions: [action] },
    }),
    RedirectListener: listener('Sends HTTP to HTTPS.', {
      ...{ Port: 80, Protocol: 'HTTP' },
      DefaultActions: [
        { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
      ],
    }),
  };
}

const notFound: Value = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };

/** ECS changes the weights of this rule while it moves traffic, so a listener's default action will not do. */
function productionRule(): Resource {
  const groups = [
    { TargetGroupArn: ref('TargetGroup'), Weight: 100 },
    { TargetGroupArn: ref('GreenTargetGroup'), Weight: 0 },
  ];
  return {
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    comment: 'Everything that comes in. ECS changes its weights during a deployment.',
    properties: {
      ListenerArn: ref('Listener'),
      Priority: 1,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
      Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: groups } }],
    },
  };
}
