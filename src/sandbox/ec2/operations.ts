import type { EcsContext } from '../ecsService/context';
import type { Eni, Task } from '../ecsService/types';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { ec2Id } from '../ids';
import { type DescribeRequest, select } from './filters';
import { instanceOperations } from './instances';
import { type Network, type SecurityGroup, type Subnet, defaultVpc } from './network';
import { describePermissions, egressOf, groupNamed, securityGroupRuleOperations } from './securityGroups';

interface Ec2Context {
  readonly network: Network;
  readonly ecs: EcsContext;
}

function describeSubnet({ ecs }: Ec2Context, subnet: Subnet): Record<string, unknown> {
  const { account, region } = ecs.place;
  return {
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: `use1-az${subnet.zone.endsWith('a') ? 1 : 2}`,
    OwnerId: account,
    SubnetArn: `arn:aws:ec2:${region}:${account}:subnet/${subnet.id}`,
    SubnetId: subnet.id,
    State: 'available',
    VpcId: subnet.vpc,
    CidrBlock: subnet.cidr,
    AvailableIpAddressCount: 32_763 - enis(ecs).filter(({ eni }) => eni.subnet === subnet.id).length,
    DefaultForAz: true,
    MapPublicIpOnLaunch: true,
    Tags: [],
  };
}

function describeGroup({ ecs }: Ec2Context, group: SecurityGroup): Record<string, unknown> {
  const { account, region } = ecs.place;
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpc,
    OwnerId: account,
    SecurityGroupArn: `arn:aws:ec2:${region}:${account}:security-group/${group.id}`,
    IpPermissions: describePermissions(group.ingress, account),
    IpPermissionsEgress: describePermissions(egressOf(group), account),
    Tags: [],
  };
}

interface TaskEni {
  readonly task: Task;
  readonly eni: Eni;
}

/** The network interfaces of tasks that are still there. */
function enis({ state }: EcsContext): TaskEni[] {
  return [...state.clusters.values()].flatMap((cluster) =>
    [...cluster.tasks.values()].flatMap((task) =>
      task.eni && task.eni.status !== 'DELETED' ? [{ task, eni: task.eni }] : [],
    ),
  );
}

/** No public address: tasks are reached on the ports of 127.0.0.1 that their `networkBindings` show. */
function describeEni({ ecs, network }: Ec2Context, { task, eni }: TaskEni): Record<string, unknown> {
  const name = `ip-${eni.ip.replaceAll('.', '-')}.ec2.internal`;
  const groups = eni.groups ?? [];
  return {
    NetworkInterfaceId: eni.eniId,
    AvailabilityZone: network.subnets.get(eni.subnet)?.zone,
    Description: task.arn.replace(':task/', ':attachment/').replace(/[^/]+$/, eni.id),
    Groups: groups.map((id) => ({ GroupId: id, GroupName: network.groups.get(id)?.name ?? id })),
    InterfaceType: 'interface',
    MacAddress: eni.mac,
    OwnerId: ecs.place.account,
    PrivateDnsName: name,
    PrivateIpAddress: eni.ip,
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName: name, PrivateIpAddress: eni.ip }],
    RequesterManaged: true,
    SourceDestCheck: true,
    Status: eni.status === 'ATTACHED' ? 'in-use' : 'available',
    SubnetId: eni.subnet,
    VpcId: network.subnets.get(eni.subnet)?.vpc ?? defaultVpc,
    TagSet: [],
  };
}

