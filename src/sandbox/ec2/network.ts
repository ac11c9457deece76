import type { Place } from '../place';

export interface Vpc {
  readonly id: string;
  readonly cidr: string;
  /** Made by somebody; the one of a new account is not. */
  readonly own?: boolean;
  readonly dns?: { support: boolean; hostnames: boolean };
}

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  readonly zone: string;
  readonly cidr: string;
  readonly own?: boolean;
  /** Instances get a public address. True for those of a new account. */
  publicIp?: boolean;
}

export interface Permission {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
  /** Ids of security groups. */
  readonly groups?: readonly string[];
  /** Ids of prefix lists. */
  readonly lists?: readonly string[];
  readonly description?: string | undefined;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpc: string;
  readonly ingress: Permission[];
  /** Everything, if nobody has changed it. */
  egress?: Permission[];
}

/** A destination and what leads there, in EC2's own members: `{ DestinationCidrBlock, GatewayId, … }`. */
export type Route = Readonly<Record<string, string>>;

export interface RouteTable {
  readonly id: string;
  readonly vpc: string;
  routes: Route[];
  /** Association id → subnet; undefined for the main table of its VPC. */
  readonly associations: Map<string, string | undefined>;
}

export interface AclEntry {
  readonly RuleNumber: number;
  readonly Egress: boolean;
  readonly Protocol: string;
  readonly RuleAction: string;
  readonly CidrBlock?: string | undefined;
  readonly Ipv6CidrBlock?: string | undefined;
  readonly PortRange?: { readonly From?: number; readonly To?: number } | undefined;
  readonly IcmpTypeCode?: { readonly Code?: number; readonly Type?: number } | undefined;
}

export interface NetworkAcl {
  readonly id: string;
  readonly vpc: string;
  readonly isDefault: boolean;
  entries: AclEntry[];
  /** Association id → subnet. */
  readonly associations: Map<string, string>;
}

export interface Gateway {
  readonly id: string;
  vpc: string | undefined;
}

export interface NatGateway {
  readonly id: string;
  readonly subnet: string;
  readonly vpc: string;
  readonly connectivity: string;
  readonly allocation?: string | undefined;
  readonly address: string;
  readonly createdAt: number;
  deletedAt?: number;
}

export interface Endpoint {
  readonly id: string;
  readonly vpc: string;
  readonly type: string;
  readonly service: string;
  routeTables: readonly string[];
  subnets: readonly string[];
  groups: readonly string[];
  privateDns: boolean;
  policy: string | undefined;
  readonly createdAt: number;
}

export interface OwnEni {
  readonly id: string;
  readonly subnet: string;
  readonly ip: string;
  readonly mac: string;
  readonly description: string;
  readonly groups: readonly string[];
}

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly max: number;
  readonly owner: string;
  version: number;
  entries: { readonly Cidr: string; readonly Description?: string | undefined }[];
}

/** What somebody has made besides subnets and security groups, by id. */
export interface NetworkParts {
  readonly routeTables: Map<string, RouteTable>;
  readonly acls: Map<string, NetworkAcl>;
  readonly gateways: Map<string, Gateway>;
  readonly nats: Map<string, NatGateway>;
  readonly endpoints: Map<string, Endpoint>;
  readonly enis: Map<string, OwnEni>;
  readonly prefixLists: Map<string, PrefixList>;
  readonly addresses: Map<string, { readonly id: string; readonly ip: string }>;
  /** Of everything that EC2 names, by id. */
  readonly tags: Map<string, Map<string, string>>;
}

/** The account's network, all by id. */
export interface Network {
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly groups: Map<string, SecurityGroup>;
  readonly internetGateway: string;
  readonly routeTable: string;
  /** Made when it is first asked for: see `partsOf`. */
  parts?: NetworkParts;
}

export const defaultVpc = 'vpc-0a1b2c3d4e5f60718';
/** In two zones, as load balancers want it. */
export const defaultSubnets = ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'] as const;
export const defaultGroup = 'sg-0a1b2c3d4e5f60718';

/** A new account's network: the default VPC with a public subnet in each of two zones. The ids are always the same. */
export function defaultNetwork({ region }: Place): Network {
  const [first, second] = defaultSubnets;
  const subnet = (id: string, zone: string, cidr: string): [string, Subnet] => [
    id,
    { id, vpc: defaultVpc, zone: `${region}${zone}`, cidr },
  ];
  const group: SecurityGroup = {
    id: defaultGroup,
    name: 'default',
    description: 'default VPC security group',
    vpc: defaultVpc,
    ingress: [{ protocol: 'tcp', from: 80, to: 80, cidrs: ['0.0.0.0/0'] }],
  };
  return {
    vpcs: new Map([[defaultVpc, { id: defaultVpc, cidr: '10.0.0.0/16' }]]),
    subnets: new Map([subnet(first, 'a', '10.0.0.0/17'), subnet(second, 'b', '10.0.128.0/17')]),
    groups: new Map([[defaultGroup, group]]),
    internetGateway: 'igw-0a1b2c3d4e5f60718',
    routeTable: 'rtb-0a1b2c3d4e5f60718',
  };
}
