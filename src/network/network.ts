import type { Known } from './known';
import type {
  Endpoint,
  Listener,
  LoadBalancer,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  Rule,
  SecurityGroup,
  Subnet,
  Target,
  TargetGroup,
} from './model';

/** What AWS says about the network around some tasks. Whatever could not be read is a gap with its reason. */
export interface Network {
  readonly subnets: Known<readonly Subnet[]>;
  readonly routeTables: Known<readonly RouteTable[]>;
  readonly securityGroups: Known<readonly SecurityGroup[]>;
  readonly networkAcls: Known<readonly NetworkAcl[]>;
  readonly endpoints: Known<readonly Endpoint[]>;
  readonly natGateways: Known<readonly NatGateway[]>;
  readonly prefixLists: Known<readonly PrefixList[]>;
  readonly networkInterfaces: Known<readonly NetworkInterface[]>;
  readonly loadBalancers: Known<readonly LoadBalancer[]>;
  readonly listeners: Known<readonly Listener[]>;
  readonly rules: Known<readonly Rule[]>;
  readonly targetGroups: Known<readonly TargetGroup[]>;
  /** By the ARN of the target group. */
  readonly targets: Known<Readonly<Record<string, readonly Target[]>>>;
}
