import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { ec2Id } from '../ids';
import type { Subnet, Vpc } from './network';
import {
  type NetworkContext,
  type Tagging,
  blockOf,
  existing,
  inUse,
  invalid,
  newAcl,
  partsOf,
  tagList,
  tagNew,
} from './parts';

interface Flag {
  readonly Value?: boolean;
}

const within = (inner: readonly [number, number], outer: readonly [number, number]): boolean =>
  inner[0] >= outer[0] && inner[1] <= outer[1];
const overlap = (a: readonly [number, number], b: readonly [number, number]): boolean => a[0] <= b[1] && b[0] <= a[1];

export function describeVpc(context: NetworkContext, { id, cidr, own = false }: Vpc): Record<string, unknown> {
  const CidrBlockState = { State: 'associated' };
  return {
    ...{ VpcId: id, CidrBlock: cidr, OwnerId: context.place.account, InstanceTenancy: 'default', IsDefault: !own },
    ...{ State: 'available', DhcpOptionsId: 'dopt-0a1b2c3d4e5f60718', Tags: tagList(partsOf(context), id) },
    CidrBlockAssociationSet: [
      { AssociationId: id.replace('vpc-', 'vpc-cidr-assoc-'), CidrBlock: cidr, CidrBlockState },
    ],
  };
}

/** With a VPC come its main route table, its network ACL and its security group. */
function createVpc(context: NetworkContext, input: Tagging & { CidrBlock?: string }): unknown {
  const { network } = context;
  const parts = partsOf(context);
  blockOf(input.CidrBlock, 'InvalidVpc.Range');
  const vpc: Vpc = {
    id: ec2Id('vpc'),
    cidr: input.CidrBlock ?? '',
    own: true,
    dns: { support: true, hostnames: false },
  };
  network.vpcs.set(vpc.id, vpc);
  tagNew(parts, vpc.id, input);
  const acl = newAcl(vpc.id, true);
  parts.acls.set(acl.id, acl);
  const routes = [{ DestinationCidrBlock: vpc.cidr, GatewayId: 'local' }];
  const table = { id: ec2Id('rtb'), vpc: vpc.id, routes, associations: new Map([[ec2Id('rtbassoc'), undefined]]) };
  parts.routeTables.set(table.id, table);
  const group = { id: ec2Id('sg'), name: 'default', description: 'default VPC security group', vpc: vpc.id };
  const inside = { protocol: '-1', from: -1, to: -1, cidrs: [], groups: [group.id] };
  network.groups.set(group.id, { ...group, ingress: [inside] });
  return { Vpc: describeVpc(context, vpc) };
}

function deleteVpc(context: NetworkContext, id: string): void {
  const { network } = context;
  const parts = partsOf(context);
  existing(network.vpcs, id, 'InvalidVpcID.NotFound');
  const mains = [...parts.routeTables.values()].filter(({ vpc }) => vpc === id);
  const blocked =
    [...network.subnets.values()].some(({ vpc }) => vpc === id) ||
    [...parts.gateways.values()].some(({ vpc }) => vpc === id) ||
    [...parts.endpoints.values()].some(({ vpc }) => vpc === id) ||
    [...network.groups.values()].some(({ vpc, name }) => vpc === id && name !== 'default') ||
    [...parts.acls.values()].some(({ vpc, isDefault }) => vpc === id && !isDefault) ||
    mains.length > 1;
  if (blocked) throw new ApiError('DependencyViolation', `The vpc '${id}' has dependencies and cannot be deleted.`);
  for (const { id: table } of mains) parts.routeTables.delete(table);
  for (const acl of parts.acls.values()) if (acl.vpc === id) parts.acls.delete(acl.id);
  for (const group of network.groups.values()) if (group.vpc === id) network.groups.delete(group.id);
  network.vpcs.delete(id);
  parts.tags.delete(id);
}

interface CreateSubnetRequest extends Tagging {
  readonly VpcId: string;
  readonly CidrBlock?: string;
  readonly AvailabilityZone?: string;
}

