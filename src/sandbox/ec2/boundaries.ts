import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { ec2Id } from '../ids';
import { type DescribeRequest, select } from './filters';
import type { AclEntry, Endpoint, NetworkAcl, PrefixList } from './network';
import { type NetworkContext, type Tagging, existing, inUse, invalid, newAcl, partsOf, tagList, tagNew } from './parts';

const noAcl = 'InvalidNetworkAclID.NotFound';

function describeAcl(context: NetworkContext, acl: NetworkAcl): Record<string, unknown> {
  const Associations = [...acl.associations].map(([NetworkAclAssociationId, SubnetId]) => ({
    ...{ NetworkAclAssociationId, NetworkAclId: acl.id, SubnetId },
  }));
  return {
    ...{ NetworkAclId: acl.id, VpcId: acl.vpc, IsDefault: acl.isDefault, OwnerId: context.place.account },
    ...{ Entries: acl.entries, Associations, Tags: tagList(partsOf(context), acl.id) },
  };
}

type EntryRequest = AclEntry & { readonly NetworkAclId: string };

const sameEntry = (a: AclEntry, b: Pick<AclEntry, 'RuleNumber' | 'Egress'>): boolean =>
  a.RuleNumber === b.RuleNumber && a.Egress === b.Egress;

function entryFrom({ RuleNumber, Egress, Protocol, RuleAction, ...rest }: EntryRequest): AclEntry {
  const { CidrBlock, Ipv6CidrBlock, PortRange, IcmpTypeCode } = rest;
  if (RuleNumber < 1 || RuleNumber > 32_766)
    throw invalid(`Value (${RuleNumber}) for parameter ruleNumber is invalid.`);
  if ((CidrBlock === undefined) === (Ipv6CidrBlock === undefined)) {
    throw new ApiError('MissingParameter', 'The request must contain exactly one of cidrBlock and ipv6CidrBlock');
  }
  if ((Protocol === '6' || Protocol === '17') && !PortRange) {
    throw new ApiError('MissingParameter', 'The request must contain the parameter portRange');
  }
  return { RuleNumber, Egress, Protocol, RuleAction, CidrBlock, Ipv6CidrBlock, PortRange, IcmpTypeCode };
}

function entryOperations(context: NetworkContext): Record<string, Operation> {
  const aclOf = (id: string): NetworkAcl => existing(partsOf(context).acls, id, noAcl);
  const missing = ({ RuleNumber }: EntryRequest): ApiError =>
    new ApiError('InvalidNetworkAclEntry.NotFound', `The network acl entry ${RuleNumber} does not exist`);
  return {
    CreateNetworkAclEntry: (input: EntryRequest) => {
      const acl = aclOf(input.NetworkAclId);
      if (acl.entries.some((entry) => sameEntry(entry, input))) {
        const text = `The network acl entry identified by ${input.RuleNumber} already exists.`;
        throw new ApiError('NetworkAclEntryAlreadyExists', text);
      }
      acl.entries.push(entryFrom(input));
      acl.entries.sort((a, b) => a.RuleNumber - b.RuleNumber);
    },
    ReplaceNetworkAclEntry: (input: EntryRequest) => {
      const acl = aclOf(input.NetworkAclId);
      if (!acl.entries.some((entry) => sameEntry(entry, input))) throw missing(input);
      const made = entryFrom(input);
      acl.entries = acl.entries.map((entry) => (sameEntry(entry, made) ? made : entry));
    },
    DeleteNetworkAclEntry: (input: EntryRequest) => {
      const acl = aclOf(input.NetworkAclId);
      const found = acl.entries.find((entry) => sameEntry(entry, input) && entry.RuleNumber <= 32_766);
      if (!found) throw missing(input);
      acl.entries = acl.entries.filter((entry) => entry !== found);
    },
  };
}

