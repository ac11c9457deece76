import type { NetworkGateway } from './gateway';
import { given, known, type Known } from './known';
import type {
  Listener,
  LoadBalancer,
  NatGateway,
  NetworkInterface,
  PrefixList,
  RouteTable,
  Rule,
  SecurityGroup,
  Subnet,
  Target,
  TargetGroup,
} from './model';
import type { Network } from './network';
import type { VpcGateway } from './vpcGateway';

/** Around what a network is read: the tasks of a service, or one task. */
export interface NetworkPlace {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** ARNs of the target groups in front. */
  readonly targetGroups: readonly string[];
  /** The interface of the one task that is meant. */
  readonly networkInterface?: string | undefined;
}

export interface NetworkSources {
  readonly network: NetworkGateway;
  readonly vpc: VpcGateway;
}

/**
 * Reads the network around a place with as few calls as it takes: what a step needs is asked at once, what another
 * answer names after it, and what nothing names is not asked. A call that is denied leaves a gap.
 * @throws GantryError cancelled
 */
export async function readNetwork(sources: NetworkSources, place: NetworkPlace, signal: AbortSignal): Promise<Network> {
  const { vpc } = sources;
  const around = readFront(sources.network, place.targetGroups, signal);
  const readNear = async (): Promise<VpcParts & Pick<Network, 'subnets'>> => {
    const subnets = await unlessEmpty(place.subnets, () =>
      known('ec2:DescribeSubnets', () => vpc.describeSubnets(place.subnets, signal)),
    );
    // Tasks in bridge mode have no subnet of their own; their target groups say the VPC.
    const id = place.subnets.length > 0 ? vpcOf(subnets) : vpcOf((await around).targetGroups);
    return { subnets, ...(await readVpc(vpc, id, signal)) };
  };
  const [near, front, interfaces] = await Promise.all([
    readNear(),
    around,
    readInterface(sources.network, place.networkInterface, signal),
  ]);
  const balancers = valueOf(front.loadBalancers);
  const endpoints = valueOf(near.endpoints);
  const groupIds = [place, ...balancers].flatMap(({ securityGroups }) => securityGroups);
  const groups = unique([
    ...groupIds,
    ...endpoints.flatMap((each) => each.groups),
    ...valueOf(interfaces).flatMap(({ securityGroups }) => securityGroups.map(({ id }) => id)),
  ]);
  const nats = valueOf(near.natGateways).map(({ subnet }) => subnet);
  const subnetIds = [...[...balancers, ...endpoints].flatMap((each) => each.subnets), ...nats];
  const [securityGroups, subnets] = await Promise.all([
    unlessEmpty(groups, () => known('ec2:DescribeSecurityGroups', () => vpc.describeSecurityGroups(groups, signal))),
    withMore(vpc, near.subnets, subnetIds, signal),
  ]);
  const prefixLists = await readPrefixLists(vpc, listsIn(valueOf(securityGroups)), signal);
  const { routeTables, networkAcls, natGateways } = near;
  return {
    ...front,
    ...{ subnets, routeTables, networkAcls, natGateways, endpoints: near.endpoints },
    ...{ securityGroups, prefixLists, networkInterfaces: interfaces },
  };
}

type VpcParts = Pick<Network, 'routeTables' | 'networkAcls' | 'endpoints' | 'natGateways'>;

async function readVpc(gateway: VpcGateway, vpc: Known<string | undefined>, signal: AbortSignal): Promise<VpcParts> {
  if (!vpc.known) {
    const { gap } = vpc;
    const none = { known: false, gap } as const;
    return { routeTables: none, networkAcls: none, endpoints: none, natGateways: none };
  }
  const id = vpc.value;
  if (id === undefined) {
    return { routeTables: given([]), networkAcls: given([]), endpoints: given([]), natGateways: given([]) };
  }
  const [tables, networkAcls, endpoints] = await Promise.all([
    known('ec2:DescribeRouteTables', () => gateway.describeRouteTables(id, signal)),
    known('ec2:DescribeNetworkAcls', () => gateway.describeNetworkAcls(id, signal)),
    known('ec2:DescribeVpcEndpoints', () => gateway.describeEndpoints(id, signal)),
  ]);
  return { routeTables: tables, networkAcls, endpoints, natGateways: await readNats(gateway, id, tables, signal) };
}

/** Asked for only where a route leads to one. */
function readNats(
  gateway: VpcGateway,
  vpc: string,
  tables: Known<readonly RouteTable[]>,
  signal: AbortSignal,
): Promise<Known<readonly NatGateway[]>> {
  const leads = valueOf(tables).some(({ routes }) => routes.some(({ target }) => target.startsWith('nat-')));
  return leads
    ? known('ec2:DescribeNatGateways', () => gateway.describeNatGateways(vpc, signal))
    : Promise.resolve(given([]));
}

type Front = Pick<Network, 'targetGroups' | 'targets' | 'loadBalancers' | 'listeners' | 'rules'>;

