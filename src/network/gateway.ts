import type { Listener, LoadBalancer, NetworkInterface, Rule, Target, TargetGroup } from './model';

/** Load balancers and network interfaces: one method per API operation, every method throws `GantryError`. */
export interface NetworkGateway {
  /** DescribeTargetGroups. */
  describeTargetGroups(arns: readonly string[], signal: AbortSignal): Promise<readonly TargetGroup[]>;
  /** DescribeTargetGroups, all pages. */
  listTargetGroups(signal: AbortSignal): Promise<readonly TargetGroup[]>;
  /** DescribeLoadBalancers. */
  describeLoadBalancers(arns: readonly string[], signal: AbortSignal): Promise<readonly LoadBalancer[]>;
  /** DescribeListeners of one load balancer. */
  describeListeners(loadBalancer: string, signal: AbortSignal): Promise<readonly Listener[]>;
  /** DescribeRules of one listener, without the default one. */
  describeRules(listener: string, signal: AbortSignal): Promise<readonly Rule[]>;
  /** DescribeTargetHealth of one target group. */
  targetHealth(targetGroup: string, signal: AbortSignal): Promise<readonly Target[]>;
  /** DescribeInstances: the public address of an EC2 instance, if it has one. */
  publicAddressOfInstance(instance: string, signal: AbortSignal): Promise<string | undefined>;
  /** DescribeNetworkInterfaces: security groups and addresses of an interface. */
  describeNetworkInterface(networkInterface: string, signal: AbortSignal): Promise<NetworkInterface | undefined>;
}