function aclOperations(context: NetworkContext): Record<string, Operation> {
  const parts = partsOf(context);
  const { acls, tags } = parts;
  return {
    ...entryOperations(context),
    CreateNetworkAcl: (input: Tagging & { VpcId: string }) => {
      const acl = newAcl(existing(context.network.vpcs, input.VpcId, 'InvalidVpcID.NotFound').id, false);
      acls.set(acl.id, acl);
      tagNew(parts, acl.id, input);
      return { NetworkAcl: describeAcl(context, acl) };
    },
    DeleteNetworkAcl: ({ NetworkAclId }: { NetworkAclId: string }) => {
      const acl = existing(acls, NetworkAclId, noAcl);
      if (acl.isDefault) throw invalid(`cannot delete default network ACL ${NetworkAclId}`);
      if (acl.associations.size > 0) throw inUse(NetworkAclId);
      acls.delete(NetworkAclId);
      tags.delete(NetworkAclId);
    },
    ReplaceNetworkAclAssociation: (input: { AssociationId: string; NetworkAclId: string }) => {
      const acl = existing(acls, input.NetworkAclId, noAcl);
      const former = [...acls.values()].find(({ associations }) => associations.has(input.AssociationId));
      const subnet = former?.associations.get(input.AssociationId);
      if (!former || subnet === undefined) {
        const text = `The association ID '${input.AssociationId}' does not exist`;
        throw new ApiError('InvalidAssociationID.NotFound', text);
      }
      former.associations.delete(input.AssociationId);
      const id = ec2Id('aclassoc');
      acl.associations.set(id, subnet);
      return { NewAssociationId: id };
    },
    DescribeNetworkAcls: (input: DescribeRequest & { NetworkAclIds?: readonly string[] }) => {
      const { items, NextToken } = select([...acls.values()], input, {
        ids: input.NetworkAclIds ?? [],
        idOf: ({ id }) => id,
        error: noAcl,
        tags,
        values: {
          ...{ 'network-acl-id': ({ id }) => id, 'vpc-id': ({ vpc }) => vpc },
          default: ({ isDefault }) => String(isDefault),
          'association.subnet-id': ({ associations }) => [...associations.values()],
        },
      });
      return { NetworkAcls: items.map((acl) => describeAcl(context, acl)), NextToken };
    },
  };
}

function describeEndpoint(context: NetworkContext, endpoint: Endpoint): Record<string, unknown> {
  const { network, place } = context;
  const dns = `${endpoint.id}.${endpoint.service.split('.').at(-1)}.${place.region}.vpce.amazonaws.com`;
  return {
    ...{ VpcEndpointId: endpoint.id, VpcEndpointType: endpoint.type, VpcId: endpoint.vpc, OwnerId: place.account },
    ...{ ServiceName: endpoint.service, State: 'available', PolicyDocument: endpoint.policy },
    ...{ RouteTableIds: endpoint.routeTables, SubnetIds: endpoint.subnets, PrivateDnsEnabled: endpoint.privateDns },
    Groups: endpoint.groups.map((id) => ({ GroupId: id, GroupName: network.groups.get(id)?.name ?? id })),
    ...{ NetworkInterfaceIds: [], IpAddressType: 'ipv4', RequesterManaged: false },
    DnsEntries: endpoint.type === 'Interface' ? [{ DnsName: dns, HostedZoneId: 'Z7HUB22UULQXV' }] : [],
    CreationTimestamp: new Date(endpoint.createdAt),
    Tags: tagList(partsOf(context), endpoint.id),
  };
}

interface EndpointRequest extends Tagging {
  readonly VpcId: string;
  readonly ServiceName?: string;
  readonly VpcEndpointType?: string;
  readonly RouteTableIds?: readonly string[];
  readonly SubnetIds?: readonly string[];
  readonly SecurityGroupIds?: readonly string[];
  readonly PrivateDnsEnabled?: boolean;
  readonly PolicyDocument?: string;
}

interface ModifyEndpointRequest {
  readonly VpcEndpointId: string;
  readonly AddRouteTableIds?: readonly string[];
  readonly RemoveRouteTableIds?: readonly string[];
  readonly AddSubnetIds?: readonly string[];
  readonly RemoveSubnetIds?: readonly string[];
  readonly AddSecurityGroupIds?: readonly string[];
  readonly RemoveSecurityGroupIds?: readonly string[];
  readonly PolicyDocument?: string;
  readonly PrivateDnsEnabled?: boolean;
}

const anything =
  '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';

