import { interfaceEndpointFor, gatewayEndpointFor } from '../network/endpoints';
import type { Endpoint, RouteTable, Subnet } from '../network/model';
import { kindOfTarget, routeTo, tableOf } from '../network/routes';

/** How a subnet reaches the outside. */
export type SubnetKind =
  /** By an internet gateway: what is in it needs a public address. */
  | 'public'
  /** By a NAT gateway. */
  | 'nat'
  /** Only the services of AWS that a task of ECS needs, by endpoints. */
  | 'endpoints'
  /** Not at all, or by something that Gantry does not know. */
  | 'isolated';

export interface KnownSubnet extends Subnet {
  readonly kind: SubnetKind;
}

/** What a task without a way to the internet needs (Amazon ECR User Guide, "Amazon ECR interface VPC endpoints"). */
const needed = ['ecr.api', 'ecr.dkr', 'logs'] as const;

/** Says of every subnet of a VPC how it reaches the outside. */
export function knowSubnets(
  subnets: readonly Subnet[],
  tables: readonly RouteTable[],
  endpoints: readonly Endpoint[],
): KnownSubnet[] {
  return subnets.map((subnet) => {
    const table = tableOf(tables, subnet.id, subnet.vpc);
    const route = table && routeTo(table, '0.0.0.0/0');
    const leadsTo = route?.active ? kindOfTarget(route.target) : undefined;
    if (leadsTo === 'internetGateway') return { ...subnet, kind: 'public' };
    if (leadsTo === 'natGateway') return { ...subnet, kind: 'nat' };
    const hasEndpoints =
      needed.every((service) => interfaceEndpointFor(endpoints, subnet.vpc, service)) &&
      Boolean(table && gatewayEndpointFor(endpoints, table.id, 's3'));
    return { ...subnet, kind: hasEndpoints ? 'endpoints' : 'isolated' };
  });
}

/** One subnet for each Availability Zone, as a load balancer takes them. */
export function onePerZone<T extends Subnet>(subnets: readonly T[]): T[] {
  return subnets.filter(({ zone }, index) => subnets.findIndex((other) => other.zone === zone) === index);
}
