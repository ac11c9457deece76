import { contains, prefixLength } from './cidr';
import type { HopKind } from './hop';
import type { Route, RouteTable } from './model';

/** The route table of a subnet: its own, else the main one of its VPC. */
export function tableOf(tables: readonly RouteTable[], subnet: string, vpc: string): RouteTable | undefined {
  return (
    tables.find(({ subnets }) => subnets.includes(subnet)) ?? tables.find((table) => table.main && table.vpc === vpc)
  );
}

/** The route that traffic to a range takes: the one with the longest prefix of those that cover all of it. */
export function routeTo(table: RouteTable, range: string): Route | undefined {
  return table.routes
    .filter(({ destination }) => contains(destination, range))
    .sort((a, b) => prefixLength(b.destination) - prefixLength(a.destination))[0];
}

/** What a route leads to, by the form of its id. */
export function kindOfTarget(target: string): HopKind {
  if (target.startsWith('igw-')) return 'internetGateway';
  if (target.startsWith('nat-')) return 'natGateway';
  if (target.startsWith('vpce-')) return 'endpoint';
  return 'otherGateway';
}