function createEndpoint(context: NetworkContext, input: EndpointRequest): Endpoint {
  const { network } = context;
  const { routeTables } = partsOf(context);
  const vpc = existing(network.vpcs, input.VpcId, 'InvalidVpcId.NotFound');
  const { ServiceName: service = '', VpcEndpointType: type = 'Gateway' } = input;
  if (type !== 'Gateway' && type !== 'Interface') throw invalid(`Endpoints of type ${type} are not in the sandbox`);
  if (!/^(com|aws)\.[\w.-]+$/.test(service) || (type === 'Gateway' && !/\.(s3|dynamodb)$/.test(service))) {
    throw new ApiError('InvalidServiceName', `The Vpc Endpoint Service '${service}' does not exist`);
  }
  for (const id of input.RouteTableIds ?? []) existing(routeTables, id, 'InvalidRouteTableId.NotFound');
  for (const id of input.SubnetIds ?? []) existing(network.subnets, id, 'InvalidSubnetId.NotFound');
  for (const id of input.SecurityGroupIds ?? []) existing(network.groups, id, 'InvalidSecurityGroupId.NotFound');
  const usual = [...network.groups.values()].find((group) => group.vpc === vpc.id && group.name === 'default');
  const groups = input.SecurityGroupIds ?? (type === 'Interface' && usual ? [usual.id] : []);
  return {
    ...{ id: ec2Id('vpce'), vpc: vpc.id, type, service, groups },
    ...{ routeTables: input.RouteTableIds ?? [], subnets: input.SubnetIds ?? [] },
    ...{ privateDns: input.PrivateDnsEnabled ?? type === 'Interface', policy: input.PolicyDocument ?? anything },
    createdAt: context.now(),
  };
}

function endpointOperations(context: NetworkContext): Record<string, Operation> {
  const parts = partsOf(context);
  const { endpoints, tags } = parts;
  const noEndpoint = 'InvalidVpcEndpointId.NotFound';
  const changed = (all: readonly string[], add: readonly string[] = [], gone: readonly string[] = []): string[] =>
    [...new Set([...all, ...add])].filter((id) => !gone.includes(id));
  return {
    CreateVpcEndpoint: (input: EndpointRequest) => {
      const endpoint = createEndpoint(context, input);
      endpoints.set(endpoint.id, endpoint);
      tagNew(parts, endpoint.id, input);
      return { VpcEndpoint: describeEndpoint(context, endpoint) };
    },
    ModifyVpcEndpoint: (input: ModifyEndpointRequest) => {
      const endpoint = existing(endpoints, input.VpcEndpointId, noEndpoint);
      endpoint.routeTables = changed(endpoint.routeTables, input.AddRouteTableIds, input.RemoveRouteTableIds);
      endpoint.subnets = changed(endpoint.subnets, input.AddSubnetIds, input.RemoveSubnetIds);
      endpoint.groups = changed(endpoint.groups, input.AddSecurityGroupIds, input.RemoveSecurityGroupIds);
      endpoint.policy = input.PolicyDocument ?? endpoint.policy;
      endpoint.privateDns = input.PrivateDnsEnabled ?? endpoint.privateDns;
      return { Return: true };
    },
    DeleteVpcEndpoints: ({ VpcEndpointIds }: { VpcEndpointIds: readonly string[] }) => ({
      Unsuccessful: VpcEndpointIds.flatMap((id) => {
        tags.delete(id);
        if (endpoints.delete(id)) return [];
        return [{ ResourceId: id, Error: { Code: noEndpoint, Message: `The Vpc Endpoint Id '${id}' does not exist` } }];
      }),
    }),
    DescribeVpcEndpoints: (input: DescribeRequest & { VpcEndpointIds?: readonly string[] }) => {
      const { items, NextToken } = select([...endpoints.values()], input, {
        ids: input.VpcEndpointIds ?? [],
        idOf: ({ id }) => id,
        error: noEndpoint,
        tags,
        values: {
          ...{
            'vpc-endpoint-id': ({ id }) => id,
            'vpc-id': ({ vpc }) => vpc,
            'service-name': ({ service }) => service,
          },
          ...{ 'vpc-endpoint-type': ({ type }) => type, 'vpc-endpoint-state': () => 'available' },
        },
      });
      return { VpcEndpoints: items.map((endpoint) => describeEndpoint(context, endpoint)), NextToken };
    },
  };
}

function describeList(context: NetworkContext, list: PrefixList): Record<string, unknown> {
  const { region, account } = context.place;
  const owned = list.owner === 'AWS' ? 'aws' : account;
  return {
    ...{ PrefixListId: list.id, PrefixListName: list.name, AddressFamily: list.family, MaxEntries: list.max },
    ...{ State: 'create-complete', Version: list.version, OwnerId: list.owner === 'AWS' ? 'AWS' : account },
    PrefixListArn: `arn:aws:ec2:${region}:${owned}:prefix-list/${list.id}`,
    Tags: tagList(partsOf(context), list.id),
  };
}

type Entries = readonly { readonly Cidr?: string; readonly Description?: string }[];

