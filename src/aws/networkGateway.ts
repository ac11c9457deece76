import { DescribeInstancesCommand, DescribeNetworkInterfacesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type Action,
  type ElasticLoadBalancingV2Client,
  type RuleCondition,
  type TargetGroup as SdkTargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { allPages } from '../core/paging';
import type { NetworkGateway } from '../network/gateway';
import type { Listener, LoadBalancer, NetworkInterface, Rule, Target, TargetGroup } from '../network/model';
import type { Caller } from './caller';

/** ELBv2 and EC2 over the AWS SDK. */
export class SdkNetworkGateway implements NetworkGateway {
  constructor(
    private readonly elb: ElasticLoadBalancingV2Client,
    private readonly ec2: EC2Client,
    private readonly caller: Caller,
  ) {}

  async describeTargetGroups(arns: readonly string[], signal: AbortSignal): Promise<readonly TargetGroup[]> {
    const input = { TargetGroupArns: [...arns] };
    const answer = await this.caller.call('elasticloadbalancing:DescribeTargetGroups', 'other', signal, (options) =>
      this.elb.send(new DescribeTargetGroupsCommand(input), options),
    );
    return (answer.TargetGroups ?? []).map(toTargetGroup);
  }

  listTargetGroups(signal: AbortSignal): Promise<readonly TargetGroup[]> {
    return allPages(async (Marker) => {
      const answer = await this.caller.call('elasticloadbalancing:DescribeTargetGroups', 'other', signal, (options) =>
        this.elb.send(new DescribeTargetGroupsCommand({ PageSize: 400, Marker }), options),
      );
      return { items: (answer.TargetGroups ?? []).map(toTargetGroup), nextToken: answer.NextMarker };
    });
  }

  async describeLoadBalancers(arns: readonly string[], signal: AbortSignal): Promise<readonly LoadBalancer[]> {
    const input = { LoadBalancerArns: [...arns] };
    const answer = await this.caller.call('elasticloadbalancing:DescribeLoadBalancers', 'other', signal, (options) =>
      this.elb.send(new DescribeLoadBalancersCommand(input), options),
    );
    return (answer.LoadBalancers ?? []).map((from) => ({
      ...{ arn: from.LoadBalancerArn ?? '', name: from.LoadBalancerName ?? '', dnsName: from.DNSName ?? '' },
      ...{ scheme: from.Scheme ?? '', type: from.Type ?? '', state: from.State?.Code ?? '' },
      subnets: (from.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
      securityGroups: from.SecurityGroups ?? [],
      dualStack: from.IpAddressType?.startsWith('dualstack') ?? false,
    }));
  }

  async describeListeners(loadBalancer: string, signal: AbortSignal): Promise<readonly Listener[]> {
    const input = { LoadBalancerArn: loadBalancer };
    const answer = await this.caller.call('elasticloadbalancing:DescribeListeners', 'other', signal, (options) =>
      this.elb.send(new DescribeListenersCommand(input), options),
    );
    return (answer.Listeners ?? []).map(({ ListenerArn, Port, Protocol, DefaultActions }) => ({
      ...{ arn: ListenerArn ?? '', loadBalancer, port: Port ?? 0, protocol: Protocol ?? '' },
      targetGroups: forwardedTo(DefaultActions),
    }));
  }

  async describeRules(listener: string, signal: AbortSignal): Promise<readonly Rule[]> {
    const input = { ListenerArn: listener };
    const answer = await this.caller.call('elasticloadbalancing:DescribeRules', 'other', signal, (options) =>
      this.elb.send(new DescribeRulesCommand(input), options),
    );
    return (answer.Rules ?? [])
      .filter(({ IsDefault }) => !IsDefault)
      .map(({ Priority, Conditions, Actions }) => ({
        ...{ listener, priority: Priority ?? '', targetGroups: forwardedTo(Actions) },
        conditions: (Conditions ?? []).map(conditionText),
      }));
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

function forwardedTo(actions: readonly Action[] = []): string[] {
  return actions.flatMap(({ TargetGroupArn, ForwardConfig }) => {
    const weighted = (ForwardConfig?.TargetGroups ?? []).flatMap((group) => group.TargetGroupArn ?? []);
    return [...new Set([...weighted, ...(TargetGroupArn ? [TargetGroupArn] : [])])];
  });
}

/** A condition has its values in `Values`, or in the member that is called after its field. */
function conditionText({ Field = '', Values = [], QueryStringConfig, ...configs }: RuleCondition): string {
  const nested = Object.values(configs).flatMap((config) =>
    typeof config === 'object' && 'Values' in config ? (config.Values ?? []) : [],
  );
  const queries = (QueryStringConfig?.Values ?? []).map(({ Key, Value }) => `${Key ?? ''}=${Value ?? ''}`);
  return `${Field}: ${[...new Set([...Values, ...nested, ...queries])].join(', ')}`;
}

function toTargetGroup(from: SdkTargetGroup): TargetGroup {
  return {
    ...{ arn: from.TargetGroupArn ?? '', name: from.TargetGroupName ?? '', protocol: from.Protocol ?? '' },
    ...{ port: from.Port, vpc: from.VpcId, targetType: from.TargetType ?? 'instance' },
    loadBalancers: from.LoadBalancerArns ?? [],
    health: {
      ...{ protocol: from.HealthCheckProtocol ?? '', port: from.HealthCheckPort ?? 'traffic-port' },
      ...{ path: from.HealthCheckPath, matcher: from.Matcher?.HttpCode ?? from.Matcher?.GrpcCode },
      ...{ interval: from.HealthCheckIntervalSeconds ?? 30, unhealthyThreshold: from.UnhealthyThresholdCount ?? 2 },
    },
  };
}
