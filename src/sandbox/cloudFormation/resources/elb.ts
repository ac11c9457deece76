import { type Handling, type ResourceType, changed, firstIn, listOf } from '../handling';
import type { Members, StackTag } from '../types';

async function retag(
  handling: Handling,
  id: string,
  Tags: readonly StackTag[],
  TagKeys: readonly string[],
): Promise<void> {
  const ResourceArns = [id];
  if (Tags.length > 0) await handling.call('elbv2', 'AddTags', { ResourceArns, Tags });
  if (TagKeys.length > 0) await handling.call('elbv2', 'RemoveTags', { ResourceArns, TagKeys });
}

/** Sets what differs. An attribute that a template does not have any more stays as it is, as with CloudFormation. */
async function setAttributes(
  handling: Handling,
  [operation, arn]: readonly [string, Members],
  wanted: unknown,
): Promise<void> {
  const Attributes = listOf<Members>(wanted);
  if (Attributes.length > 0) await handling.call('elbv2', operation, { ...arn, Attributes });
}

const tagged = ({ tags: Tags }: Handling): object => (Tags.length > 0 ? { Tags } : {});

async function balancer(handling: Handling, id: string): Promise<Members> {
  return firstIn(await handling.read('elbv2', 'DescribeLoadBalancers', { LoadBalancerArns: [id] }), 'LoadBalancers');
}