interface PrefixListRequest extends Tagging {
  readonly PrefixListName: string;
  readonly MaxEntries: number;
  readonly AddressFamily: string;
  readonly Entries?: Entries;
}

interface ModifyPrefixListRequest {
  readonly PrefixListId: string;
  readonly CurrentVersion?: number;
  readonly AddEntries?: Entries;
  readonly RemoveEntries?: Entries;
}

const entriesOf = (entries: Entries = []): PrefixList['entries'] =>
  entries.map(({ Cidr = '', Description }) => ({ Cidr, Description }));

function prefixListOperations(context: NetworkContext): Record<string, Operation> {
  const parts = partsOf(context);
  const { prefixLists, tags } = parts;
  const noList = 'InvalidPrefixListID.NotFound';
  const own = (id: string): PrefixList => {
    const list = existing(prefixLists, id, noList);
    if (list.owner !== 'AWS') return list;
    throw new ApiError('UnauthorizedOperation', `The prefix list ${id} is AWS's own`);
  };
  const checkSize = ({ max }: PrefixList, entries: PrefixList['entries']): void => {
    if (entries.length > max)
      throw new ApiError('PrefixListMaxEntriesExceeded', `The list holds ${max} entries at most`);
  };
  const selected = (
    input: DescribeRequest & { PrefixListIds?: readonly string[] },
  ): ReturnType<typeof select<PrefixList>> =>
    select([...prefixLists.values()], input, {
      ids: input.PrefixListIds ?? [],
      idOf: ({ id }) => id,
      error: noList,
      tags,
      values: {
        ...{ 'prefix-list-id': ({ id }) => id, 'prefix-list-name': ({ name }) => name },
        'owner-id': ({ owner }) => owner,
      },
    });
  return {
    CreateManagedPrefixList: (input: PrefixListRequest) => {
      const list: PrefixList = {
        ...{ id: ec2Id('pl'), name: input.PrefixListName, family: input.AddressFamily, max: input.MaxEntries },
        ...{ owner: context.place.account, version: 1, entries: entriesOf(input.Entries) },
      };
      checkSize(list, list.entries);
      prefixLists.set(list.id, list);
      tagNew(parts, list.id, input);
      return { PrefixList: describeList(context, list) };
    },
    ModifyManagedPrefixList: (input: ModifyPrefixListRequest) => {
      const list = own(input.PrefixListId);
      if (input.CurrentVersion !== undefined && input.CurrentVersion !== list.version) {
        throw new ApiError('PrefixListVersionMismatch', 'The prefix list has the incorrect version number');
      }
      const gone = (input.RemoveEntries ?? []).map(({ Cidr }) => Cidr);
      const added = entriesOf(input.AddEntries);
      const kept = list.entries.filter(
        ({ Cidr }) => !gone.includes(Cidr) && !added.some((entry) => entry.Cidr === Cidr),
      );
      checkSize(list, [...kept, ...added]);
      list.entries = [...kept, ...added];
      list.version += 1;
      return { PrefixList: describeList(context, list) };
    },
    DeleteManagedPrefixList: ({ PrefixListId }: { PrefixListId: string }) => {
      const list = own(PrefixListId);
      prefixLists.delete(list.id);
      tags.delete(list.id);
      return { PrefixList: { ...describeList(context, list), State: 'delete-complete' } };
    },
    GetManagedPrefixListEntries: ({ PrefixListId }: { PrefixListId: string }) => ({
      Entries: existing(prefixLists, PrefixListId, noList).entries,
    }),
    DescribeManagedPrefixLists: (input: DescribeRequest & { PrefixListIds?: readonly string[] }) => {
      const { items, NextToken } = selected(input);
      return { PrefixLists: items.map((list) => describeList(context, list)), NextToken };
    },
    DescribePrefixLists: (input: DescribeRequest & { PrefixListIds?: readonly string[] }) => {
      const { items, NextToken } = selected(input);
      const PrefixLists = items
        .filter(({ owner }) => owner === 'AWS')
        .map(({ id, name, entries }) => ({
          ...{ PrefixListId: id, PrefixListName: name, Cidrs: entries.map(({ Cidr }) => Cidr) },
        }));
      return { PrefixLists, NextToken };
    },
  };
}

/** Network ACLs, endpoints and prefix lists: kept and shown. Nothing of them filters or routes real traffic. */
export function boundaryOperations(context: NetworkContext): Record<string, Operation> {
  return { ...aclOperations(context), ...endpointOperations(context), ...prefixListOperations(context) };
}
