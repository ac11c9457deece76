import { message } from '../core/message';
import { absent, blocked, decisive, hop, open, unknown, unread, type Hop, type Verdict } from './hop';
import type { LoadBalancer, Subnet, TargetGroup } from './model';
import type { Network } from './network';
import { aclLets, ephemeral } from './networkAcl';
import { peerAt, type Peer } from './peer';
import { groupsLet, type Passage, type Protocol } from './securityGroups';
import { taskHop } from './taskHop';
import type { Arrival } from './wayIn';

/** From the load balancer to the container: two ACLs, two sets of security groups, the interface and the port. */
export function arrivalHops(network: Network, balancer: LoadBalancer, group: TargetGroup, arrival: Arrival): Hop[] {
  const port = hop('containerPort', String(arrival.port), portVerdict(arrival));
  const tasks = arrival.task ? [taskHop(network, arrival.task, group.arn)] : [];
  if (arrival.networkMode !== 'awsvpc') {
    const verdict = unknown(
      message(
        'In {0} mode the network of the container instance decides, which Gantry does not read',
        arrival.networkMode,
      ),
    );
    return [hop('networkInterface', arrival.networkMode, verdict), ...tasks, port];
  }
  if (!network.subnets.known) {
    return [hop('subnet', arrival.subnets.join(', '), unread(network.subnets.gap)), ...tasks, port];
  }
  const all = network.subnets.value;
  const pick = (ids: readonly string[]): Subnet[] => ids.flatMap((id) => all.find((each) => each.id === id) ?? []);
  const protocol: Protocol = group.protocol === 'UDP' ? 'udp' : 'tcp';
  const sides = { from: pick(balancer.subnets), to: pick(arrival.subnets) };
  return [
    ...portsOf(group, arrival).flatMap((port) => groupHops(network, balancer, { ...arrival, port }, sides, protocol)),
    ...aclHops(network, arrival.port, sides, protocol),
    hop('networkInterface', interfaceOf(arrival), interfaceVerdict(network, arrival)),
    ...tasks,
    port,
  ];
}

/** The port of the requests and, where it is another one, that of the health check. */
function portsOf({ health }: TargetGroup, { port }: Arrival): number[] {
  const checked = Number(health.port);
  return Number.isInteger(checked) && checked > 0 && checked !== port ? [port, checked] : [port];
}

interface Sides {
  readonly from: readonly Subnet[];
  readonly to: readonly Subnet[];
}

const rangesOf = (subnets: readonly Subnet[]): string[] =>
  subnets.flatMap(({ cidr, ipv6Cidr }) => cidr ?? ipv6Cidr ?? []);

function groupHops(
  network: Network,
  balancer: LoadBalancer,
  arrival: Arrival,
  { from, to }: Sides,
  protocol: Protocol,
): Hop[] {
  const { port, securityGroups } = arrival;
  const through = (ids: readonly string[], direction: Passage['direction'], peer: Peer): Hop =>
    hop('securityGroup', ids.join(', '), groupsLet(network, ids, { direction, protocol, port, peer }));
  const task = peerAt(securityGroups.join(', '), rangesOf(to), securityGroups);
  const ranges = rangesOf(from);
  const own = balancer.securityGroups;
  const sender = peerAt(own.length > 0 ? own.join(', ') : ranges.join(', '), ranges, own);
  return [
    ...(own.length > 0 ? [through(own, 'out', task)] : []),
    // A task of a service that names no group gets the default group of the VPC, which nobody has asked for.
    ...(securityGroups.length > 0 ? [through(securityGroups, 'in', sender)] : []),
  ];
}

/** ACLs stand between subnets only. */
function aclHops(network: Network, port: number, { from, to }: Sides, protocol: Protocol): Hop[] {
  const found = from.flatMap((sender) =>
    to
      .filter(({ id }) => id !== sender.id)
      .flatMap((receiver) => {
        const common = { protocol, port, clientPorts: ephemeral.aws, isAnyone: false };
        return [
          aclLets(network, { ...common, subnet: sender.id, direction: 'out', ranges: rangesOf([receiver]) }),
          aclLets(network, { ...common, subnet: receiver.id, direction: 'in', ranges: rangesOf([sender]) }),
        ];
      }),
  );
  const acl = decisive(found.map(({ id, verdict }) => ({ ...verdict, id })));
  return acl ? [hop('networkAcl', acl.id, acl)] : [];
}

const interfaceOf = ({ networkInterface, task, subnets }: Arrival): string =>
  networkInterface ?? task?.networkInterface ?? subnets.join(', ');

function interfaceVerdict(network: Network, { networkInterface, address, task, subnets }: Arrival): Verdict {
  if (networkInterface === undefined && task?.networkInterface) {
    // As ECS describes the task; EC2 is asked about the interface of one task only.
    return open(message('{0} has {1} in {2}', task.networkInterface, task.privateAddress ?? '', task.subnet ?? ''));
  }
  if (networkInterface === undefined) return open(message('Each task gets an interface in {0}', subnets.join(', ')));
  if (!network.networkInterfaces.known) return unread(network.networkInterfaces.gap);
  const found = network.networkInterfaces.value.find(({ id }) => id === networkInterface);
  if (!found) return absent(networkInterface);
  return open(message('{0} has {1} in {2}', found.id, address ?? found.privateAddress ?? '', found.subnet ?? ''));
}

function portVerdict({ container, port, containerPorts }: Arrival): Verdict {
  if (containerPorts.includes(port)) return open(message('“{0}” listens on {1}', container, port));
  return containerPorts.length === 0
    ? blocked(message('“{0}” says no port, but requests come on {1}', container, port))
    : blocked(message('“{0}” listens on {1}, but requests come on {2}', container, containerPorts.join(', '), port));
}
