import { randomBytes } from 'node:crypto';
import type { EcsContext } from '../ecsService/context';
import type { Eni, Task } from '../ecsService/types';
import type { ElbState } from '../elb/types';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { ec2Id } from '../ids';
import { type DescribeRequest, select } from './filters';
import { boundaryOperations } from './boundaries';
import { instanceOperations } from './instances';
import { type Network, type OwnEni, type SecurityGroup, type Subnet, defaultVpc } from './network';
import { type NetworkContext, type Tagging, existing, partsOf, tagList, tagNew } from './parts';
import { realPorts } from './realPorts';
import { routingOperations } from './routing';
import { describePermissions, egressOf, groupNamed, securityGroupRuleOperations } from './securityGroups';
import { describeVpc, vpcOperations } from './vpcs';

interface Ec2Context {
  readonly network: Network;
  readonly ecs: EcsContext;
  readonly elb: ElbState;
}

const partsContext = ({ network, ecs }: Ec2Context): NetworkContext => ({
  ...{ network, place: ecs.place, now: () => ecs.clock.now() },
});

const sizeOf = ({ cidr }: Subnet): number => 2 ** (32 - Number(cidr.split('/')[1]));

/** Where network interfaces are: those of tasks and those that somebody made. */
function allEnis(context: Ec2Context): { readonly subnet: string; readonly groups?: readonly string[] }[] {
  const own = partsOf(partsContext(context)).enis.values();
  return [...own, ...enis(context.ecs).map(({ eni: { subnet, groups = [] } }) => ({ subnet, groups }))];
}

function describeSubnet(context: Ec2Context, subnet: Subnet): Record<string, unknown> {
  const { account, region } = context.ecs.place;
  return {
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: `use1-az${subnet.zone.endsWith('a') ? 1 : 2}`,
    OwnerId: account,
    SubnetArn: `arn:aws:ec2:${region}:${account}:subnet/${subnet.id}`,
    SubnetId: subnet.id,
    State: 'available',
    VpcId: subnet.vpc,
    CidrBlock: subnet.cidr,
    AvailableIpAddressCount: sizeOf(subnet) - 5 - allEnis(context).filter((eni) => eni.subnet === subnet.id).length,
    DefaultForAz: !subnet.own,
    MapPublicIpOnLaunch: subnet.publicIp ?? true,
    Tags: tagList(partsOf(partsContext(context)), subnet.id),
  };
}

