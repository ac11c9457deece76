import { message } from '../core/message';
import { anywhere } from './cidr';
import { arrivalHops } from './arrival';
import { isPublic } from './gateways';
import { absent, blocked, decisive, hop, open, unknown, unread, type Hop, type Verdict } from './hop';
import type { Known } from './known';
import type { Listener, LoadBalancer, TargetGroup } from './model';
import type { Network } from './network';
import { aclLets, ephemeral } from './networkAcl';
import { anyoneIn, type Peer } from './peer';
import { groupsLet, type Protocol } from './securityGroups';
import { targetHops } from './targets';
import type { TaskAt } from './ways';

/** Where a request ends: a container behind a target group. */
export interface Arrival {
  /** ARN. */
  readonly targetGroup: string;
  readonly container: string;
  /** The port to which the load balancer sends. */
  readonly port: number;
  /** The ports that the container says it listens on. */
  readonly containerPorts: readonly number[];
  /** `awsvpc`, `bridge`, `host` … */
  readonly networkMode: string;
  /** Of the task, or of every task that the service may start. */
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** The task's own interface and address, where one task is meant. */
  readonly networkInterface?: string | undefined;
  readonly address?: string | undefined;
  /** The task that the way ends in, where it is known; its health is the hop's own. */
  readonly task?: TaskAt | undefined;
}

/** Who asks: anybody on the internet, by IPv4 or IPv6, or somebody in the networks that reach the load balancer. */
export type Client = 'internet' | 'internetIpv6' | 'inside';

/** One way in: by one listener of one load balancer. */
export interface WayIn {
  readonly listener: string | undefined;
  readonly hops: readonly Hop[];
}

/**
 * The ways from a client to a container behind a target group, one for each listener that forwards to it.
 * @param client who asks; by default anybody whom the load balancer is meant for
 */
export function waysIn(network: Network, arrival: Arrival, client?: Client): WayIn[] {
  const group = find(network.targetGroups, ({ arn }) => arn === arrival.targetGroup, arrival.targetGroup);
  if ('verdict' in group) return [only(hop('targetGroup', arrival.targetGroup, group.verdict))];
  const { name, loadBalancers } = group.item;
  if (loadBalancers.length === 0) {
    return [only(hop('loadBalancer', name, blocked(message('No load balancer forwards to {0}', name))))];
  }
  return loadBalancers.flatMap((arn) => throughBalancer(network, arrival, group.item, arn, client));
}

function throughBalancer(
  network: Network,
  arrival: Arrival,
  group: TargetGroup,
  arn: string,
  wanted: Client | undefined,
): WayIn[] {
  const found = find(network.loadBalancers, (each) => each.arn === arn, arn);
  if ('verdict' in found) return [only(hop('loadBalancer', arn, found.verdict))];
  const balancer = found.item;
  const client = wanted ?? (balancer.scheme === 'internal' ? 'inside' : 'internet');
  const peer = peerOf(network, client, balancer);
  const front = [
    hop('client', client, clientVerdict(client)),
    hop('dnsName', balancer.dnsName, open(message('{0} is the name of {1}', balancer.dnsName, balancer.name))),
    hop('loadBalancer', balancer.name, balancerVerdict(balancer, client)),
    hop('subnet', balancer.subnets.join(', '), subnetsVerdict(network, balancer, client)),
  ];
  if (!network.listeners.known) {
    return [only(...front, hop('listener', balancer.name, unread(network.listeners.gap)))];
  }
  const all = network.listeners.value.filter((listener) => listener.loadBalancer === arn);
  const leading = all.flatMap((listener) => ruleHop(network, listener, group) ?? []);
  if (leading.length === 0) {
    const verdict = blocked(message('No listener of {0} forwards to {1}', balancer.name, group.name));
    return [only(...front, hop('listener', balancer.name, verdict))];
  }
  return leading.map(({ listener, rule }) => ({
    listener: listener.arn,
    hops: [
      ...front,
      ...edgeHops(network, balancer, listener, peer),
      hop('listener', String(listener.port), open(message('Listens for {0} on {1}', listener.protocol, listener.port))),
      rule,
      ...targetHops(network, group, arrival),
      ...arrivalHops(network, balancer, group, arrival),
    ],
  }));
}

