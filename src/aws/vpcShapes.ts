import type * as sdk from '@aws-sdk/client-ec2';
import type {
  AclEntry,
  Endpoint,
  NatGateway,
  NetworkAcl,
  Permission,
  Route,
  RouteTable,
  SecurityGroup,
  Subnet,
} from '../network/model';
import type { Vpc } from '../network/vpcGateway';

/* From EC2's shapes, in which every member is optional, to Gantry's words. */

export function toSubnet(from: sdk.Subnet): Subnet {
  return {
    ...{ id: from.SubnetId ?? '', vpc: from.VpcId ?? '', zone: from.AvailabilityZone ?? '', cidr: from.CidrBlock },
    ...{ ipv6Cidr: from.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock, name: nameIn(from.Tags) },
  };
}

export function toVpc(from: sdk.Vpc): Vpc {
  const { VpcId = '', CidrBlock = '', IsDefault = false } = from;
  return { id: VpcId, name: nameIn(from.Tags), cidr: CidrBlock, isDefault: IsDefault };
}

function nameIn(tags: readonly sdk.Tag[] = []): string | undefined {
  return tags.find(({ Key }) => Key === 'Name')?.Value || undefined;
}

export function toRouteTable(from: sdk.RouteTable): RouteTable {
  const associations = from.Associations ?? [];
  return {
    ...{ id: from.RouteTableId ?? '', vpc: from.VpcId ?? '' },
    main: associations.some(({ Main }) => Main === true),
    subnets: associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: (from.Routes ?? []).map(toRoute),
  };
}

/** A route has a member for each kind of thing that it may lead to. */
function toRoute(from: sdk.Route): Route {
  const target =
    from.GatewayId ??
    from.NatGatewayId ??
    from.EgressOnlyInternetGatewayId ??
    from.TransitGatewayId ??
    from.VpcPeeringConnectionId ??
    from.NetworkInterfaceId ??
    from.InstanceId ??
    from.LocalGatewayId ??
    from.CarrierGatewayId ??
    from.CoreNetworkArn ??
    '';
  return {
    destination: from.DestinationCidrBlock ?? from.DestinationIpv6CidrBlock ?? from.DestinationPrefixListId ?? '',
    target,
    active: from.State !== 'blackhole',
  };
}

export function toSecurityGroup(from: sdk.SecurityGroup): SecurityGroup {
  return {
    ...{ id: from.GroupId ?? '', name: from.GroupName ?? '' },
    ingress: (from.IpPermissions ?? []).map(toPermission),
    egress: (from.IpPermissionsEgress ?? []).map(toPermission),
  };
}

function toPermission(from: sdk.IpPermission): Permission {
  return {
    ...{ protocol: from.IpProtocol ?? '-1', from: from.FromPort ?? -1, to: from.ToPort ?? -1 },
    cidrs: [
      ...(from.IpRanges ?? []).flatMap(({ CidrIp }) => CidrIp ?? []),
      ...(from.Ipv6Ranges ?? []).flatMap(({ CidrIpv6 }) => CidrIpv6 ?? []),
    ],
    groups: (from.UserIdGroupPairs ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    prefixLists: (from.PrefixListIds ?? []).flatMap(({ PrefixListId }) => PrefixListId ?? []),
  };
}

export function toNetworkAcl(from: sdk.NetworkAcl): NetworkAcl {
  return {
    id: from.NetworkAclId ?? '',
    subnets: (from.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    entries: (from.Entries ?? []).map(toAclEntry),
  };
}

function toAclEntry(from: sdk.NetworkAclEntry): AclEntry {
  return {
    ...{ number: from.RuleNumber ?? 0, egress: from.Egress === true, protocol: from.Protocol ?? '-1' },
    allow: from.RuleAction === 'allow',
    cidr: from.CidrBlock ?? from.Ipv6CidrBlock ?? '',
    ...(from.PortRange ? { from: from.PortRange.From, to: from.PortRange.To } : {}),
  };
}

export function toEndpoint(from: sdk.VpcEndpoint): Endpoint {
  return {
    ...{ id: from.VpcEndpointId ?? '', vpc: from.VpcId ?? '', service: from.ServiceName ?? '' },
    ...{ type: from.VpcEndpointType ?? '', state: from.State ?? '', privateDns: from.PrivateDnsEnabled === true },
    ...{ subnets: from.SubnetIds ?? [], routeTables: from.RouteTableIds ?? [] },
    groups: (from.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  };
}

export function toNatGateway(from: sdk.NatGateway): NatGateway {
  return {
    ...{ id: from.NatGatewayId ?? '', subnet: from.SubnetId ?? '', state: from.State ?? '' },
    isPublic: from.ConnectivityType !== 'private',
  };
}
