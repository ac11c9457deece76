import { message, type Message } from '../core/message';
import { anywhere, coverage, isPrivate, together, type Coverage } from './cidr';
import { absent, blocked, open, unknown, unread, type Verdict } from './hop';
import type { Gap } from './known';
import type { Permission, PrefixList, SecurityGroup } from './model';
import type { Network } from './network';
import type { Peer } from './peer';

export type Protocol = 'tcp' | 'udp';

/** A connection that security groups have to let through, seen from those who have the groups. */
export interface Passage {
  readonly direction: 'in' | 'out';
  readonly protocol: Protocol;
  readonly port: number;
  readonly peer: Peer;
}

const numbers: Record<Protocol, string> = { tcp: '6', udp: '17' };

/**
 * Whether security groups let a connection through. The rules of all groups count together, and a group lets the
 * answers to a connection through by itself (Amazon VPC User Guide, "Security group rules").
 */
export function groupsLet(network: Network, ids: readonly string[], passage: Passage): Verdict {
  if (!network.securityGroups.known) return unread(network.securityGroups.gap);
  const all = network.securityGroups.value;
  const groups = ids.flatMap((id) => all.find((group) => group.id === id) ?? []);
  const missing = ids.find((id) => !groups.some((group) => group.id === id));
  const permissions = groups.flatMap((group) => (passage.direction === 'in' ? group.ingress : group.egress));
  const fitting = permissions.filter((permission) => fits(permission, passage));
  const lists = listsOf(network, fitting);
  const found = coverageOf(fitting, lists.known, passage.peer);
  const name = groups.map(nameOf).join(', ');
  if (found === 'all') return open(openReason(name, passage));
  if (missing !== undefined) return absent(missing);
  if (lists.gap) return unread(lists.gap);
  if (found === 'none') return blocked(blockedReason(name, permissions, passage));
  const partly = message('{0} lets port {1} through for {2} only', name, passage.port, sourcesOf(fitting).join(', '));
  return passage.peer.isAnyone ? unknown(partly) : blocked(partly);
}

function fits({ protocol, from, to }: Permission, passage: Passage): boolean {
  if (protocol === '-1') return true;
  if (protocol !== passage.protocol && protocol !== numbers[passage.protocol]) return false;
  // -1 is every port in rules that AWS has normalized.
  return from < 0 || (from <= passage.port && passage.port <= to);
}

function coverageOf(permissions: readonly Permission[], lists: readonly PrefixList[], peer: Peer): Coverage {
  const names = (held: (permission: Permission) => readonly string[], wanted: readonly string[]): boolean =>
    permissions.some((permission) => held(permission).some((id) => wanted.includes(id)));
  if (names(({ groups }) => groups, peer.groups) || names(({ prefixLists }) => prefixLists, peer.prefixLists)) {
    return 'all';
  }
  const isInternet = peer.ranges.includes(anywhere.ipv4) || peer.ranges.includes(anywhere.ipv6);
  const named = [...permissions.flatMap((each) => each.cidrs), ...lists.flatMap((list) => list.cidrs ?? [])];
  const cidrs = isInternet ? named.filter((cidr) => !isPrivate(cidr)) : named;
  const byRange = together(peer.ranges.map((range) => coverage(range, cidrs)));
  if (peer.ranges.length > 0 && byRange !== 'none') return byRange;
  // Anyone may be a member of a group that a rule names, or have an address in a list that was not read.
  return peer.isAnyone && permissions.some((each) => each.groups.length + each.prefixLists.length > 0)
    ? 'some'
    : 'none';
}

/** The prefix lists that rules name; a gap where one of them is not known. */
function listsOf(
  network: Network,
  permissions: readonly Permission[],
): { readonly known: readonly PrefixList[]; readonly gap?: Gap } {
  const ids = permissions.flatMap(({ prefixLists }) => prefixLists);
  if (ids.length === 0) return { known: [] };
  if (!network.prefixLists.known) return { known: [], gap: network.prefixLists.gap };
  return { known: network.prefixLists.value.filter(({ id }) => ids.includes(id)) };
}

function openReason(name: string, { direction, port, peer }: Passage): Message {
  return direction === 'in'
    ? message('{0} lets in port {1} from {2}', name, port, peer.name)
    : message('{0} lets out port {1} to {2}', name, port, peer.name);
}

function blockedReason(name: string, permissions: readonly Permission[], { direction, port, peer }: Passage): Message {
  if (permissions.length === 0) {
    return direction === 'in' ? message('{0} lets nothing in', name) : message('{0} lets nothing out', name);
  }
  const what = permissions.map((each) => `${portsOf(each)} (${sourcesOf([each]).join(', ')})`).join('; ');
  return direction === 'in'
    ? message('{0} lets in {1}, but not port {2} from {3}', name, what, port, peer.name)
    : message('{0} lets out {1}, but not port {2} to {3}', name, what, port, peer.name);
}

function portsOf({ protocol, from, to }: Permission): string {
  const ports = from < 0 || protocol === '-1' ? '*' : from === to ? String(from) : `${from}-${to}`;
  return protocol === 'tcp' || protocol === '6' || protocol === '-1' ? ports : `${protocol} ${ports}`;
}

function sourcesOf(permissions: readonly Permission[]): string[] {
  return permissions.flatMap(({ cidrs, groups, prefixLists }) => [...cidrs, ...groups, ...prefixLists]);
}

function nameOf({ id, name }: SecurityGroup): string {
  return name && name !== id ? `${name} (${id})` : id;
}
