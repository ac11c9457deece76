import type { ServiceChoices } from '../choices';
import { getAtt, ref, type Resource, type Value } from './ast';

/** The ports on which a load balancer of these choices listens. */
export function listenedPorts({ front }: ServiceChoices): number[] {
  if (front.kind !== 'loadBalancer') return [];
  return front.certificate ? [443, 80] : [80];
}

/**
 * Security groups with exactly the rules that are needed: clients to the load balancer, the load balancer to the
 * containers' port, the tasks to the outside.
 */
export function securityGroups(choices: ServiceChoices): Record<string, Resource> {
  const { front, network, containers } = choices;
  const port = containers[0].ports[0] ?? 0;
  return {
    ...(front.kind === 'loadBalancer' ? balancerGroup(choices, front.allowedFrom, port) : {}),
    ...(network.securityGroups ? {} : taskGroup(choices)),
    ...(front.kind === 'loadBalancer' && !network.securityGroups ? balancerToTasks(port) : {}),
  };
}

/** What the service is told about its tasks' security groups. */
export function taskGroups({ network }: ServiceChoices): Value[] {
  return network.securityGroups ? [...network.securityGroups] : [ref('TaskSecurityGroup')];
}

/** Rules that a service's first task needs. */
export function ruleDependencies({ front, network }: ServiceChoices): string[] {
  return front.kind === 'loadBalancer' && !network.securityGroups ? ['BalancerToTasks'] : [];
}

function balancerGroup(choices: ServiceChoices, from: string, port: number): Record<string, Resource> {
  const own = choices.network.securityGroups;
  const egress = own
    ? own.map((id): Value => tcp(port, { DestinationSecurityGroupId: id, Description: 'To the tasks' }))
    : [tcp(port, { DestinationSecurityGroupId: getAtt('TaskSecurityGroup', 'GroupId'), Description: 'To the tasks' })];
  return {
    BalancerSecurityGroup: {
      type: 'AWS::EC2::SecurityGroup',
      comment: 'Lets clients in to the load balancer, and the load balancer on to the tasks.',
      properties: {
        GroupDescription: 'Load balancer: clients in, tasks out',
        VpcId: ref('Vpc'),
        SecurityGroupIngress: listenedPorts(choices).map((listened) => clientRule(listened, from)),
        SecurityGroupEgress: egress,
      },
    },
  };
}

function taskGroup({ front, containers }: ServiceChoices): Record<string, Resource> {
  if (front.kind !== 'publicAddress') return taskGroupResource([]);
  return taskGroupResource(containers[0].ports.slice(0, 1).map((port) => clientRule(port, front.allowedFrom)));
}

/** The security group of tasks: who gets in, and the way out. */
export function taskGroupResource(ingress: readonly Value[]): Record<string, Resource> {
  return {
    TaskSecurityGroup: {
      type: 'AWS::EC2::SecurityGroup',
      comment: 'Belongs to the tasks’ network interfaces.',
      properties: {
        GroupDescription: 'Tasks of Amazon ECS',
        VpcId: ref('Vpc'),
        ...(ingress.length > 0 ? { SecurityGroupIngress: ingress } : {}),
        SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0', Description: 'To ECR, logs and the outside' }],
      },
    },
  };
}

/** Lets clients in from a range. */
export function clientRule(port: number, range: string): Value {
  return sourceRule(port, range, 'Clients');
}

/** @param from a range, or the id of a security group */
export function sourceRule(port: number, from: string, description: string): Value {
  const origin = from.startsWith('sg-') ? { SourceSecurityGroupId: from } : source(from);
  return tcp(port, { ...origin, Description: description });
}

/** A resource of its own: the two groups name each other. */
function balancerToTasks(port: number): Record<string, Resource> {
  return {
    BalancerToTasks: {
      type: 'AWS::EC2::SecurityGroupIngress',
      comment: 'Only the load balancer reaches the containers.',
      properties: {
        GroupId: getAtt('TaskSecurityGroup', 'GroupId'),
        ...tcp(port, {
          SourceSecurityGroupId: getAtt('BalancerSecurityGroup', 'GroupId'),
          Description: 'Load balancer',
        }),
      },
    },
  };
}

function tcp(port: number, rest: Record<string, Value>): Record<string, Value> {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, ...rest };
}

function source(range: string): Record<string, Value> {
  return range.includes(':') ? { CidrIpv6: range } : { CidrIp: range };
}
