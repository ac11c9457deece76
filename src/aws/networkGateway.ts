import { DescribeInstancesCommand, DescribeNetworkInterfacesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Listener, LoadBalancer, NetworkGateway } from '../network/gateway';
import type { Caller } from './caller';

/** ELBv2 and EC2 over the AWS SDK. */
export class SdkNetworkGateway implements NetworkGateway {
  constructor(
    private readonly elb: ElasticLoadBalancingV2Client,
    private readonly ec2: EC2Client,
    private readonly caller: Caller,
  ) {}

  async loadBalancersOf(targetGroups: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const input = { TargetGroupArns: [...targetGroups] };
    const answer = await this.caller.call('elasticloadbalancing:DescribeTargetGroups', 'other', signal, (options) =>
      this.elb.send(new DescribeTargetGroupsCommand(input), options),
    );
    return [...new Set((answer.TargetGroups ?? []).flatMap(({ LoadBalancerArns }) => LoadBalancerArns ?? []))];
  }

  async describeLoadBalancers(arns: readonly string[], signal: AbortSignal): Promise<readonly LoadBalancer[]> {
    const input = { LoadBalancerArns: [...arns] };
    const answer = await this.caller.call('elasticloadbalancing:DescribeLoadBalancers', 'other', signal, (options) =>
      this.elb.send(new DescribeLoadBalancersCommand(input), options),
    );
    return (answer.LoadBalancers ?? []).map((from) => ({
      arn: from.LoadBalancerArn ?? '',
      dnsName: from.DNSName ?? '',
      scheme: from.Scheme ?? '',
    }));
  }

  async describeListeners(loadBalancer: string, signal: AbortSignal): Promise<readonly Listener[]> {
    const input = { LoadBalancerArn: loadBalancer };
    const answer = await this.caller.call('elasticloadbalancing:DescribeListeners', 'other', signal, (options) =>
      this.elb.send(new DescribeListenersCommand(input), options),
    );
    return (answer.Listeners ?? []).map(({ Port, Protocol }) => ({ port: Port ?? 0, protocol: Protocol ?? '' }));
  }

  async publicAddressOf(networkInterface: string, signal: AbortSignal): Promise<string | undefined> {
    const input = { NetworkInterfaceIds: [networkInterface] };
    const answer = await this.caller.call('ec2:DescribeNetworkInterfaces', 'other', signal, (options) =>
      this.ec2.send(new DescribeNetworkInterfacesCommand(input), options),
    );
    return answer.NetworkInterfaces?.[0]?.Association?.PublicIp;
  }

  async publicAddressOfInstance(instance: string, signal: AbortSignal): Promise<string | undefined> {
    const input = { InstanceIds: [instance] };
    const answer = await this.caller.call('ec2:DescribeInstances', 'other', signal, (options) =>
      this.ec2.send(new DescribeInstancesCommand(input), options),
    );
    const found = answer.Reservations?.[0]?.Instances?.[0];
    return found?.PublicDnsName || found?.PublicIpAddress;
  }
}