/** AWS::ElasticLoadBalancingV2::LoadBalancer */
const loadBalancer: ResourceType = {
  nameProperty: 'Name',
  elsewhere: [
    ...['EnableCapacityReservationProvisionStabilize', 'EnablePrefixForIpv6SourceNat', 'Ipv4IpamPoolId'],
    ...['EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic', 'MinimumLoadBalancerCapacity'],
  ],
  create: async (handling, properties) => {
    const Name = properties['Name'] ?? handling.name(32);
    const omit = ['Name', 'LoadBalancerAttributes', 'Tags'];
    const input = handling.input('elbv2', 'CreateLoadBalancer', properties, omit);
    const answer = await handling.call('elbv2', 'CreateLoadBalancer', { Name, ...input, ...tagged(handling) });
    const { LoadBalancerArn } = firstIn(answer, 'LoadBalancers');
    handling.made(String(LoadBalancerArn));
    const how = ['ModifyLoadBalancerAttributes', { LoadBalancerArn }] as const;
    await setAttributes(handling, how, properties['LoadBalancerAttributes']);
  },
  attributes: async (handling, id) => {
    const found = await balancer(handling, id);
    const { LoadBalancerName, DNSName, CanonicalHostedZoneId: CanonicalHostedZoneID, SecurityGroups } = found;
    const LoadBalancerFullName = id.slice(id.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
    const names = { LoadBalancerArn: id, LoadBalancerName, LoadBalancerFullName };
    return { ...names, DNSName, CanonicalHostedZoneID, SecurityGroups };
  },
  update: async (handling, LoadBalancerArn, properties, former) => {
    const how = ['ModifyLoadBalancerAttributes', { LoadBalancerArn }] as const;
    if (changed(former, properties, 'LoadBalancerAttributes')) {
      await setAttributes(handling, how, properties['LoadBalancerAttributes']);
    }
    if (changed(former, properties, 'SecurityGroups')) {
      const { SecurityGroups = [] } = properties;
      await handling.call('elbv2', 'SetSecurityGroups', { LoadBalancerArn, SecurityGroups });
    }
    if (changed(former, properties, 'Subnets', 'SubnetMappings')) {
      const { Subnets, SubnetMappings } = properties;
      const given = Subnets === undefined ? { SubnetMappings } : { Subnets };
      const input = handling.input('elbv2', 'SetSubnets', given);
      await handling.call('elbv2', 'SetSubnets', { LoadBalancerArn, ...input });
    }
  },
  remove: async (handling, LoadBalancerArn) => {
    await handling.call('elbv2', 'DeleteLoadBalancer', { LoadBalancerArn });
  },
  retag,
};

/** AWS::ElasticLoadBalancingV2::TargetGroup */
const targetGroup: ResourceType = {
  nameProperty: 'Name',
  elsewhere: ['TargetControlPort'],
  create: async (handling, properties) => {
    const Name = properties['Name'] ?? handling.name(32);
    const omit = ['Name', 'TargetGroupAttributes', 'Targets', 'Tags'];
    const input = handling.input('elbv2', 'CreateTargetGroup', properties, omit);
    const answer = await handling.call('elbv2', 'CreateTargetGroup', { Name, ...input, ...tagged(handling) });
    const { TargetGroupArn } = firstIn(answer, 'TargetGroups');
    handling.made(String(TargetGroupArn));
    const how = ['ModifyTargetGroupAttributes', { TargetGroupArn }] as const;
    await setAttributes(handling, how, properties['TargetGroupAttributes']);
    await setTargets(handling, String(TargetGroupArn), properties, {});
  },
  attributes: async (handling, id) => {
    const input = { TargetGroupArns: [id] };
    const found = firstIn(await handling.read('elbv2', 'DescribeTargetGroups', input), 'TargetGroups');
    const { TargetGroupName, LoadBalancerArns } = found;
    const TargetGroupFullName = id.slice(id.indexOf(':targetgroup/') + 1);
    return { TargetGroupArn: id, TargetGroupName, TargetGroupFullName, LoadBalancerArns };
  },
  update: async (handling, TargetGroupArn, properties, former) => {
    const fixed = ['Name', 'TargetGroupAttributes', 'Targets', 'Tags', 'TargetType', 'ProtocolVersion', 'Port'];
    const omit = [...fixed, 'VpcId', 'Protocol', 'IpAddressType'];
    const input = handling.input('elbv2', 'ModifyTargetGroup', properties, omit);
    if (Object.keys(input).length > 0) await handling.call('elbv2', 'ModifyTargetGroup', { TargetGroupArn, ...input });
    const how = ['ModifyTargetGroupAttributes', { TargetGroupArn }] as const;
    if (changed(former, properties, 'TargetGroupAttributes')) {
      await setAttributes(handling, how, properties['TargetGroupAttributes']);
    }
    await setTargets(handling, TargetGroupArn, properties, former);
  },
  remove: async (handling, TargetGroupArn) => {
    await handling.call('elbv2', 'DeleteTargetGroup', { TargetGroupArn });
  },
  retag,
};

async function setTargets(handling: Handling, TargetGroupArn: string, after: Members, before: Members): Promise<void> {
  const texts = (properties: Members): string[] =>
    listOf<Members>(properties['Targets']).map((one) => JSON.stringify(one));
  const targets = (wanted: readonly string[]): object[] => wanted.map((text) => JSON.parse(text) as object);
  const gone = texts(before).filter((one) => !texts(after).includes(one));
  const added = texts(after).filter((one) => !texts(before).includes(one));
  if (gone.length > 0) await handling.call('elbv2', 'DeregisterTargets', { TargetGroupArn, Targets: targets(gone) });
  if (added.length > 0) await handling.call('elbv2', 'RegisterTargets', { TargetGroupArn, Targets: targets(added) });
}

/** AWS::ElasticLoadBalancingV2::Listener */
const listener: ResourceType = {
  create: async (handling, properties) => {
    const input = handling.input('elbv2', 'CreateListener', properties, ['ListenerAttributes', 'Tags']);
    const answer = await handling.call('elbv2', 'CreateListener', { ...input, ...tagged(handling) });
    const { ListenerArn } = firstIn(answer, 'Listeners');
    handling.made(String(ListenerArn));
    const how = ['ModifyListenerAttributes', { ListenerArn }] as const;
    await setAttributes(handling, how, properties['ListenerAttributes']);
  },
  attributes: (_, ListenerArn) => ({ ListenerArn }),
  update: async (handling, ListenerArn, properties, former) => {
    const omit = ['LoadBalancerArn', 'ListenerAttributes', 'Tags'];
    const input = handling.input('elbv2', 'ModifyListener', properties, omit);
    await handling.call('elbv2', 'ModifyListener', { ListenerArn, ...input });
    if (!changed(former, properties, 'ListenerAttributes')) return;
    const how = ['ModifyListenerAttributes', { ListenerArn }] as const;
    await setAttributes(handling, how, properties['ListenerAttributes']);
  },
  remove: async (handling, ListenerArn) => {
    await handling.call('elbv2', 'DeleteListener', { ListenerArn });
  },
  retag,
};

/** AWS::ElasticLoadBalancingV2::ListenerRule */
const listenerRule: ResourceType = {
  create: async (handling, properties) => {
    const input = handling.input('elbv2', 'CreateRule', properties, ['Tags']);
    const answer = await handling.call('elbv2', 'CreateRule', { ...input, ...tagged(handling) });
    handling.made(String(firstIn(answer, 'Rules')['RuleArn']));
  },
  attributes: (_, RuleArn) => ({ RuleArn, IsDefault: false }),
  update: async (handling, RuleArn, properties, former) => {
    const input = handling.input('elbv2', 'ModifyRule', properties, ['ListenerArn', 'Priority', 'Tags']);
    await handling.call('elbv2', 'ModifyRule', { RuleArn, ...input });
    if (!changed(former, properties, 'Priority')) return;
    const RulePriorities = [{ RuleArn, Priority: properties['Priority'] }];
    await handling.call('elbv2', 'SetRulePriorities', { RulePriorities });
  },
  remove: async (handling, RuleArn) => {
    await handling.call('elbv2', 'DeleteRule', { RuleArn });
  },
  retag,
};

export const elbTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::ElasticLoadBalancingV2::TargetGroup': targetGroup,
  'AWS::ElasticLoadBalancingV2::Listener': listener,
  'AWS::ElasticLoadBalancingV2::ListenerRule': listenerRule,
};
