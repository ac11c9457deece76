import type { Endpoint, NatGateway, NetworkAcl, RouteTable, SecurityGroup, Subnet } from './model';

/** VPCs: one method per operation of EC2, every method throws `GantryError`. */
export interface VpcGateway {
  /** DescribeSubnets. */
  describeSubnets(ids: readonly string[], signal: AbortSignal): Promise<readonly Subnet[]>;
  /** DescribeRouteTables of a VPC. */
  describeRouteTables(vpc: string, signal: AbortSignal): Promise<readonly RouteTable[]>;
  /** DescribeSecurityGroups. */
  describeSecurityGroups(ids: readonly string[], signal: AbortSignal): Promise<readonly SecurityGroup[]>;
  /** DescribeNetworkAcls of a VPC. */
  describeNetworkAcls(vpc: string, signal: AbortSignal): Promise<readonly NetworkAcl[]>;
  /** DescribeVpcEndpoints of a VPC. */
  describeEndpoints(vpc: string, signal: AbortSignal): Promise<readonly Endpoint[]>;
  /** DescribeNatGateways of a VPC. */
  describeNatGateways(vpc: string, signal: AbortSignal): Promise<readonly NatGateway[]>;
  /** DescribeManagedPrefixLists: ids, names, and whether a list is AWS's own. */
  describePrefixLists(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly { readonly id: string; readonly name: string; readonly isAws: boolean }[]>;
  /** GetManagedPrefixListEntries: the ranges of a list. */
  listPrefixes(list: string, signal: AbortSignal): Promise<readonly string[]>;
}
