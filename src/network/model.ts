/*
 * Networks as AWS describes them: plain data, which can be written to a file and read again. Names of members follow
 * the EC2 and ELBv2 API where it has a good one.
 */

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  readonly zone: string;
  /** Undefined for a subnet of IPv6 alone. */
  readonly cidr: string | undefined;
  readonly ipv6Cidr?: string | undefined;
  /** Its tag `Name`. */
  readonly name?: string | undefined;
}

export interface Route {
  /** A CIDR block or the id of a prefix list. */
  readonly destination: string;
  /** `local`, or the id of what it leads to: `igw-…`, `nat-…`, `vpce-…`, `tgw-…` … */
  readonly target: string;
  /** False for a black hole: what it led to is gone. */
  readonly active: boolean;
}

export interface RouteTable {
  readonly id: string;
  readonly vpc: string;
  /** The table of every subnet of the VPC that is in no other. */
  readonly main: boolean;
  readonly subnets: readonly string[];
  readonly routes: readonly Route[];
}

/** One rule of a security group, with all that it lets through. */
export interface Permission {
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for everything. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** IPv4 and IPv6. */
  readonly cidrs: readonly string[];
  /** Ids of security groups. */
  readonly groups: readonly string[];
  readonly prefixLists: readonly string[];
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly ingress: readonly Permission[];
  readonly egress: readonly Permission[];
}

export interface AclEntry {
  readonly number: number;
  readonly egress: boolean;
  /** A number of IANA's (6 is TCP), or `-1` for everything. */
  readonly protocol: string;
  readonly allow: boolean;
  readonly cidr: string;
  /** Undefined: every port. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface NetworkAcl {
  readonly id: string;
  readonly subnets: readonly string[];
  readonly entries: readonly AclEntry[];
}

export interface Endpoint {
  readonly id: string;
  readonly vpc: string;
  /** `com.amazonaws.REGION.ecr.api` … */
  readonly service: string;
  /** Interface or Gateway; others lead nowhere that a task goes. */
  readonly type: string;
  /** `available`, `pending` … */
  readonly state: string;
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  readonly routeTables: readonly string[];
  /** Whether the service's usual name leads to the endpoint. */
  readonly privateDns: boolean;
}

export interface NatGateway {
  readonly id: string;
  readonly subnet: string;
  /** `available`, `pending`, `failed`, `deleted` … */
  readonly state: string;
  /** False for one that leads to other networks only. */
  readonly isPublic: boolean;
}

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  /** Undefined for a list that was not read: AWS's own. */
  readonly cidrs: readonly string[] | undefined;
}

/** An elastic network interface, as a task in awsvpc mode has one. */
export interface NetworkInterface {
  readonly id: string;
  readonly subnet: string | undefined;
  readonly vpc: string | undefined;
  readonly privateAddress: string | undefined;
  readonly publicAddress: string | undefined;
  readonly securityGroups: readonly { readonly id: string; readonly name: string }[];
}

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  /** `internet-facing` or `internal`. */
  readonly scheme: string;
  /** `application`, `network` or `gateway`. */
  readonly type: string;
  /** `active`, `provisioning`, `active_impaired` or `failed`. */
  readonly state: string;
  readonly subnets: readonly string[];
  /** None: a network load balancer that filters nothing. */
  readonly securityGroups: readonly string[];
  readonly dualStack: boolean;
}

export interface Listener {
  readonly arn: string;
  readonly loadBalancer: string;
  readonly port: number;
  /** HTTP, HTTPS, TCP, TLS, UDP … */
  readonly protocol: string;
  /** ARNs of the target groups that its default action forwards to. */
  readonly targetGroups: readonly string[];
}

/** A rule of a listener, other than its default action. */
export interface Rule {
  readonly listener: string;
  readonly priority: string;
  /** `path-pattern: /api/*` … */
  readonly conditions: readonly string[];
  readonly targetGroups: readonly string[];
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port: number | undefined;
  readonly vpc: string | undefined;
  /** `ip`, `instance`, `lambda` or `alb`. */
  readonly targetType: string;
  readonly loadBalancers: readonly string[];
  readonly health: {
    readonly protocol: string;
    /** `traffic-port` or a number. */
    readonly port: string;
    readonly path: string | undefined;
    readonly matcher: string | undefined;
    /** Seconds. */
    readonly interval: number;
    readonly unhealthyThreshold: number;
  };
}

/** One target of a target group. */
export interface Target {
  /** Address or EC2 instance. */
  readonly id: string;
  readonly port: number | undefined;
  /** initial, healthy, unhealthy, draining, unused, unavailable … */
  readonly state: string;
  /** AWS's code: `Target.ResponseCodeMismatch` … */
  readonly reason: string | undefined;
  readonly description: string | undefined;
}
