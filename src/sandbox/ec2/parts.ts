import { ApiError } from '../http/apiError';
import { ec2Id } from '../ids';
import type { Place } from '../place';
import {
  type AclEntry,
  type Network,
  type NetworkAcl,
  type NetworkParts,
  type PrefixList,
  defaultVpc,
} from './network';

/** What the parts of a network are made with. */
export interface NetworkContext {
  readonly network: Network;
  readonly place: Place;
  readonly now: () => number;
}

/** An ACL that lets everything through and, at the last number, nothing. */
export function openEntries(): AclEntry[] {
  const entry = (Egress: boolean, RuleNumber: number, RuleAction: string): AclEntry => ({
    ...{ Egress, RuleNumber, RuleAction, Protocol: '-1', CidrBlock: '0.0.0.0/0' },
  });
  return [
    entry(true, 100, 'allow'),
    entry(true, 32_767, 'deny'),
    entry(false, 100, 'allow'),
    entry(false, 32_767, 'deny'),
  ];
}

/** The entry that no ACL is without. */
export function closedEntries(): AclEntry[] {
  return openEntries().filter(({ RuleAction }) => RuleAction === 'deny');
}

export function newAcl(vpc: string, isDefault: boolean): NetworkAcl {
  const entries = isDefault ? openEntries() : closedEntries();
  return { id: ec2Id('acl'), vpc, isDefault, entries, associations: new Map() };
}

/** AWS's own list of S3's addresses, which routes of gateway endpoints name. */
function awsPrefixList(id: string, service: string, { region }: Place, cidrs: readonly string[]): PrefixList {
  const entries = cidrs.map((Cidr) => ({ Cidr }));
  const common = { family: 'IPv4', max: cidrs.length, owner: 'AWS', version: 1, entries };
  return { id, name: `com.amazonaws.${region}.${service}`, ...common };
}

/** The parts of the network, beginning with those of the default VPC. */
export function partsOf({ network, place }: Pick<NetworkContext, 'network' | 'place'>): NetworkParts {
  if (network.parts) return network.parts;
  const { routeTable: main, internetGateway: gateway } = network;
  const cidr = network.vpcs.get(defaultVpc)?.cidr ?? '10.0.0.0/16';
  const acl: NetworkAcl = { ...newAcl(defaultVpc, true), id: 'acl-0a1b2c3d4e5f60718' };
  for (const { id } of network.subnets.values()) acl.associations.set(id.replace('subnet-', 'aclassoc-'), id);
  const lists = [
    awsPrefixList('pl-63a5400a', 's3', place, ['3.5.0.0/19', '16.15.176.0/20', '52.216.0.0/15', '54.231.0.0/16']),
    awsPrefixList('pl-02cd2c6b', 'dynamodb', place, ['3.218.180.0/22', '35.71.64.0/22', '52.94.0.0/22']),
  ];
  const routes = [
    { DestinationCidrBlock: cidr, GatewayId: 'local' },
    { DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway },
  ];
  const associations = new Map([[main.replace('rtb-', 'rtbassoc-'), undefined]]);
  return (network.parts = {
    routeTables: new Map([[main, { id: main, vpc: defaultVpc, routes, associations }]]),
    acls: new Map([[acl.id, acl]]),
    gateways: new Map([[gateway, { id: gateway, vpc: defaultVpc }]]),
    nats: new Map(),
    endpoints: new Map(),
    enis: new Map(),
    prefixLists: new Map(lists.map((list) => [list.id, list])),
    addresses: new Map(),
    tags: new Map(),
  });
}

/** @throws ApiError `code` when there is nothing of this id. */
export function existing<T>(all: ReadonlyMap<string, T>, id: string | undefined, code: string): T {
  const found = all.get(id ?? '');
  if (found !== undefined) return found;
  throw new ApiError(code, `The ID '${id ?? ''}' does not exist`);
}

export const invalid = (text: string): ApiError => new ApiError('InvalidParameterValue', text);
export const inUse = (id: string): ApiError =>
  new ApiError('DependencyViolation', `resource ${id} has a dependent object`);

const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** First and last address of an IPv4 block. @throws ApiError unless it is one, between /16 and /28. */
export function blockOf(cidr: string | undefined, code: 'InvalidVpc.Range' | 'InvalidSubnet.Range'): [number, number] {
  const [, address = '', bits = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr ?? '') ?? [];
  const size = 2 ** (32 - Number(bits));
  const sound = address !== '' && address.split('.').every((part) => Number(part) <= 255);
  if (!sound)
    throw invalid(`Value (${cidr ?? ''}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  if (Number(bits) < 16 || Number(bits) > 28) throw new ApiError(code, `The CIDR '${cidr ?? ''}' is invalid.`);
  const first = Math.floor(number(address) / size) * size;
  return [first, first + size - 1];
}

interface TagSpecification {
  readonly ResourceType?: string;
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

/** Requests that may tag what they create. */
export interface Tagging {
  readonly TagSpecifications?: readonly TagSpecification[];
}

/** Keeps the tags that a request gives to what it has created. */
export function tagNew(parts: NetworkParts, id: string, { TagSpecifications = [] }: Tagging): void {
  const given = TagSpecifications.flatMap(({ Tags = [] }) => Tags);
  if (given.length > 0) parts.tags.set(id, new Map(given.map(({ Key = '', Value = '' }) => [Key, Value])));
}

export function tagList(parts: NetworkParts, id: string): { Key: string; Value: string }[] {
  return [...(parts.tags.get(id) ?? [])].map(([Key, Value]) => ({ Key, Value }));
}
