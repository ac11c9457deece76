import { message } from '../core/message';
import { anywhere } from './cidr';
import { gatewayEndpointFor, interfaceEndpointFor, type AwsService } from './endpoints';
import { surroundings, throughDefaultRoute } from './gateways';
import { blocked, decisive, hop, open, stateOf, unread, type Hop, type Verdict } from './hop';
import type { Endpoint, RouteTable, Subnet } from './model';
import type { Network } from './network';
import { aclLets, ephemeral } from './networkAcl';
import { anyoneIn, peerAt, type Peer } from './peer';
import { groupsLet } from './securityGroups';

/** From where a task asks. */
export interface Departure {
  readonly subnet: string;
  readonly securityGroups: readonly string[];
  readonly publicAddress: boolean;
}

interface Place extends Departure {
  readonly network: Network;
  readonly around: { readonly subnet: Subnet; readonly table: RouteTable };
}

/**
 * The way of a task in awsvpc mode to a service of AWS, by HTTPS: through an interface endpoint where the service's
 * name leads to one, through a gateway endpoint where the route table does, else by the default route.
 */
export function wayOut(network: Network, departure: Departure, service: AwsService): Hop[] {
  const found = surroundings(network, departure.subnet);
  if (found.verdict) return [hop('subnet', departure.subnet, found.verdict)];
  const { subnet, table } = found;
  const place = { ...departure, network, around: { subnet, table } };
  if (!network.endpoints.known) return withoutEndpoints(place, service, unread(network.endpoints.gap));
  const direct = interfaceEndpointFor(network.endpoints.value, subnet.vpc, service);
  if (direct) return throughInterface(place, direct, service);
  const gateway = gatewayEndpointFor(network.endpoints.value, table.id, service);
  if (gateway) return throughGatewayEndpoint(place, gateway, service);
  return throughInternet(place, service);
}

/** There may be an endpoint where none could be seen: the internet is enough, but without it nobody knows. */
function withoutEndpoints(place: Place, service: AwsService, verdict: Verdict): Hop[] {
  const hops = throughInternet(place, service);
  if (stateOf(hops) === 'open') return hops;
  return [
    ...hops.filter(({ kind }) => kind === 'securityGroup' || kind === 'networkAcl'),
    hop('endpoint', service, verdict),
  ];
}

function throughInternet(place: Place, service: AwsService): Hop[] {
  const { network, around, publicAddress } = place;
  const everyone = around.subnet.cidr ? anywhere.ipv4 : anywhere.ipv6;
  const hops = throughDefaultRoute(network, around, publicAddress);
  const isDead = hops.some(({ kind, state }) => kind === 'route' && state === 'blocked');
  const dead = blocked(
    message('{0} has no way to {1}: no route to the internet and no endpoint', around.subnet.id, service),
  );
  return [
    ...leaving(place, anyoneIn(everyone)),
    ...hops,
    hop('service', service, isDead ? dead : open(message('{0} answers on the internet', service))),
  ];
}

function throughGatewayEndpoint(place: Place, endpoint: Endpoint, service: AwsService): Hop[] {
  const { table } = place.around;
  const route = table.routes.find(({ target }) => target === endpoint.id);
  const lists = route?.destination.startsWith('pl-') ? [route.destination] : [];
  const peer = { ...anyoneIn(anywhere.ipv4), prefixLists: lists };
  const verdict =
    route && !route.active ? blocked(message('{0} leads to {1}, which is gone', table.id, endpoint.id)) : undefined;
  return [
    ...leaving(place, peer),
    hop('route', table.id, verdict ?? open(message('{0} leads to {1}', table.id, endpoint.id))),
    hop('endpoint', endpoint.id, stateOfEndpoint(endpoint)),
    hop('service', service, open(message('{0} answers through {1}', service, endpoint.id))),
  ];
}

function throughInterface(place: Place, endpoint: Endpoint, service: AwsService): Hop[] {
  const { network, securityGroups, around } = place;
  const subnets = network.subnets.known ? network.subnets.value.filter(({ id }) => endpoint.subnets.includes(id)) : [];
  const ranges = subnets.flatMap(({ cidr }) => cidr ?? []);
  const task = peerAt(around.subnet.id, around.subnet.cidr ? [around.subnet.cidr] : [], securityGroups);
  const lets = groupsLet(network, endpoint.groups, { direction: 'in', protocol: 'tcp', port: 443, peer: task });
  const entering = subnets
    .filter(({ id }) => id !== around.subnet.id)
    .map(({ id }) =>
      aclLets(network, {
        ...{ subnet: id, direction: 'in', protocol: 'tcp', port: 443, clientPorts: ephemeral.linux },
        ...{ ranges: task.ranges, isAnyone: false },
      }),
    );
  const acl = decisive(entering.map(({ id, verdict }) => ({ ...verdict, id })));
  return [
    ...leaving(place, peerAt(endpoint.id, ranges, endpoint.groups)),
    ...(acl ? [hop('networkAcl', acl.id, acl)] : []),
    hop('securityGroup', endpoint.groups.join(', '), lets),
    hop('endpoint', endpoint.id, stateOfEndpoint(endpoint)),
    hop('service', service, open(message('{0} answers through {1}', service, endpoint.id))),
  ];
}

function stateOfEndpoint({ id, service, state }: Endpoint): Verdict {
  // EC2 answers `available`, the older form of the same word is `Available`.
  return state.toLowerCase() === 'available'
    ? open(message('{0} is an endpoint of {1}', id, service))
    : blocked(message('{0} is {1}', id, state));
}

/** Out of the task's security groups and, unless the other side is in the same subnet, through its ACL. */
function leaving({ network, securityGroups, around }: Place, peer: Peer): Hop[] {
  const lets = groupsLet(network, securityGroups, { direction: 'out', protocol: 'tcp', port: 443, peer });
  const ranges = peer.ranges.filter((range) => range !== around.subnet.cidr);
  const acl = aclLets(network, {
    ...{ subnet: around.subnet.id, direction: 'out', protocol: 'tcp', port: 443, clientPorts: ephemeral.linux },
    ...{ ranges, isAnyone: peer.isAnyone },
  });
  return [
    // Without one, the task gets the default group of the VPC, which nobody has asked for.
    ...(securityGroups.length > 0 ? [hop('securityGroup', securityGroups.join(', '), lets)] : []),
    ...(ranges.length > 0 ? [hop('networkAcl', acl.id, acl.verdict)] : []),
  ];
}