function describeGroup({ network, ecs, elb }: Ec2Context, group: SecurityGroup): Record<string, unknown> {
  const { account, region } = ecs.place;
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpc,
    OwnerId: account,
    SecurityGroupArn: `arn:aws:ec2:${region}:${account}:security-group/${group.id}`,
    IpPermissions: describePermissions([...group.ingress, ...realPorts(elb, group)], account),
    IpPermissionsEgress: describePermissions(egressOf(group), account),
    Tags: tagList(partsOf({ network, place: ecs.place }), group.id),
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
function deleteGroup(context: Ec2Context, id: string): unknown {
  const { network } = context;
  const group = groupNamed(network, id);
  if (group.name === 'default') {
    throw new ApiError('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
  }
  if (allEnis(context).some(({ groups }) => groups?.includes(id))) {
    throw new ApiError('DependencyViolation', `resource ${id} has a dependent object`);
  }
  network.groups.delete(id);
  partsOf(partsContext(context)).tags.delete(id);
  return { Return: true, GroupId: id };
}

/** Reads of the network that tasks and load balancers live in. Nothing of it filters or routes real traffic. */
export function ec2Operations(context: Ec2Context): Record<string, Operation> {
  const { network, ecs } = context;
  const { region } = ecs.place;
  const parts = partsContext(context);
  const { tags } = partsOf(parts);
  return {
    ...vpcOperations(parts, {
      taken: (subnet) => allEnis(context).some((eni) => eni.subnet === subnet),
      describeSubnet: (subnet) => describeSubnet(context, subnet),
    }),
    ...routingOperations(parts),
    ...boundaryOperations(parts),
    ...eniOperations(context),
    ...securityGroupRuleOperations(network, ecs.place),
    ...instanceOperations(network, ecs),
    DescribeVpcs: (input: DescribeRequest & { VpcIds?: readonly string[] }) => {
      const { items, NextToken } = select([...network.vpcs.values()], input, {
        ids: input.VpcIds ?? [],
        idOf: ({ id }) => id,
        error: 'InvalidVpcID.NotFound',
        tags,
        values: {
          ...{ 'vpc-id': ({ id }) => id, cidr: ({ cidr }) => cidr, state: () => 'available' },
          ...{ 'is-default': ({ own }) => String(!own), isDefault: ({ own }) => String(!own) },
        },
      });
      return { Vpcs: items.map((vpc) => describeVpc(parts, vpc)), NextToken };
    },
    DescribeSubnets: (input: DescribeRequest & { SubnetIds?: readonly string[] }) => {
      const { items, NextToken } = select([...network.subnets.values()], input, {
        ids: input.SubnetIds ?? [],
        idOf: ({ id }) => id,
        error: 'InvalidSubnetID.NotFound',
        tags,
        values: {
          'subnet-id': ({ id }) => id,
          'vpc-id': ({ vpc }) => vpc,
          'availability-zone': ({ zone }) => zone,
          'default-for-az': ({ own }) => String(!own),
          'cidr-block': ({ cidr }) => cidr,
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
        tags,
        values: { 'group-id': ({ id }) => id, 'group-name': ({ name }) => name, 'vpc-id': ({ vpc }) => vpc },
      });
      return { SecurityGroups: items.map((group) => describeGroup(context, group)), NextToken };
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

/** An interface as it is shown, of a task or of one's own. */
function describeOwn({ ecs, network }: Ec2Context, eni: OwnEni): Record<string, unknown> {
  const { region, account } = ecs.place;
  const name = `ip-${eni.ip.replaceAll('.', '-')}.ec2.internal`;
  return {
    ...{ NetworkInterfaceId: eni.id, Description: eni.description, InterfaceType: 'interface', OwnerId: account },
    AvailabilityZone: network.subnets.get(eni.subnet)?.zone ?? `${region}a`,
    Groups: eni.groups.map((id) => ({ GroupId: id, GroupName: network.groups.get(id)?.name ?? id })),
    ...{ MacAddress: eni.mac, PrivateDnsName: name, PrivateIpAddress: eni.ip, RequesterManaged: false },
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName: name, PrivateIpAddress: eni.ip }],
    ...{ SourceDestCheck: true, Status: 'available', SubnetId: eni.subnet },
    VpcId: network.subnets.get(eni.subnet)?.vpc ?? defaultVpc,
    TagSet: tagList(partsOf({ network, place: ecs.place }), eni.id),
  };
}

interface CreateEniRequest extends Tagging {
  readonly SubnetId: string;
  readonly Description?: string;
  readonly Groups?: readonly string[];
  readonly PrivateIpAddress?: string;
}

function createEni(context: Ec2Context, input: CreateEniRequest): unknown {
  const { network, ecs } = context;
  const parts = partsOf({ network, place: ecs.place });
  const subnet = existing(network.subnets, input.SubnetId, 'InvalidSubnetID.NotFound');
  const groups = input.Groups ?? [];
  for (const id of groups) groupNamed(network, id);
  const usual = [...network.groups.values()].find(({ vpc, name }) => vpc === subnet.vpc && name === 'default');
  const [a = '', b = '', c = ''] = subnet.cidr.split('.');
  const digits = randomBytes(4).toString('hex');
  const eni: OwnEni = {
    ...{ id: ec2Id('eni'), subnet: subnet.id, description: input.Description ?? '' },
    ip: input.PrivateIpAddress ?? `${a}.${b}.${c}.${(parts.enis.size % 100) + 150}`,
    mac: `02:42:${digits.match(/../g)?.join(':') ?? ''}`,
    groups: groups.length > 0 ? groups : usual ? [usual.id] : [],
  };
  parts.enis.set(eni.id, eni);
  tagNew(parts, eni.id, input);
  return { NetworkInterface: describeOwn(context, eni) };
}

/** Network interfaces: those of tasks, which ECS manages, and those that somebody made. */
function eniOperations(context: Ec2Context): Record<string, Operation> {
  const { network, ecs } = context;
  const { enis: own, tags } = partsOf({ network, place: ecs.place });
  const noEni = 'InvalidNetworkInterfaceID.NotFound';
  return {
    CreateNetworkInterface: (input: CreateEniRequest) => createEni(context, input),
    DeleteNetworkInterface: ({ NetworkInterfaceId: id }: { NetworkInterfaceId: string }) => {
      if (enis(ecs).some(({ eni }) => eni.eniId === id)) {
        throw new ApiError(
          'OperationNotPermitted',
          `You are not allowed to manage the network interface ${id} of a task.`,
        );
      }
      existing(own, id, noEni);
      own.delete(id);
      tags.delete(id);
    },
    DescribeNetworkInterfaces: (input: DescribeRequest & { NetworkInterfaceIds?: readonly string[] }) => {
      const shown = [
        ...enis(ecs).map((found) => ({
          ...found.eni,
          made: describeEni(context, found),
        })),
        ...[...own.values()].map((eni) => ({ ...eni, made: describeOwn(context, eni) })),
      ];
      const { items, NextToken } = select(shown, input, {
        ids: input.NetworkInterfaceIds ?? [],
        idOf: ({ made }) => String(made['NetworkInterfaceId']),
        error: noEni,
        tags,
        values: {
          'network-interface-id': ({ made }) => String(made['NetworkInterfaceId']),
          'subnet-id': ({ subnet }) => subnet,
          'group-id': ({ groups }) => groups ?? [],
          'vpc-id': ({ subnet }) => network.subnets.get(subnet)?.vpc ?? defaultVpc,
          status: ({ made }) => String(made['Status']),
          description: ({ made }) => String(made['Description']),
          'addresses.private-ip-address': ({ ip }) => ip,
          'private-ip-address': ({ ip }) => ip,
        },
      });
      return { NetworkInterfaces: items.map(({ made }) => made), NextToken };
    },
  };
}
