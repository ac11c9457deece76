import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { type Attributes, balancerAttributes, describeAttributes, setAttributes } from './attributes';
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

type Subnets = Pick<CreateLoadBalancerRequest, 'Subnets' | 'SubnetMappings'>;
type Zoned = { readonly id: string; readonly zone: string; readonly vpc: string };

/** @throws ApiError unless the subnets exist and are as many as the type of load balancer needs. */
function checkedSubnets({ network }: ElbContext, type: string, { Subnets, SubnetMappings }: Subnets): Zoned[] {
  const ids = Subnets ?? SubnetMappings?.map(({ SubnetId }) => SubnetId ?? '') ?? [];
  const subnets = ids.map((id) => {
    const subnet = network.subnets.get(id);
    if (!subnet) throw new ApiError('SubnetNotFoundException', `The subnet ID '${id}' does not exist`);
    return { id, zone: subnet.zone, vpc: subnet.vpc };
  });
  const zones = new Set(subnets.map(({ zone }) => zone));
  if (zones.size < (type === 'application' ? 2 : 1)) {
    throw validation('At least two subnets in two different Availability Zones must be specified');
  }
  return subnets;
}

function checkGroups({ network }: ElbContext, ids: readonly string[]): void {
  const unknown = ids.find((id) => !network.groups.has(id));
  if (unknown === undefined) return;
  throw new ApiError('InvalidSecurityGroupException', `The security group ID '${unknown}' does not exist`);
}

/** An application load balancer without security groups gets the default one of its VPC (ELB CreateLoadBalancer). */
function defaultGroupsOf({ network }: ElbContext, vpc: string | undefined): string[] {
  const group = [...network.groups.values()].find((each) => each.vpc === vpc && each.name === 'default');
  return group ? [group.id] : [];
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
  const subnets = checkedSubnets(context, type, request);
  const [first] = subnets;
  checkGroups(context, request.SecurityGroups ?? []);
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
    vpc: first?.vpc ?? '',
    subnets: subnets.map(({ id: subnet, zone }) => ({ id: subnet, zone })),
    securityGroups: request.SecurityGroups ?? (type === 'application' ? defaultGroupsOf(context, first?.vpc) : []),
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
    AvailabilityZones: describeZones(balancer),
    SecurityGroups: balancer.securityGroups,
    IpAddressType: 'ipv4',
  };
}

function describeZones({ subnets }: LoadBalancer): unknown[] {
  return subnets.map(({ id, zone }) => ({ ZoneName: zone, SubnetId: id, LoadBalancerAddresses: [] }));
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
  if (state.balancers.get(arn)?.attributes?.get('deletion_protection.enabled') === 'true') {
    const text = `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`;
    throw new ApiError('OperationNotPermittedException', text);
  }
  for (const listener of [...state.listeners.values()].filter(({ balancer }) => balancer === arn)) {
    sockets.close(listener.arn);
    state.listeners.delete(listener.arn);
  }
  state.balancers.delete(arn);
  health.refresh();
}

/** What can be changed about a load balancer. */
function settingOperations(context: ElbContext): Record<string, Operation> {
  const { state } = context;
  type Named = { readonly LoadBalancerArn: string };
  const attributesOf = ({ LoadBalancerArn }: Named): Map<string, string> =>
    (balancerOf(state, LoadBalancerArn).attributes ??= new Map());
  return {
    DescribeLoadBalancerAttributes: (input: Named) => describeAttributes(balancerAttributes, attributesOf(input)),
    ModifyLoadBalancerAttributes: (input: Named & { Attributes: Attributes }) => {
      setAttributes(balancerAttributes, attributesOf(input), input.Attributes);
      return describeAttributes(balancerAttributes, attributesOf(input));
    },
    SetSecurityGroups: (input: Named & { SecurityGroups: readonly string[] }) => {
      const balancer = balancerOf(state, input.LoadBalancerArn);
      checkGroups(context, input.SecurityGroups);
      balancer.securityGroups = input.SecurityGroups;
      return { SecurityGroupIds: input.SecurityGroups };
    },
    SetSubnets: (input: Named & Subnets) => {
      const balancer = balancerOf(state, input.LoadBalancerArn);
      balancer.subnets = checkedSubnets(context, balancer.type, input).map(({ id, zone }) => ({ id, zone }));
      return { AvailabilityZones: describeZones(balancer), IpAddressType: 'ipv4' };
    },
  };
}

export function loadBalancerOperations(context: ElbContext): Record<string, Operation> {
  return {
    ...settingOperations(context),
    CreateLoadBalancer: (input: CreateLoadBalancerRequest) => ({
      LoadBalancers: [describe(newLoadBalancer(context, input))],
    }),
    DescribeLoadBalancers: (input: DescribeRequest) => describeMany(context, input),
    DeleteLoadBalancer: ({ LoadBalancerArn }: { LoadBalancerArn: string }) => remove(context, LoadBalancerArn),
  };
}