function createSubnet(context: NetworkContext, input: CreateSubnetRequest): Subnet {
  const { network, place } = context;
  const parts = partsOf(context);
  const vpc = existing(network.vpcs, input.VpcId, 'InvalidVpcID.NotFound');
  const { CidrBlock: cidr = '', AvailabilityZone: zone = `${place.region}a` } = input;
  const block = blockOf(cidr, 'InvalidSubnet.Range');
  if (!within(block, blockOf(vpc.cidr, 'InvalidVpc.Range'))) {
    throw new ApiError('InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`);
  }
  const twin = [...network.subnets.values()].find(
    (other) => other.vpc === vpc.id && overlap(block, blockOf(other.cidr, 'InvalidSubnet.Range')),
  );
  if (twin) throw new ApiError('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`);
  if (!['a', 'b'].some((letter) => zone === `${place.region}${letter}`)) {
    throw invalid(`Value (${zone}) for parameter availabilityZone is invalid.`);
  }
  const subnet: Subnet = { id: ec2Id('subnet'), vpc: vpc.id, zone, cidr, own: true, publicIp: false };
  network.subnets.set(subnet.id, subnet);
  tagNew(parts, subnet.id, input);
  const acl = [...parts.acls.values()].find((candidate) => candidate.vpc === vpc.id && candidate.isDefault);
  acl?.associations.set(ec2Id('aclassoc'), subnet.id);
  return subnet;
}

function deleteSubnet(context: NetworkContext, id: string, taken: (id: string) => boolean): void {
  const parts = partsOf(context);
  existing(context.network.subnets, id, 'InvalidSubnetID.NotFound');
  const nat = [...parts.nats.values()].some(({ subnet, deletedAt }) => subnet === id && deletedAt === undefined);
  const endpoint = [...parts.endpoints.values()].some(({ subnets }) => subnets.includes(id));
  if (nat || endpoint || taken(id)) {
    throw new ApiError('DependencyViolation', `The subnet '${id}' has dependencies and cannot be deleted.`);
  }
  context.network.subnets.delete(id);
  for (const { associations } of [...parts.routeTables.values(), ...parts.acls.values()]) {
    for (const [association, subnet] of associations) if (subnet === id) associations.delete(association);
  }
  parts.tags.delete(id);
}

type Tags = readonly { readonly Key?: string; readonly Value?: string }[];

function tagOperations(context: NetworkContext): Record<string, Operation> {
  const { tags } = partsOf(context);
  return {
    CreateTags: ({ Resources, Tags }: { Resources: readonly string[]; Tags: Tags }) => {
      for (const id of Resources) {
        const own = tags.get(id) ?? new Map<string, string>();
        for (const { Key = '', Value = '' } of Tags) own.set(Key, Value);
        tags.set(id, own);
      }
    },
    DeleteTags: ({ Resources, Tags }: { Resources: readonly string[]; Tags?: Tags }) => {
      for (const id of Resources) {
        if (!Tags) tags.delete(id);
        for (const { Key = '', Value } of Tags ?? []) {
          if (Value === undefined || tags.get(id)?.get(Key) === Value) tags.get(id)?.delete(Key);
        }
      }
    },
  };
}

/** VPCs, subnets and tags. `taken` says whether a network interface is in a subnet. */
export function vpcOperations(
  context: NetworkContext,
  { taken, describeSubnet }: { taken: (subnet: string) => boolean; describeSubnet: (subnet: Subnet) => unknown },
): Record<string, Operation> {
  const { network } = context;
  const vpcOf = (id: string): Vpc => existing(network.vpcs, id, 'InvalidVpcID.NotFound');
  const dnsOf = (vpc: Vpc): { support: boolean; hostnames: boolean } => vpc.dns ?? { support: true, hostnames: true };
  return {
    ...tagOperations(context),
    CreateVpc: (input: Tagging & { CidrBlock?: string }) => createVpc(context, input),
    DeleteVpc: ({ VpcId }: { VpcId: string }) => deleteVpc(context, VpcId),
    DescribeVpcAttribute: ({ VpcId, Attribute }: { VpcId: string; Attribute: string }) => {
      const { support, hostnames } = dnsOf(vpcOf(VpcId));
      if (Attribute === 'enableDnsSupport') return { VpcId, EnableDnsSupport: { Value: support } };
      if (Attribute === 'enableDnsHostnames') return { VpcId, EnableDnsHostnames: { Value: hostnames } };
      return { VpcId, EnableNetworkAddressUsageMetrics: { Value: false } };
    },
    ModifyVpcAttribute: (input: { VpcId: string; EnableDnsSupport?: Flag; EnableDnsHostnames?: Flag }) => {
      const vpc = vpcOf(input.VpcId);
      const { support, hostnames } = dnsOf(vpc);
      const dns = {
        support: input.EnableDnsSupport?.Value ?? support,
        hostnames: input.EnableDnsHostnames?.Value ?? hostnames,
      };
      network.vpcs.set(vpc.id, { ...vpc, dns });
    },
    CreateSubnet: (input: CreateSubnetRequest) => ({ Subnet: describeSubnet(createSubnet(context, input)) }),
    DeleteSubnet: ({ SubnetId }: { SubnetId: string }) => deleteSubnet(context, SubnetId, taken),
    ModifySubnetAttribute: (input: { SubnetId: string; MapPublicIpOnLaunch?: Flag }) => {
      const subnet = existing(network.subnets, input.SubnetId, 'InvalidSubnetID.NotFound');
      if (input.MapPublicIpOnLaunch?.Value !== undefined) subnet.publicIp = input.MapPublicIpOnLaunch.Value;
    },
    ReleaseAddress: ({ AllocationId = '' }: { AllocationId?: string }) => {
      const { addresses, nats } = partsOf(context);
      existing(addresses, AllocationId, 'InvalidAllocationID.NotFound');
      const busy = [...nats.values()].some(({ allocation, deletedAt }) => allocation === AllocationId && !deletedAt);
      if (busy) throw inUse(AllocationId);
      addresses.delete(AllocationId);
    },
    AllocateAddress: (input: Tagging) => {
      const parts = partsOf(context);
      const id = ec2Id('eipalloc');
      // TEST-NET-3: an address that is nobody's.
      const ip = `203.0.113.${(parts.addresses.size % 254) + 1}`;
      parts.addresses.set(id, { id, ip });
      tagNew(parts, id, input);
      return {
        AllocationId: id,
        PublicIp: ip,
        Domain: 'vpc',
        PublicIpv4Pool: 'amazon',
        NetworkBorderGroup: context.place.region,
      };
    },
  };
}
