import { createHash } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import type { Place } from '../place';
import { type DescribeRequest, select } from './filters';
import type { Network, Permission, SecurityGroup } from './network';

interface IpPermission {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp?: string; readonly Description?: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6?: string; readonly Description?: string }[];
  readonly UserIdGroupPairs?: readonly { readonly GroupId?: string; readonly Description?: string }[];
  readonly PrefixListIds?: readonly { readonly PrefixListId?: string; readonly Description?: string }[];
}

interface RuleRequest extends IpPermission {
  readonly GroupId?: string;
  readonly CidrIp?: string;
  readonly IpPermissions?: readonly IpPermission[];
  readonly SecurityGroupRuleIds?: readonly string[];
}

/** One source or destination that a group lets through. */
interface Rule {
  readonly id: string;
  readonly group: SecurityGroup;
  readonly egress: boolean;
  readonly permission: Permission;
  readonly source: string;
}

const everywhere: Permission = { protocol: '-1', from: -1, to: -1, cidrs: ['0.0.0.0/0'] };

/** A group that nobody has changed lets everything out. */
export function egressOf(group: SecurityGroup): readonly Permission[] {
  return group.egress ?? [everywhere];
}

const sourcesOf = ({ cidrs, groups = [], lists = [] }: Permission): readonly string[] => [
  ...cidrs,
  ...groups,
  ...lists,
];

/** The id of a rule follows from what it says, so that it lasts. */
function ruleId(parts: readonly unknown[]): string {
  return `sgr-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 17)}`;
}

function rulesOf(group: SecurityGroup): Rule[] {
  const of = (permissions: readonly Permission[], egress: boolean): Rule[] =>
    permissions.flatMap((permission) =>
      sourcesOf(permission).map((source) => {
        const { protocol, from, to } = permission;
        return { id: ruleId([group.id, egress, protocol, from, to, source]), group, egress, permission, source };
      }),
    );
  return [...of(group.ingress, false), ...of(egressOf(group), true)];
}

/** Permissions of the same ports as one, as DescribeSecurityGroups shows them. */
export function describePermissions(permissions: readonly Permission[], account: string): unknown[] {
  const byPorts = new Map<string, Permission[]>();
  for (const permission of permissions) {
    const key = `${permission.protocol} ${permission.from} ${permission.to}`;
    byPorts.set(key, [...(byPorts.get(key) ?? []), permission]);
  }
  return [...byPorts.values()].map((same) => {
    const [{ protocol, from, to } = everywhere] = same;
    const sources = same.flatMap((permission) =>
      sourcesOf(permission).map((source) => ({ source, about: described(permission.description) })),
    );
    const plain = sources.filter(({ source }) => !/^(sg|pl)-/.test(source));
    return {
      IpProtocol: protocol,
      ...(protocol === '-1' ? {} : { FromPort: from, ToPort: to }),
      IpRanges: plain
        .filter(({ source }) => !source.includes(':'))
        .map(({ source, about }) => ({ CidrIp: source, ...about })),
      Ipv6Ranges: plain
        .filter(({ source }) => source.includes(':'))
        .map(({ source, about }) => ({ CidrIpv6: source, ...about })),
      PrefixListIds: sources
        .filter(({ source }) => source.startsWith('pl-'))
        .map(({ source, about }) => ({ PrefixListId: source, ...about })),
      UserIdGroupPairs: sources
        .filter(({ source }) => source.startsWith('sg-'))
        .map(({ source, about }) => ({ GroupId: source, UserId: account, ...about })),
    };
  });
}

const described = (description: string | undefined): { Description?: string } =>
  description === undefined ? {} : { Description: description };

/** A source that is no group, in the member that is for its kind. */
function rangeOf(source: string): { PrefixListId: string } | { CidrIpv6: string } | { CidrIpv4: string } {
  if (source.startsWith('pl-')) return { PrefixListId: source };
  return source.includes(':') ? { CidrIpv6: source } : { CidrIpv4: source };
}

function describeRule(
  { id, group, egress, permission, source }: Rule,
  { account, region }: Place,
): Record<string, unknown> {
  const { protocol, from, to, description } = permission;
  const where = source.startsWith('sg-')
    ? { ReferencedGroupInfo: { GroupId: source, UserId: account } }
    : rangeOf(source);
  return {
    ...{ SecurityGroupRuleId: id, GroupId: group.id, GroupOwnerId: account, IsEgress: egress, IpProtocol: protocol },
    ...{ FromPort: from, ToPort: to, ...where, Description: description, Tags: [] },
    SecurityGroupRuleArn: `arn:aws:ec2:${region}:${account}:security-group-rule/${id}`,
  };
}

/** What a request asks for, one source each. @throws ApiError */
function wantedPermissions(network: Network, request: RuleRequest): Permission[] {
  const { CidrIp } = request;
  const single: IpPermission = { ...request, IpRanges: CidrIp === undefined ? [] : [{ CidrIp }] };
  return (request.IpPermissions ?? [single]).flatMap((given) => {
    const { IpProtocol: protocol } = given;
    if (protocol === undefined) {
      throw new ApiError('MissingParameter', 'The request must contain the parameter ipProtocol');
    }
    // Where every protocol is meant, AWS looks at no port.
    const { FromPort: from = -1, ToPort: to = -1 } = protocol === '-1' ? {} : given;
    const of = { protocol, from, to };
    const ranges = [...(given.IpRanges ?? []), ...(given.Ipv6Ranges ?? [])].map((range) => {
      const cidr = 'CidrIpv6' in range ? range.CidrIpv6 : (range as { CidrIp?: string }).CidrIp;
      if (cidr === undefined || !/^[0-9a-fA-F.:]+\/\d{1,3}$/.test(cidr)) {
        throw new ApiError('InvalidParameterValue', `CIDR block ${String(cidr)} is malformed`);
      }
      return { ...of, cidrs: [cidr], description: range.Description };
    });
    const groups = (given.UserIdGroupPairs ?? []).map(({ GroupId = '', Description: description }) => ({
      ...{ ...of, cidrs: [], groups: [groupNamed(network, GroupId).id], description },
    }));
    const lists = (given.PrefixListIds ?? []).map(({ PrefixListId = '', Description: description }) => ({
      ...{ ...of, cidrs: [], lists: [listNamed(network, PrefixListId)], description },
    }));
    if (ranges.length + groups.length + lists.length === 0) {
      throw new ApiError('MissingParameter', 'Source group or CIDR must be specified');
    }
    return [...ranges, ...groups, ...lists];
  });
}

