import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { type ElbContext, balancerOf, elbArn, elbId, elbPage, validation } from './context';
import type { LoadBalancer } from './types';

export interface CreateLoadBalancerRequest {
  readonly Name: string;
  readonly Subnets?: readonly string[];
  readonly SubnetMappings?: readonly { readonly SubnetId?: string }[];
  readonly SecurityGroups?: readonly string[];
  readonly Scheme?: string;
  readonly Type?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
}

interface DescribeRequest {
  readonly LoadBalancerArns?: readonly string[];
  readonly Names?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

/** Creates a load balancer. Also used by the seeds. */
export function newLoadBalancer(context: ElbContext, request: CreateLoadBalancerRequest): LoadBalancer {
  const { Name: name, Type: type = 'application', Scheme: scheme = 'internet-facing', Tags: tags = [] } = request;
  if (!/^(?!internal-)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name)) {
    throw validation(`Load balancer name '${name}' is not valid: letters, digits and inner hyphens, at most 32`);
  }
  if (type !== 'application' && type !== 'network') {
    throw new ApiError('InvalidConfigurationRequestException', `Load balancer type '${type}' is not in the sandbox`);
  }
  const ids = request.Subnets ?? request.SubnetMappings?.map(({ SubnetId }) => SubnetId ?? '') ?? [];
  const subnets = ids.map((id) => {
    const subnet = context.network.subnets.get(id);
    if (!subnet) throw new ApiError('SubnetNotFoundException', `The subnet ID '${id}' does not exist`);
    return { id, zone: subnet.zone, vpc: subnet.vpc };
  });
  const [first] = subnets;
  const zones = new Set(subnets.map(({ zone }) => zone));
  if (!first || (type === 'application' && zones.size < 2)) {
    throw validation('At least two subnets in two different Availability Zones must be specified');
  }
  for (const group of request.SecurityGroups ?? []) {
    if (context.network.groups.has(group)) continue;
    throw new ApiError('InvalidSecurityGroupException', `The security group ID '${group}' does not exist`);
  }
  if ([...context.state.balancers.values()].some((other) => other.name === name)) {
    throw new ApiError(
      'DuplicateLoadBalancerNameException',
      `A load balancer with the same name '${name}' exists, but with different settings`,
    );
  }
  const id = elbId();
  const balancer: LoadBalancer = {
    arn: elbArn(context.place, `loadbalancer/${type === 'application' ? 'app' : 'net'}/${name}/${id}`),
    id,
    name,
    type,
    scheme,
    vpc: first.vpc,
    subnets: subnets.map(({ id: subnet, zone }) => ({ id: subnet, zone })),
    securityGroups: request.SecurityGroups ?? [],
    createdAt: context.clock.now(),
    tags: new Map(tags.map(({ Key, Value = '' }) => [Key, Value])),
  };
  context.state.balancers.set(balancer.arn, balancer);
  return balancer;
}

/**
 * `DNSName` is this machine's loopback address, so that a browser reaches the listeners' ports. On AWS it would be
 * `NAME-NUMBER.REGION.elb.amazonaws.com`.
 */
function describe(balancer: LoadBalancer): Record<string, unknown> {
  return {
    LoadBalancerArn: balancer.arn,
    DNSName: '127.0.0.1',
    CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
    CreatedTime: new Date(balancer.createdAt),
    LoadBalancerName: balancer.name,
    Scheme: balancer.scheme,
    VpcId: balancer.vpc,
    State: { Code: 'active' },
    Type: balancer.type,
    AvailabilityZones: balancer.subnets.map(({ id, zone }) => ({
      ZoneName: zone,
      SubnetId: id,
      LoadBalancerAddresses: [],
    })),
    SecurityGroups: balancer.securityGroups,
    IpAddressType: 'ipv4',
  };
}

function describeMany({ state }: ElbContext, request: DescribeRequest): unknown {
  const { LoadBalancerArns: arns, Names: names } = request;
  const all = [...state.balancers.values()];
  for (const arn of arns ?? []) balancerOf(state, arn);
  for (const name of names ?? []) {
    if (all.some((balancer) => balancer.name === name)) continue;
    throw new ApiError('LoadBalancerNotFoundException', `Load balancers '[${name}]' not found`);
  }
  const found = all
    .filter(({ arn }) => !arns?.length || arns.includes(arn))
    .filter(({ name }) => !names?.length || names.includes(name));
  const { items, NextMarker } = elbPage(found, request, [arns, names]);
  return { LoadBalancers: items.map(describe), NextMarker };
}

function remove({ state, sockets, health }: ElbContext, arn: string): void {
  for (const listener of [...state.listeners.values()].filter(({ balancer }) => balancer === arn)) {
    sockets.close(listener.arn);
    state.listeners.delete(listener.arn);
  }
  state.balancers.delete(arn);
  health.refresh();
}

export function loadBalancerOperations(context: ElbContext): Record<string, Operation> {
  return {
    CreateLoadBalancer: (input: CreateLoadBalancerRequest) => ({
      LoadBalancers: [describe(newLoadBalancer(context, input))],
    }),
    DescribeLoadBalancers: (input: DescribeRequest) => describeMany(context, input),
    DeleteLoadBalancer: ({ LoadBalancerArn }: { LoadBalancerArn: string }) => remove(context, LoadBalancerArn),
  };
}
