import { message } from '../core/message';
import { anywhere } from './cidr';
import { absent, blocked, decisive, hop, open, unknown, unread, type Hop, type Verdict } from './hop';
import type { NatGateway, Route, RouteTable, Subnet } from './model';
import type { Network } from './network';
import { aclLets, ephemeral } from './networkAcl';
import { kindOfTarget, routeTo, tableOf } from './routes';

/** A subnet with what stands around it, or the verdict that says why that is not known. */
export type Surroundings =
  { readonly subnet: Subnet; readonly table: RouteTable; readonly verdict?: undefined } | { readonly verdict: Verdict };

export function surroundings(network: Network, id: string): Surroundings {
  if (!network.subnets.known) return { verdict: unread(network.subnets.gap) };
  const subnet = network.subnets.value.find((each) => each.id === id);
  if (!subnet) return { verdict: absent(id) };
  if (!network.routeTables.known) return { verdict: unread(network.routeTables.gap) };
  const table = tableOf(network.routeTables.value, subnet.id, subnet.vpc);
  return table ? { subnet, table } : { verdict: unknown(message('The route table of {0} was not found.', id)) };
}

/** Whether a subnet has a route to the internet through an internet gateway, as public subnets have. */
export function isPublic(network: Network, id: string, range: string = anywhere.ipv4): Verdict {
  const around = surroundings(network, id);
  if (around.verdict) return around.verdict;
  const route = routeTo(around.table, range);
  if (route?.active && kindOfTarget(route.target) === 'internetGateway') {
    return open(message('{0} leads to the internet by {1}', id, route.target));
  }
  return blocked(message('{0} has no route to an internet gateway ({1})', id, around.table.id));
}

/** The hops from a subnet to the internet by the default route of its table. */
export function throughDefaultRoute(
  network: Network,
  { subnet, table }: { readonly subnet: Subnet; readonly table: RouteTable },
  hasPublicAddress: boolean,
): Hop[] {
  const range = subnet.cidr ? anywhere.ipv4 : anywhere.ipv6;
  const route = routeTo(table, range);
  if (!route) return [hop('route', table.id, blocked(message('{0} has no route out of the VPC', table.id)))];
  if (!route.active) {
    return [hop('route', table.id, blocked(message('{0} leads to {1}, which is gone', table.id, route.target)))];
  }
  const way = hop('route', table.id, open(message('{0} leads to {1}', table.id, route.target)));
  return [way, hop(gatewayKind(route), route.target, throughGateway(network, subnet, route, hasPublicAddress))];
}

function gatewayKind({ target }: Route): Hop['kind'] {
  return target.startsWith('eigw-') ? 'internetGateway' : kindOfTarget(target);
}

function throughGateway(network: Network, subnet: Subnet, { target }: Route, hasPublicAddress: boolean): Verdict {
  if (target.startsWith('eigw-')) return open(message('{0} lets IPv6 out', target));
  switch (kindOfTarget(target)) {
    case 'internetGateway':
      // An IPv6 address is a public one.
      if (hasPublicAddress || !subnet.cidr) return open(message('{0}: the task has a public address', target));
      return blocked(message('{0} serves public addresses only, and the task has none', target));
    case 'natGateway':
      return throughNat(network, subnet, target);
    default:
      return unknown(message('{0} leads to where Gantry cannot see', target));
  }
}

function throughNat(network: Network, from: Subnet, id: string): Verdict {
  if (!network.natGateways.known) return unread(network.natGateways.gap);
  const nat = network.natGateways.value.find((each) => each.id === id);
  if (!nat) return absent(id);
  if (nat.state !== 'available') return blocked(message('{0} is {1}', id, nat.state));
  if (!nat.isPublic) return unknown(message('{0} is a private NAT gateway: it leads to other networks only', id));
  return decisive([isPublic(network, nat.subnet), ...natAcls(network, from, nat)]) ?? absent(id);
}

/** The ACL of the NAT gateway's subnet sees the connection twice. */
function natAcls(network: Network, from: Subnet, nat: NatGateway): Verdict[] {
  const common = { subnet: nat.subnet, protocol: 'tcp', port: 443 } as const;
  const out = { ...common, direction: 'out', clientPorts: ephemeral.aws, isAnyone: true } as const;
  const inward = { ...common, direction: 'in', clientPorts: ephemeral.linux, isAnyone: false } as const;
  return [
    aclLets(network, { ...out, ranges: [anywhere.ipv4] }).verdict,
    // Within one subnet no ACL is asked.
    ...(from.id === nat.subnet || !from.cidr ? [] : [aclLets(network, { ...inward, ranges: [from.cidr] }).verdict]),
  ];
}
