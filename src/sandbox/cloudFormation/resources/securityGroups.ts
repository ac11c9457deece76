import { isGone } from '../failures';
import { type Handling, type ResourceType, firstIn, listOf } from '../handling';
import type { Members } from '../types';

type Direction = 'Ingress' | 'Egress';

const peers: Readonly<Record<Direction, readonly [group: string, list: string]>> = {
  Ingress: ['SourceSecurityGroupId', 'SourcePrefixListId'],
  Egress: ['DestinationSecurityGroupId', 'DestinationPrefixListId'],
};

/** A rule of a template as EC2's operations take it. */
function permission(direction: Direction, rule: Members): Members {
  const { IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6, Description } = rule;
  const about = Description === undefined ? {} : { Description };
  const [group, list] = peers[direction];
  const ports = FromPort === undefined ? {} : { FromPort, ToPort: ToPort ?? FromPort };
  return {
    ...{ IpProtocol, ...ports },
    ...(CidrIp === undefined ? {} : { IpRanges: [{ CidrIp, ...about }] }),
    ...(CidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6, ...about }] }),
    ...(rule[group] === undefined ? {} : { UserIdGroupPairs: [{ GroupId: rule[group], ...about }] }),
    ...(rule[list] === undefined ? {} : { PrefixListIds: [{ PrefixListId: rule[list], ...about }] }),
  };
}

type Verb = 'Authorize' | 'Revoke';

async function change(
  handling: Handling,
  [verb, direction]: readonly [Verb, Direction],
  GroupId: string,
  rules: readonly Members[],
): Promise<Members> {
  if (rules.length === 0) return {};
  const IpPermissions = rules.map((rule) => permission(direction, rule));
  return handling.call('ec2', `${verb}SecurityGroup${direction}`, { GroupId, IpPermissions });
}

const everywhere: Members = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };

/** The rules that a group has: without any of its own it lets everything out. */
function rulesOf(direction: Direction, properties: Members): readonly Members[] {
  const rules = listOf<Members>(properties[`SecurityGroup${direction}`]);
  return direction === 'Egress' && rules.length === 0 ? [everywhere] : rules;
}

async function setRules(handling: Handling, id: string, after: Members, before: Members): Promise<void> {
  for (const direction of ['Ingress', 'Egress'] as const) {
    const [wanted, known] = [rulesOf(direction, after), rulesOf(direction, before)];
    const without = (rules: readonly Members[], others: readonly Members[]): Members[] =>
      rules.filter((rule) => !others.some((other) => JSON.stringify(other) === JSON.stringify(rule)));
    await change(handling, ['Revoke', direction], id, without(known, wanted));
    await change(handling, ['Authorize', direction], id, without(wanted, known));
  }
}

const described = async (handling: Handling, id: string): Promise<Members> =>
  firstIn(await handling.read('ec2', 'DescribeSecurityGroups', { GroupIds: [id] }), 'SecurityGroups');

/** AWS::EC2::SecurityGroup */
const securityGroup: ResourceType = {
  nameProperty: 'GroupName',
  create: async (handling, properties) => {
    const { GroupDescription: Description, VpcId } = properties;
    const GroupName = properties['GroupName'] ?? handling.name(255);
    const input = { GroupName, Description, ...(VpcId === undefined ? {} : { VpcId }) };
    const { GroupId } = await handling.call('ec2', 'CreateSecurityGroup', input);
    handling.made(String(GroupId));
    await handling.call('ec2', 'CreateTags', { Resources: [GroupId], Tags: handling.tags });
    await setRules(handling, String(GroupId), properties, {});
  },
  attributes: async (handling, id) => ({ GroupId: id, Id: id, VpcId: (await described(handling, id))['VpcId'] }),
  update: (handling, id, properties, former) => setRules(handling, id, properties, former),
  remove: async (handling, GroupId) => {
    await handling.call('ec2', 'DeleteSecurityGroup', { GroupId });
  },
  retag: async (handling, id, Tags, removed) => {
    const Resources = [id];
    if (Tags.length > 0) await handling.call('ec2', 'CreateTags', { Resources, Tags });
    const keys = removed.map((Key) => ({ Key }));
    if (keys.length > 0) await handling.call('ec2', 'DeleteTags', { Resources, Tags: keys });
  },
};

/** AWS::EC2::SecurityGroupIngress and …Egress: one rule of a group. */
function ruleType(direction: Direction): ResourceType {
  const authorize = async (handling: Handling, properties: Members): Promise<string> => {
    const answer = await change(handling, ['Authorize', direction], String(properties['GroupId']), [properties]);
    return String(firstIn(answer, 'SecurityGroupRules')['SecurityGroupRuleId']);
  };
  const revoke = async (handling: Handling, id: string, { GroupId }: Members): Promise<void> => {
    await handling.call('ec2', `RevokeSecurityGroup${direction}`, { GroupId, SecurityGroupRuleIds: [id] });
  };
  return {
    elsewhere: ['GroupName', 'SourceSecurityGroupName', 'SourceSecurityGroupOwnerId'],
    create: async (handling, properties) => handling.made(await authorize(handling, properties)),
    attributes: (_, Id) => ({ Id }),
    // Only the description can change: the id of the rule, which follows from the rest, stays.
    update: async (handling, id, properties, former) => {
      await revoke(handling, id, former);
      await authorize(handling, properties);
    },
    remove: async (handling, id, properties) => {
      try {
        await revoke(handling, id, properties);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

export const securityGroupTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::EC2::SecurityGroup': securityGroup,
  'AWS::EC2::SecurityGroupIngress': ruleType('Ingress'),
  'AWS::EC2::SecurityGroupEgress': ruleType('Egress'),
};
