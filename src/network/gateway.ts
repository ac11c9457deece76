/** One listener of a load balancer. */
export interface Listener {
  readonly port: number;
  /** HTTP, HTTPS, TCP, TLS … */
  readonly protocol: string;
}

export interface LoadBalancer {
  readonly arn: string;
  readonly dnsName: string;
  /** `internet-facing` or `internal`. */
  readonly scheme: string;
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

/** An elastic network interface, as a task in awsvpc mode has one. */
export interface NetworkInterface {
  readonly id: string;
  readonly subnet: string | undefined;
  readonly vpc: string | undefined;
  readonly privateAddress: string | undefined;
  readonly publicAddress: string | undefined;
  readonly securityGroups: readonly { readonly id: string; readonly name: string }[];
}

/** Load balancers and network interfaces, as far as the way into a service needs them. */
export interface NetworkGateway {
  /** DescribeTargetGroups: the ARNs of the load balancers in front of these target groups. */
  loadBalancersOf(targetGroups: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** DescribeLoadBalancers. */
  describeLoadBalancers(arns: readonly string[], signal: AbortSignal): Promise<readonly LoadBalancer[]>;
  /** DescribeListeners of one load balancer. */
  describeListeners(loadBalancer: string, signal: AbortSignal): Promise<readonly Listener[]>;
  /** DescribeNetworkInterfaces: the public address of an interface, if it has one. */
  publicAddressOf(networkInterface: string, signal: AbortSignal): Promise<string | undefined>;
  /** DescribeInstances: the public address of an EC2 instance, if it has one. */
  publicAddressOfInstance(instance: string, signal: AbortSignal): Promise<string | undefined>;
  /** DescribeTargetHealth of one target group. */
  targetHealth(targetGroup: string, signal: AbortSignal): Promise<readonly Target[]>;
  /** DescribeNetworkInterfaces: security groups and addresses of an interface. */
  describeNetworkInterface(networkInterface: string, signal: AbortSignal): Promise<NetworkInterface | undefined>;
}
