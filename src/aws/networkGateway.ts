import { DescribeInstancesCommand, DescribeNetworkInterfacesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Listener, LoadBalancer, NetworkGateway, NetworkInterface, Target } from '../network/gateway';
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
    return (await this.describeNetworkInterface(networkInterface, signal))?.publicAddress;
  }

  async describeNetworkInterface(id: string, signal: AbortSignal): Promise<NetworkInterface | undefined> {
    const input = { NetworkInterfaceIds: [id] };
    const answer = await this.caller.call('ec2:DescribeNetworkInterfaces', 'other', signal, (options) =>
      this.ec2.send(new DescribeNetworkInterfacesCommand(input), options),
    );
    const found = answer.NetworkInterfaces?.[0];
    return (
      found && {
        id,
        subnet: found.SubnetId,
        vpc: found.VpcId,
        privateAddress: found.PrivateIpAddress,
        publicAddress: found.Association?.PublicIp,
        securityGroups: (found.Groups ?? []).map(({ GroupId, GroupName }) => ({
          id: GroupId ?? '',
          name: GroupName ?? '',
        })),
      }
    );
  }

  async targetHealth(targetGroup: string, signal: AbortSignal): Promise<readonly Target[]> {
    const input = { TargetGroupArn: targetGroup };
    const answer = await this.caller.call('elasticloadbalancing:DescribeTargetHealth', 'other', signal, (options) =>
      this.elb.send(new DescribeTargetHealthCommand(input), options),
    );
    return (answer.TargetHealthDescriptions ?? []).map(({ Target: target, TargetHealth }) => ({
      id: target?.Id ?? '',
      port: target?.Port,
      state: TargetHealth?.State ?? 'unknown',
      reason: TargetHealth?.Reason,
      description: TargetHealth?.Description,
    }));
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
