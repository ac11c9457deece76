import type { Place } from '../place';

export interface Vpc {
  readonly id: string;
  readonly cidr: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  readonly zone: string;
  readonly cidr: string;
}

export interface Permission {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
  /** Ids of security groups. */
  readonly groups?: readonly string[];
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

/** The account's network, all by id. */
export interface Network {
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly groups: Map<string, SecurityGroup>;
  readonly internetGateway: string;
  readonly routeTable: string;
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