async function readFront(gateway: NetworkGateway, arns: readonly string[], signal: AbortSignal): Promise<Front> {
  if (arns.length === 0) {
    return {
      ...{ targetGroups: given([]), targets: given({}), loadBalancers: given([]), listeners: given([]) },
      rules: given([]),
    };
  }
  const [targetGroups, targets] = await Promise.all([
    known('elasticloadbalancing:DescribeTargetGroups', () => gateway.describeTargetGroups(arns, signal)),
    known('elasticloadbalancing:DescribeTargetHealth', () => readTargets(gateway, arns, signal)),
  ]);
  return { targetGroups, targets, ...(await readBalancers(gateway, targetGroups, signal)) };
}

async function readTargets(
  gateway: NetworkGateway,
  arns: readonly string[],
  signal: AbortSignal,
): Promise<Record<string, readonly Target[]>> {
  const entries = arns.map(async (arn) => [arn, await gateway.targetHealth(arn, signal)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function readBalancers(
  gateway: NetworkGateway,
  groups: Known<readonly TargetGroup[]>,
  signal: AbortSignal,
): Promise<Pick<Network, 'loadBalancers' | 'listeners' | 'rules'>> {
  if (!groups.known) return { loadBalancers: groups, listeners: groups, rules: groups };
  const arns = unique(groups.value.flatMap(({ loadBalancers }) => loadBalancers));
  const each = <T>(ask: (arn: string) => Promise<readonly T[]>): Promise<T[]> =>
    Promise.all(arns.map(ask)).then((lists) => lists.flat());
  const [loadBalancers, listeners]: [Known<readonly LoadBalancer[]>, Known<readonly Listener[]>] = await Promise.all([
    unlessEmpty(arns, () =>
      known('elasticloadbalancing:DescribeLoadBalancers', () => gateway.describeLoadBalancers(arns, signal)),
    ),
    known('elasticloadbalancing:DescribeListeners', () => each((arn) => gateway.describeListeners(arn, signal))),
  ]);
  return { loadBalancers, listeners, rules: await readRules(gateway, valueOf(listeners), groups.value, signal) };
}

/** Rules matter only of listeners whose default action leads elsewhere. */
function readRules(
  gateway: NetworkGateway,
  listeners: readonly Listener[],
  groups: readonly TargetGroup[],
  signal: AbortSignal,
): Promise<Known<readonly Rule[]>> {
  const reached = (listener: Listener): boolean => groups.every(({ arn }) => listener.targetGroups.includes(arn));
  const asked = listeners.filter((listener) => !reached(listener));
  return known('elasticloadbalancing:DescribeRules', async () =>
    (await Promise.all(asked.map(({ arn }) => gateway.describeRules(arn, signal)))).flat(),
  );
}

async function readInterface(
  gateway: NetworkGateway,
  id: string | undefined,
  signal: AbortSignal,
): Promise<Known<readonly NetworkInterface[]>> {
  if (id === undefined) return given([]);
  return known('ec2:DescribeNetworkInterfaces', async () => {
    const found = await gateway.describeNetworkInterface(id, signal);
    return found ? [found] : [];
  });
}

/** The subnets of load balancers, endpoints and NAT gateways, unless the tasks are in the same. */
async function withMore(
  gateway: VpcGateway,
  subnets: Known<readonly Subnet[]>,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Known<readonly Subnet[]>> {
  if (!subnets.known) return subnets;
  const more = unique(ids).filter((id) => !subnets.value.some((subnet) => subnet.id === id));
  if (more.length === 0) return subnets;
  return known('ec2:DescribeSubnets', async () => [...subnets.value, ...(await gateway.describeSubnets(more, signal))]);
}

/** AWS's own lists are known by name; the others by what they hold. */
async function readPrefixLists(
  gateway: VpcGateway,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Known<readonly PrefixList[]>> {
  const lists = await unlessEmpty(ids, () =>
    known('ec2:DescribeManagedPrefixLists', () => gateway.describePrefixLists(ids, signal)),
  );
  if (!lists.known) return lists;
  return known('ec2:GetManagedPrefixListEntries', () =>
    Promise.all(
      lists.value.map(async ({ id, name, isAws }) => ({
        ...{ id, name },
        cidrs: isAws ? undefined : await gateway.listPrefixes(id, signal),
      })),
    ),
  );
}

function listsIn(groups: readonly SecurityGroup[]): string[] {
  return unique(
    groups.flatMap(({ ingress, egress }) => [...ingress, ...egress]).flatMap(({ prefixLists }) => prefixLists),
  );
}

function vpcOf(parts: Known<readonly { readonly vpc: string | undefined }[]>): Known<string | undefined> {
  return parts.known ? given(parts.value[0]?.vpc) : parts;
}

/** Nothing is asked about nothing. */
function unlessEmpty<T>(ids: readonly string[], ask: () => Promise<Known<readonly T[]>>): Promise<Known<readonly T[]>> {
  return ids.length > 0 ? ask() : Promise.resolve(given([]));
}

function valueOf<T>(list: Known<readonly T[]>): readonly T[] {
  return list.known ? list.value : [];
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}
