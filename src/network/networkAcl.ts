import { message } from '../core/message';
import { contains, halves, overlaps, together, type Coverage } from './cidr';
import { blocked, decisive, open, unknown, unread, type Verdict } from './hop';
import type { AclEntry, NetworkAcl } from './model';
import type { Network } from './network';
import type { Protocol } from './securityGroups';

/** A span of ports, ends included. */
export type Ports = readonly [number, number];

/**
 * Ports from which a client asks. Those of Linux, of which tasks are made, are a part of those that AWS's load
 * balancers and NAT gateways use (Amazon VPC User Guide, "Ephemeral ports").
 */
export const ephemeral = { linux: [32_768, 60_999], aws: [1024, 65_535] } as const satisfies Record<string, Ports>;

/** A connection through the edge of a subnet, seen from the subnet. */
export interface Crossing {
  readonly subnet: string;
  /** Where the connection starts. */
  readonly direction: 'in' | 'out';
  readonly protocol: Protocol;
  readonly port: number;
  /** The ports that the asking side uses. */
  readonly clientPorts: Ports;
  readonly ranges: readonly string[];
  /** Whether the other side may be anywhere in the ranges: see `Peer`. */
  readonly isAnyone: boolean;
}

const numbers: Record<Protocol, string> = { tcp: '6', udp: '17' };

/**
 * Whether the network ACL of a subnet lets a connection through, there and back: an ACL has no memory, so the answers
 * need a rule of their own (Amazon VPC User Guide, "Network ACLs"). The lowest number that fits decides.
 */
export function aclLets(network: Network, crossing: Crossing): { readonly id: string; readonly verdict: Verdict } {
  if (!network.networkAcls.known) {
    return { id: crossing.subnet, verdict: unread(network.networkAcls.gap) };
  }
  const acl = network.networkAcls.value.find(({ subnets }) => subnets.includes(crossing.subnet));
  if (!acl)
    return { id: crossing.subnet, verdict: unknown(message('The network ACL of {0} was not found.', crossing.subnet)) };
  const { direction, port, clientPorts } = crossing;
  const there = decide(acl, crossing, direction === 'out', [port, port]);
  const back = decide(acl, crossing, direction === 'in', clientPorts);
  return { id: acl.id, verdict: decisive([there, back]) ?? there };
}

function decide(acl: NetworkAcl, { protocol, ranges, isAnyone }: Crossing, egress: boolean, ports: Ports): Verdict {
  const entries = acl.entries
    .filter((entry) => entry.egress === egress && (entry.protocol === '-1' || entry.protocol === numbers[protocol]))
    .sort((a, b) => a.number - b.number);
  const found = together(ranges.map((range) => allowed(entries, range, ports)));
  const span = ports[0] === ports[1] ? String(ports[0]) : `${ports[0]}-${ports[1]}`;
  const where = ranges.join(', ');
  if (found === 'all') {
    return open(
      egress
        ? message('{0} lets out port {1} to {2}', acl.id, span, where)
        : message('{0} lets in port {1} from {2}', acl.id, span, where),
    );
  }
  if (found === 'none') {
    return blocked(
      egress
        ? message('{0} does not let out port {1} to {2}', acl.id, span, where)
        : message('{0} does not let in port {1} from {2}', acl.id, span, where),
    );
  }
  const partly = egress
    ? message('{0} lets out only a part of port {1} to {2}', acl.id, span, where)
    : message('{0} lets in only a part of port {1} from {2}', acl.id, span, where);
  return isAnyone ? unknown(partly) : blocked(partly);
}

/** How much of a range and span the entries allow; what no entry names is denied. */
function allowed(entries: readonly AclEntry[], range: string, ports: Ports): Coverage {
  const [entry, ...rest] = entries;
  if (!entry) return 'none';
  const shared = intersect(ports, [entry.from ?? 0, entry.to ?? 65_535]);
  if (!shared || !overlaps(entry.cidr, range)) return allowed(rest, range, ports);
  if (!contains(entry.cidr, range)) {
    const parts = halves(range) ?? [];
    return together(parts.map((part) => allowed(entries, part, ports)));
  }
  const others: Ports[] = [
    [ports[0], shared[0] - 1],
    [shared[1] + 1, ports[1]],
  ];
  const left = others.filter(([from, to]) => from <= to).map((span) => allowed(rest, range, span));
  return together([entry.allow ? 'all' : 'none', ...left]);
}

function intersect([a, b]: Ports, [c, d]: Ports): Ports | undefined {
  const span: Ports = [Math.max(a, c), Math.min(b, d)];
  return span[0] <= span[1] ? span : undefined;
}