/** What a list holds, or the verdict that says why it is not known. */
function find<T>(
  list: Known<readonly T[]>,
  matches: (item: T) => boolean,
  id: string,
): { readonly item: T } | { readonly verdict: Verdict } {
  if (!list.known) return { verdict: unread(list.gap) };
  const item = list.value.find(matches);
  return item === undefined ? { verdict: absent(id) } : { item };
}

/** A way that ends before any listener. */
function only(...hops: Hop[]): WayIn {
  return { listener: undefined, hops };
}

function peerOf(network: Network, client: Client, { subnets }: LoadBalancer): Peer {
  if (client !== 'inside') return anyoneIn(client === 'internet' ? anywhere.ipv4 : anywhere.ipv6);
  const all = network.subnets.known ? network.subnets.value : [];
  const ranges = all.filter(({ id }) => subnets.includes(id)).flatMap(({ cidr }) => cidr ?? []);
  return { ...anyoneIn(ranges.join(', ')), ranges };
}

function clientVerdict(client: Client): Verdict {
  if (client === 'inside') return open(message('Somebody in the networks that reach the load balancer'));
  return open(client === 'internet' ? message('Anybody on the internet') : message('Anybody on the internet, by IPv6'));
}

function balancerVerdict({ name, scheme, state, dualStack }: LoadBalancer, client: Client): Verdict {
  if (state === 'failed') return blocked(message('{0} has failed', name));
  if (state !== 'active') return unknown(message('{0} is {1}', name, state));
  if (client !== 'inside' && scheme === 'internal') {
    return blocked(message('{0} is internal: it cannot be reached from the internet', name));
  }
  if (client === 'internetIpv6' && !dualStack) return blocked(message('{0} has no IPv6 address', name));
  return open(message('{0} is {1}', name, scheme));
}

/** A load balancer of the internet needs an internet gateway in each of its subnets. */
function subnetsVerdict(network: Network, { scheme, subnets, name }: LoadBalancer, client: Client): Verdict {
  if (client === 'inside' || scheme === 'internal') return open(message('{0} is inside of the VPC', name));
  const range = client === 'internet' ? anywhere.ipv4 : anywhere.ipv6;
  return decisive(subnets.map((id) => isPublic(network, id, range))) ?? absent(name);
}

/** The rule that forwards to a target group, or undefined when a listener does not lead there. */
function ruleHop(
  network: Network,
  listener: Listener,
  group: TargetGroup,
): { readonly listener: Listener; readonly rule: Hop } | undefined {
  if (listener.targetGroups.includes(group.arn)) {
    return { listener, rule: hop('rule', 'default', open(message('The default action forwards to {0}', group.name))) };
  }
  if (!network.rules.known) return { listener, rule: hop('rule', String(listener.port), unread(network.rules.gap)) };
  const rule = network.rules.value.find(
    (each) => each.listener === listener.arn && each.targetGroups.includes(group.arn),
  );
  if (!rule) return undefined;
  const reason = message('Rule {0} forwards {1} to {2}', rule.priority, rule.conditions.join(' · '), group.name);
  return { listener, rule: hop('rule', rule.priority, open(reason)) };
}

/** Through the ACLs and the security groups of the load balancer. */
function edgeHops(network: Network, balancer: LoadBalancer, { port, protocol }: Listener, peer: Peer): Hop[] {
  const transport: Protocol = protocol.startsWith('UDP') ? 'udp' : 'tcp';
  const crossings = balancer.subnets.map((subnet) =>
    aclLets(network, {
      ...{ subnet, direction: 'in', protocol: transport, port, clientPorts: ephemeral.aws },
      ...{ ranges: peer.ranges, isAnyone: true },
    }),
  );
  const acl = decisive(crossings.map(({ id, verdict }) => ({ ...verdict, id })));
  return [
    ...(acl && peer.ranges.length > 0 ? [hop('networkAcl', acl.id, acl)] : []),
    ...(balancer.securityGroups.length > 0
      ? [
          hop(
            'securityGroup',
            balancer.securityGroups.join(', '),
            groupsLet(network, balancer.securityGroups, { direction: 'in', protocol: transport, port, peer }),
          ),
        ]
      : []),
  ];
}
