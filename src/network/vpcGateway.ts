import type { Endpoint, NatGateway, NetworkAcl, RouteTable, SecurityGroup, Subnet } from './model';

/** A rule that lets somebody in. */
export interface IngressRule {
  readonly securityGroup: string;
  /** `tcp`, `udp` or `-1`. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  /** A security group’s id, or a range such as `10.0.0.0/16`. */
  readonly source: string;
}

/** A network, as one is chosen. */
export interface Vpc {
  readonly id: string;
  /** Its tag `Name`. */
  readonly name: string | undefined;
  readonly cidr: string;
  readonly isDefault: boolean;
}

/** VPCs: one method per operation of EC2, every method throws `GantryError`. */
export interface VpcGateway {
  /** DescribeVpcs. */
  describeVpcs(signal: AbortSignal): Promise<readonly Vpc[]>;
  /** DescribeSubnets of a VPC. */
  describeSubnetsOf(vpc: string, signal: AbortSignal): Promise<readonly Subnet[]>;
  /** DescribeSecurityGroups of a VPC. */
  describeSecurityGroupsOf(vpc: string, signal: AbortSignal): Promise<readonly SecurityGroup[]>;
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
  /** AuthorizeSecurityGroupIngress of one rule. */
  allowIngress(rule: IngressRule, signal: AbortSignal): Promise<void>;
}
