import { message } from '../core/message';
import { anywhere } from './cidr';
import { isPublic } from './gateways';
import { blocked, hop, open, type Hop } from './hop';
import type { Network } from './network';
import { aclLets, ephemeral } from './networkAcl';
import { anyoneIn } from './peer';
import { groupsLet } from './securityGroups';

/** A task that is asked by its own address, with no load balancer in front. */
export interface DirectArrival {
  readonly subnet: string;
  readonly securityGroups: readonly string[];
  readonly hasPublicAddress: boolean;
  /** Interface or subnet, for the hop's name. */
  readonly at: string;
  readonly container: string;
  readonly port: number;
}

/** The way from the internet to a port of a task in awsvpc mode that stands behind no load balancer. */
export function directWayIn(network: Network, arrival: DirectArrival): Hop[] {
  const { subnet, securityGroups, hasPublicAddress, at, container, port } = arrival;
  const peer = anyoneIn(anywhere.ipv4);
  const acl = aclLets(network, {
    ...{ subnet, direction: 'in', protocol: 'tcp', port, clientPorts: ephemeral.aws },
    ...{ ranges: peer.ranges, isAnyone: true },
  });
  const lets = groupsLet(network, securityGroups, { direction: 'in', protocol: 'tcp', port, peer });
  return [
    hop('client', 'internet', open(message('Anybody on the internet'))),
    hop('subnet', subnet, isPublic(network, subnet)),
    hop('networkAcl', acl.id, acl.verdict),
    ...(securityGroups.length > 0 ? [hop('securityGroup', securityGroups.join(', '), lets)] : []),
    hop(
      'networkInterface',
      at,
      hasPublicAddress
        ? open(message('{0} has a public address', at))
        : blocked(message('{0} has no public address', at)),
    ),
    hop('containerPort', String(port), open(message('“{0}” listens on {1}', container, port))),
  ];
}