function routeTable({ network, ecs }: Ec2Context): Record<string, unknown> {
  const association = {
    Main: true,
    RouteTableAssociationId: network.routeTable.replace('rtb-', 'rtbassoc-'),
    RouteTableId: network.routeTable,
    AssociationState: { State: 'associated' },
  };
  const route = { Origin: 'CreateRoute', State: 'active', DestinationCidrBlock: '0.0.0.0/0' };
  return {
    RouteTableId: network.routeTable,
    VpcId: defaultVpc,
    OwnerId: ecs.place.account,
    Associations: [association],
    PropagatingVgws: [],
    Routes: [
      { Origin: 'CreateRouteTable', State: 'active', DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' },
      { ...route, GatewayId: network.internetGateway },
    ],
    Tags: [],
  };
}

interface CreateGroupRequest {
  readonly Description: string;
  readonly GroupName: string;
  readonly VpcId?: string;
}

function createGroup(context: Ec2Context, request: CreateGroupRequest): unknown {
  const { network, ecs } = context;
  const vpc = request.VpcId ?? defaultVpc;
  if (!network.vpcs.has(vpc)) throw new ApiError('InvalidVpcID.NotFound', `The vpc ID '${vpc}' does not exist`);
  if ([...network.groups.values()].some((group) => group.name === request.GroupName && group.vpc === vpc)) {
    const text = `The security group '${request.GroupName}' already exists for VPC '${vpc}'`;
    throw new ApiError('InvalidGroup.Duplicate', text);
  }
  const id = ec2Id('sg');
  network.groups.set(id, { id, name: request.GroupName, description: request.Description, vpc, ingress: [] });
  const SecurityGroupArn = `arn:aws:ec2:${ecs.place.region}:${ecs.place.account}:security-group/${id}`;
  return { GroupId: id, Tags: [], SecurityGroupArn };
}

/** The default group of a VPC stays, and so does one that a network interface uses. */
function deleteGroup({ network, ecs }: Ec2Context, id: string): unknown {
  const group = groupNamed(network, id);
  if (group.name === 'default') {
    throw new ApiError('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
  }
  if (enis(ecs).some(({ eni }) => eni.groups?.includes(id))) {
    throw new ApiError('DependencyViolation', `resource ${id} has a dependent object`);
  }
  network.groups.delete(id);
  return { Return: true, GroupId: id };
}

/** Reads of the network that tasks and load balancers live in. Nothing of it filters or routes real traffic. */
export function ec2Operations(context: Ec2Context): Record<string, Operation> {
  const { network, ecs } = context;
  const { account, region } = ecs.place;
  return {
    ...simpleReads(context),
    ...securityGroupRuleOperations(network, ecs.place),
    ...instanceOperations(network, ecs),
    DescribeVpcs: (input: DescribeRequest & { VpcIds?: readonly string[] }) => {
      const values = { 'vpc-id': ({ id }: { id: string }) => id, 'is-default': () => 'true', isDefault: () => 'true' };
      const found = { ids: input.VpcIds ?? [], idOf: ({ id }: { id: string }) => id, values };
      const { items, NextToken } = select([...network.vpcs.values()], input, {
        ...found,
        error: 'InvalidVpcID.NotFound',
      });
      const common = { OwnerId: account, InstanceTenancy: 'default', IsDefault: true, State: 'available', Tags: [] };
      return { Vpcs: items.map(({ id, cidr }) => ({ ...common, VpcId: id, CidrBlock: cidr })), NextToken };
    },
    DescribeSubnets: (input: DescribeRequest & { SubnetIds?: readonly string[] }) => {
      const { items, NextToken } = select([...network.subnets.values()], input, {
        ids: input.SubnetIds ?? [],
        idOf: ({ id }) => id,
        error: 'InvalidSubnetID.NotFound',
        values: {
          'subnet-id': ({ id }) => id,
          'vpc-id': ({ vpc }) => vpc,
          'availability-zone': ({ zone }) => zone,
          'default-for-az': () => 'true',
        },
      });
      return { Subnets: items.map((subnet) => describeSubnet(context, subnet)), NextToken };
    },
    DescribeSecurityGroups: (
      input: DescribeRequest & { GroupIds?: readonly string[]; GroupNames?: readonly string[] },
    ) => {
      const named = [...network.groups.values()].filter(
        ({ name }) => !input.GroupNames?.length || input.GroupNames.includes(name),
      );
      const { items, NextToken } = select(named, input, {
        ids: input.GroupIds ?? [],
        idOf: ({ id }) => id,
        error: 'InvalidGroup.NotFound',
        values: { 'group-id': ({ id }) => id, 'group-name': ({ name }) => name, 'vpc-id': ({ vpc }) => vpc },
      });
      return { SecurityGroups: items.map((group) => describeGroup(context, group)), NextToken };
    },
    DescribeNetworkInterfaces: (input: DescribeRequest & { NetworkInterfaceIds?: readonly string[] }) => {
      const { items, NextToken } = select(enis(ecs), input, {
        ids: input.NetworkInterfaceIds ?? [],
        idOf: ({ eni }) => eni.eniId,
        error: 'InvalidNetworkInterfaceID.NotFound',
        values: {
          'network-interface-id': ({ eni }) => eni.eniId,
          'subnet-id': ({ eni }) => eni.subnet,
          'group-id': ({ eni }) => eni.groups ?? [],
          'vpc-id': ({ eni }) => network.subnets.get(eni.subnet)?.vpc ?? defaultVpc,
          'addresses.private-ip-address': ({ eni }) => eni.ip,
        },
      });
      return { NetworkInterfaces: items.map((found) => describeEni(context, found)), NextToken };
    },
    DescribeAvailabilityZones: () => ({
      AvailabilityZones: ['a', 'b'].map((letter, index) => ({
        ZoneName: `${region}${letter}`,
        ZoneId: `use1-az${index + 1}`,
        ZoneType: 'availability-zone',
        RegionName: region,
        State: 'available',
        OptInStatus: 'opt-in-not-required',
      })),
    }),
    CreateSecurityGroup: (input: CreateGroupRequest) => createGroup(context, input),
    DeleteSecurityGroup: ({ GroupId = '' }: { GroupId?: string }) => deleteGroup(context, GroupId),
  };
}

function simpleReads(context: Ec2Context): Record<string, Operation> {
  const { network, ecs } = context;
  return {
    DescribeRouteTables: (input: DescribeRequest & { RouteTableIds?: readonly string[] }) => {
      const { items, NextToken } = select([routeTable(context)], input, {
        ids: input.RouteTableIds ?? [],
        idOf: () => network.routeTable,
        error: 'InvalidRouteTableID.NotFound',
        values: {
          'vpc-id': () => defaultVpc,
          'route-table-id': () => network.routeTable,
          'association.main': () => 'true',
          // The subnets have no association of their own: they follow the main table, as on AWS.
          'association.subnet-id': () => [],
        },
      });
      return { RouteTables: items, NextToken };
    },
    DescribeInternetGateways: (input: DescribeRequest & { InternetGatewayIds?: readonly string[] }) => {
      const { items, NextToken } = select([network.internetGateway], input, {
        ids: input.InternetGatewayIds ?? [],
        idOf: (id) => id,
        error: 'InvalidInternetGatewayID.NotFound',
        values: { 'attachment.vpc-id': () => defaultVpc, 'internet-gateway-id': (id) => id },
      });
      const Attachments = [{ State: 'attached', VpcId: defaultVpc }];
      const common = { Attachments, OwnerId: ecs.place.account, Tags: [] };
      return { InternetGateways: items.map((InternetGatewayId) => ({ ...common, InternetGatewayId })), NextToken };
    },
    DescribeNatGateways: () => ({ NatGateways: [] }),
    DescribeVpcEndpoints: (input: { VpcEndpointIds?: readonly string[] }) => {
      const [id] = input.VpcEndpointIds ?? [];
      if (id === undefined) return { VpcEndpoints: [] };
      throw new ApiError('InvalidVpcEndpointId.NotFound', `The Vpc Endpoint Id '${id}' does not exist`);
    },
  };
}