/** @throws ApiError when there is none of this id. */
export function groupNamed({ groups }: Network, id: string): SecurityGroup {
  const group = groups.get(id);
  if (group) return group;
  throw new ApiError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
}

/** @throws ApiError when there is none of this id. */
function listNamed({ parts }: Network, id: string): string {
  if (parts?.prefixLists.has(id)) return id;
  throw new ApiError('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);
}

function put(group: SecurityGroup, egress: boolean, permissions: readonly Permission[]): void {
  if (egress) group.egress = [...permissions];
  else group.ingress.splice(0, group.ingress.length, ...permissions);
}

const same = (a: Permission, b: Permission): boolean => a.protocol === b.protocol && a.from === b.from && a.to === b.to;

/** Takes one source out of permissions, which may hold several. */
function without(permissions: readonly Permission[], wanted: Permission, source: string): Permission[] {
  return permissions
    .map((permission) =>
      same(permission, wanted)
        ? {
            ...permission,
            cidrs: permission.cidrs.filter((cidr) => cidr !== source),
            groups: (permission.groups ?? []).filter((id) => id !== source),
            lists: (permission.lists ?? []).filter((id) => id !== source),
          }
        : permission,
    )
    .filter((permission) => sourcesOf(permission).length > 0);
}

function authorize(network: Network, place: Place, request: RuleRequest, egress: boolean): unknown {
  const group = groupNamed(network, request.GroupId ?? '');
  const wanted = wantedPermissions(network, request);
  const known = rulesOf(group).filter((rule) => rule.egress === egress);
  for (const permission of wanted) {
    const [source = ''] = sourcesOf(permission);
    if (!known.some((rule) => rule.source === source && same(rule.permission, permission))) continue;
    throw new ApiError(
      'InvalidPermission.Duplicate',
      `the specified rule "peer: ${source}, ${permission.protocol}, from port: ${permission.from}, to port: ${permission.to}, ALLOW" already exists`,
    );
  }
  put(group, egress, [...(egress ? egressOf(group) : group.ingress), ...wanted]);
  const made = rulesOf(group).filter((rule) => rule.egress === egress && wanted.includes(rule.permission));
  return { Return: true, SecurityGroupRules: made.map((rule) => describeRule(rule, place)) };
}

function revoke(network: Network, request: RuleRequest, egress: boolean): unknown {
  const group = groupNamed(network, request.GroupId ?? '');
  const known = rulesOf(group).filter((rule) => rule.egress === egress);
  const ids = request.SecurityGroupRuleIds;
  const wanted = ids ? [] : wantedPermissions(network, request);
  const found = known.filter((rule) =>
    ids
      ? ids.includes(rule.id)
      : wanted.some((permission) => same(permission, rule.permission) && sourcesOf(permission).includes(rule.source)),
  );
  if (found.length < (ids ?? wanted).length) {
    const code = ids ? 'InvalidSecurityGroupRuleId.NotFound' : 'InvalidPermission.NotFound';
    throw new ApiError(code, 'The specified rule does not exist in this security group.');
  }
  for (const { permission, source } of found) {
    put(group, egress, without(egress ? egressOf(group) : group.ingress, permission, source));
  }
  const RevokedSecurityGroupRules = found.map(({ id, permission, source }) => ({
    ...{ SecurityGroupRuleId: id, GroupId: group.id, IsEgress: egress, IpProtocol: permission.protocol },
    ...{ FromPort: permission.from, ToPort: permission.to },
    ...(source.startsWith('sg-') ? { ReferencedGroupId: source } : rangeOf(source)),
  }));
  return { Return: true, UnknownIpPermissions: [], RevokedSecurityGroupRules };
}

/** Rules of security groups: kept and shown. The sandbox filters no traffic, all of which stays on this machine. */
export function securityGroupRuleOperations(network: Network, place: Place): Record<string, Operation> {
  return {
    AuthorizeSecurityGroupIngress: (input: RuleRequest) => authorize(network, place, input, false),
    AuthorizeSecurityGroupEgress: (input: RuleRequest) => authorize(network, place, input, true),
    RevokeSecurityGroupIngress: (input: RuleRequest) => revoke(network, input, false),
    RevokeSecurityGroupEgress: (input: RuleRequest) => revoke(network, input, true),
    DescribeSecurityGroupRules: (input: DescribeRequest & { SecurityGroupRuleIds?: readonly string[] }) => {
      const { items, NextToken } = select([...network.groups.values()].flatMap(rulesOf), input, {
        ids: input.SecurityGroupRuleIds ?? [],
        idOf: ({ id }) => id,
        error: 'InvalidSecurityGroupRuleId.NotFound',
        values: { 'group-id': ({ group }) => group.id, 'security-group-rule-id': ({ id }) => id },
      });
      return { SecurityGroupRules: items.map((rule) => describeRule(rule, place)), NextToken };
    },
  };
}
