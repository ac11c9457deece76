import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { ec2Id } from '../ids';
import { type DescribeRequest, select } from './filters';
import type { Gateway, NatGateway, Route, RouteTable } from './network';
import { type NetworkContext, type Tagging, existing, inUse, invalid, partsOf, tagList, tagNew } from './parts';

const destinations = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'] as const;
const ways = ['GatewayId', 'NatGatewayId', 'NetworkInterfaceId', 'VpcEndpointId', 'TransitGatewayId', 'InstanceId'];
const noTable = 'InvalidRouteTableID.NotFound';

type RouteRequest = { readonly RouteTableId: string } & Readonly<Record<string, string | undefined>>;

/** Where a request wants to go and by what way. @throws ApiError unless it names exactly one of each, which exist. */
function routeFrom(context: NetworkContext, request: RouteRequest): Route {
  const { gateways, nats, prefixLists } = partsOf(context);
  const named = (names: readonly string[]): [string, string][] =>
    names.flatMap((name): [string, string][] => (request[name] === undefined ? [] : [[name, request[name]]]));
  const [to, by] = [named(destinations), named(ways)];
  if (to.length !== 1 || by.length !== 1) {
    throw new ApiError('MissingParameter', 'The request must contain exactly one destination and exactly one target');
  }
  const route = Object.fromEntries([...to, ...by]);
  const { GatewayId, NatGatewayId, DestinationPrefixListId: list } = route;
  if (GatewayId !== undefined && GatewayId !== 'local') existing(gateways, GatewayId, 'InvalidGatewayID.NotFound');
  if (NatGatewayId !== undefined) existing(nats, NatGatewayId, 'NatGatewayNotFound');
  if (list !== undefined) existing(prefixLists, list, 'InvalidPrefixListID.NotFound');
  if (route['TransitGatewayId'] !== undefined || route['InstanceId'] !== undefined) {
    throw invalid('Routes to transit gateways and instances are not in the sandbox');
  }
  return route;
}

const sameWay = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean =>
  destinations.some((name) => a[name] !== undefined && a[name] === b[name]);

/** A route to what is no longer there is a black hole. Gateway endpoints add routes of their own. */
function describeRoutes(context: NetworkContext, table: RouteTable): unknown[] {
  const { gateways, nats, endpoints, prefixLists } = partsOf(context);
  const alive = ({ GatewayId, NatGatewayId }: Route): boolean =>
    (GatewayId === undefined || GatewayId === 'local' || gateways.get(GatewayId)?.vpc === table.vpc) &&
    (NatGatewayId === undefined || nats.get(NatGatewayId)?.deletedAt === undefined);
  const own = table.routes.map((route) => ({
    ...route,
    Origin: route['GatewayId'] === 'local' ? 'CreateRouteTable' : 'CreateRoute',
    State: alive(route) ? 'active' : 'blackhole',
  }));
  const through = [...endpoints.values()]
    .filter(({ routeTables }) => routeTables.includes(table.id))
    .flatMap(({ id, service }) => {
      const list = [...prefixLists.values()].find(({ name }) => name === service);
      return list ? [{ DestinationPrefixListId: list.id, GatewayId: id, Origin: 'CreateRoute', State: 'active' }] : [];
    });
  return [...own, ...through];
}

function describeTable(context: NetworkContext, table: RouteTable): Record<string, unknown> {
  const Associations = [...table.associations].map(([id, subnet]) => ({
    ...{ RouteTableAssociationId: id, RouteTableId: table.id, Main: subnet === undefined, SubnetId: subnet },
    AssociationState: { State: 'associated' },
  }));
  return {
    ...{ RouteTableId: table.id, VpcId: table.vpc, OwnerId: context.place.account, Associations },
    ...{ PropagatingVgws: [], Routes: describeRoutes(context, table), Tags: tagList(partsOf(context), table.id) },
  };
}

/** The table that holds an association. @throws ApiError */
function holder(context: NetworkContext, association: string): RouteTable {
  const { routeTables } = partsOf(context);
  const table = [...routeTables.values()].find(({ associations }) => associations.has(association));
  if (table) return table;
  throw new ApiError('InvalidAssociationID.NotFound', `The association ID '${association}' does not exist`);
}

function associationOperations(context: NetworkContext): Record<string, Operation> {
  const { network } = context;
  const { routeTables } = partsOf(context);
  const AssociationState = { State: 'associated' };
  return {
    AssociateRouteTable: ({ RouteTableId, SubnetId }: { RouteTableId: string; SubnetId?: string }) => {
      const table = existing(routeTables, RouteTableId, noTable);
      const subnet = existing(network.subnets, SubnetId, 'InvalidSubnetID.NotFound');
      if (subnet.vpc !== table.vpc)
        throw invalid(`Route table ${table.id} and subnet ${subnet.id} belong to different networks`);
      for (const other of routeTables.values()) {
        if (![...other.associations.values()].includes(subnet.id)) continue;
        throw new ApiError('Resource.AlreadyAssociated', `The subnet ${subnet.id} already has a route table`);
      }
      const id = ec2Id('rtbassoc');
      table.associations.set(id, subnet.id);
      return { AssociationId: id, AssociationState };
    },
    ReplaceRouteTableAssociation: (input: { AssociationId: string; RouteTableId: string }) => {
      const table = existing(routeTables, input.RouteTableId, noTable);
      const former = holder(context, input.AssociationId);
      const subnet = former.associations.get(input.AssociationId);
      former.associations.delete(input.AssociationId);
      const id = ec2Id('rtbassoc');
      table.associations.set(id, subnet);
      return { NewAssociationId: id, AssociationState };
    },
    DisassociateRouteTable: ({ AssociationId }: { AssociationId: string }) => {
      const { associations } = holder(context, AssociationId);
      if (associations.get(AssociationId) === undefined) {
        throw invalid('cannot disassociate the main route table association');
      }
      associations.delete(AssociationId);
    },
  };
}

function tableOperations(context: NetworkContext): Record<string, Operation> {
  const parts = partsOf(context);
  const { routeTables, tags } = parts;
  const tableOf = (id: string): RouteTable => existing(routeTables, id, noTable);
  return {
    ...associationOperations(context),
    CreateRouteTable: (input: Tagging & { VpcId: string }) => {
      const vpc = existing(context.network.vpcs, input.VpcId, 'InvalidVpcID.NotFound');
      const routes = [{ DestinationCidrBlock: vpc.cidr, GatewayId: 'local' }];
      const table: RouteTable = { id: ec2Id('rtb'), vpc: vpc.id, routes, associations: new Map() };
      routeTables.set(table.id, table);
      tagNew(parts, table.id, input);
      return { RouteTable: describeTable(context, table) };
    },
    DeleteRouteTable: ({ RouteTableId }: { RouteTableId: string }) => {
      if (tableOf(RouteTableId).associations.size > 0) {
        const text = `The routeTable '${RouteTableId}' has dependencies and cannot be deleted.`;
        throw new ApiError('DependencyViolation', text);
      }
      routeTables.delete(RouteTableId);
      tags.delete(RouteTableId);
    },
    CreateRoute: (input: RouteRequest) => {
      const table = tableOf(input.RouteTableId);
      const route = routeFrom(context, input);
      if (table.routes.some((other) => sameWay(other, route))) {
        throw new ApiError('RouteAlreadyExists', 'The route identified by this destination already exists.');
      }
      table.routes.push(route);
      return { Return: true };
    },
    ReplaceRoute: (input: RouteRequest) => {
      const table = tableOf(input.RouteTableId);
      const route = routeFrom(context, input);
      if (!table.routes.some((other) => sameWay(other, route))) throw noRoute();
      table.routes = table.routes.map((other) => (sameWay(other, route) ? route : other));
    },
    DeleteRoute: (input: RouteRequest) => {
      const table = tableOf(input.RouteTableId);
      const found = table.routes.find((other) => sameWay(other, input));
      if (!found) throw noRoute();
      if (found['GatewayId'] === 'local') throw invalid('cannot remove local route in route table');
      table.routes = table.routes.filter((other) => other !== found);
    },
    DescribeRouteTables: (input: DescribeRequest & { RouteTableIds?: readonly string[] }) => {
      const subnetsOf = ({ associations }: RouteTable): string[] =>
        [...associations.values()].filter((subnet) => subnet !== undefined);
      const { items, NextToken } = select([...routeTables.values()], input, {
        ids: input.RouteTableIds ?? [],
        idOf: ({ id }) => id,
        error: noTable,
        tags,
        values: {
          'vpc-id': ({ vpc }) => vpc,
          'route-table-id': ({ id }) => id,
          'association.main': ({ associations }) => [...associations.values()].map((it) => String(it === undefined)),
          // A subnet without an association of its own follows the main table, and is not found by this, as on AWS.
          'association.subnet-id': subnetsOf,
          'association.route-table-association-id': ({ associations }) => [...associations.keys()],
          'route.gateway-id': ({ routes }) => routes.flatMap(({ GatewayId }) => GatewayId ?? []),
          'route.nat-gateway-id': ({ routes }) => routes.flatMap(({ NatGatewayId }) => NatGatewayId ?? []),
          'route.destination-cidr-block': ({ routes }) =>
            routes.flatMap(({ DestinationCidrBlock }) => DestinationCidrBlock ?? []),
        },
      });
      return { RouteTables: items.map((table) => describeTable(context, table)), NextToken };
    },
  };
}

const noRoute = (): ApiError =>
  new ApiError('InvalidRoute.NotFound', 'no route with this destination in the route table');

function describeGateway(context: NetworkContext, { id, vpc }: Gateway): Record<string, unknown> {
  const Attachments = vpc === undefined ? [] : [{ State: 'available', VpcId: vpc }];
  const Tags = tagList(partsOf(context), id);
  return { InternetGatewayId: id, OwnerId: context.place.account, Attachments, Tags };
}

function gatewayOperations(context: NetworkContext): Record<string, Operation> {
  const parts = partsOf(context);
  const { gateways, tags } = parts;
  const of = (id: string): Gateway => existing(gateways, id, 'InvalidInternetGatewayID.NotFound');
  return {
    CreateInternetGateway: (input: Tagging) => {
      const gateway: Gateway = { id: ec2Id('igw'), vpc: undefined };
      gateways.set(gateway.id, gateway);
      tagNew(parts, gateway.id, input);
      return { InternetGateway: describeGateway(context, gateway) };
    },
    AttachInternetGateway: ({ InternetGatewayId, VpcId }: { InternetGatewayId: string; VpcId: string }) => {
      const gateway = of(InternetGatewayId);
      existing(context.network.vpcs, VpcId, 'InvalidVpcID.NotFound');
      if (gateway.vpc !== undefined) {
        throw new ApiError(
          'Resource.AlreadyAssociated',
          `resource ${gateway.id} is already attached to network ${gateway.vpc}`,
        );
      }
      if ([...gateways.values()].some(({ vpc }) => vpc === VpcId)) {
        throw invalid(`Network ${VpcId} already has an internet gateway attached`);
      }
      gateway.vpc = VpcId;
    },
    DetachInternetGateway: ({ InternetGatewayId, VpcId }: { InternetGatewayId: string; VpcId: string }) => {
      const gateway = of(InternetGatewayId);
      if (gateway.vpc !== VpcId) {
        throw new ApiError('Gateway.NotAttached', `resource ${gateway.id} is not attached to network ${VpcId}`);
      }
      gateway.vpc = undefined;
    },
    DeleteInternetGateway: ({ InternetGatewayId }: { InternetGatewayId: string }) => {
      if (of(InternetGatewayId).vpc !== undefined) throw inUse(InternetGatewayId);
      gateways.delete(InternetGatewayId);
      tags.delete(InternetGatewayId);
    },
    DescribeInternetGateways: (input: DescribeRequest & { InternetGatewayIds?: readonly string[] }) => {
      const { items, NextToken } = select([...gateways.values()], input, {
        ids: input.InternetGatewayIds ?? [],
        idOf: ({ id }) => id,
        error: 'InvalidInternetGatewayID.NotFound',
        tags,
        values: { 'attachment.vpc-id': ({ vpc }) => vpc ?? [], 'internet-gateway-id': ({ id }) => id },
      });
      return { InternetGateways: items.map((gateway) => describeGateway(context, gateway)), NextToken };
    },
  };
}

const stateOf = ({ deletedAt }: NatGateway): string => (deletedAt === undefined ? 'available' : 'deleted');

function describeNat(context: NetworkContext, nat: NatGateway): Record<string, unknown> {
  const { addresses } = partsOf(context);
  const PublicIp = addresses.get(nat.allocation ?? '')?.ip;
  return {
    ...{ NatGatewayId: nat.id, SubnetId: nat.subnet, VpcId: nat.vpc, State: stateOf(nat) },
    ...{ ConnectivityType: nat.connectivity, CreateTime: new Date(nat.createdAt), AvailabilityMode: 'zonal' },
    DeleteTime: nat.deletedAt === undefined ? undefined : new Date(nat.deletedAt),
    NatGatewayAddresses: [
      { AllocationId: nat.allocation, PublicIp, PrivateIp: nat.address, IsPrimary: true, Status: 'succeeded' },
    ],
    Tags: tagList(partsOf(context), nat.id),
  };
}

interface NatRequest extends Tagging {
  readonly SubnetId?: string;
  readonly AllocationId?: string;
  readonly ConnectivityType?: string;
  readonly PrivateIpAddress?: string;
}

function natOperations(context: NetworkContext): Record<string, Operation> {
  const parts = partsOf(context);
  const { nats, tags, addresses } = parts;
  return {
    CreateNatGateway: (input: NatRequest) => {
      const { AllocationId: allocation, ConnectivityType: connectivity = 'public' } = input;
      const subnet = existing(context.network.subnets, input.SubnetId, 'InvalidSubnetID.NotFound');
      if (connectivity === 'public') existing(addresses, allocation, 'InvalidAllocationID.NotFound');
      const [first = '', second = '', third = ''] = subnet.cidr.split('.');
      const address = input.PrivateIpAddress ?? `${first}.${second}.${third}.${(nats.size % 200) + 20}`;
      const nat: NatGateway = {
        ...{ id: ec2Id('nat'), subnet: subnet.id, vpc: subnet.vpc, connectivity, allocation, address },
        createdAt: context.now(),
      };
      nats.set(nat.id, nat);
      tagNew(parts, nat.id, input);
      return { NatGateway: describeNat(context, nat) };
    },
    DeleteNatGateway: ({ NatGatewayId }: { NatGatewayId: string }) => {
      const nat = existing(nats, NatGatewayId, 'NatGatewayNotFound');
      // AWS shows it as deleted for about an hour.
      nat.deletedAt ??= context.now();
      return { NatGatewayId };
    },
    DescribeNatGateways: (
      input: DescribeRequest & { Filter?: DescribeRequest['Filters']; NatGatewayIds?: readonly string[] },
    ) => {
      const recent = [...nats.values()].filter(({ deletedAt = Infinity }) => deletedAt > context.now() - 3600_000);
      const request = { ...input, ...(input.Filter ? { Filters: input.Filter } : {}) };
      const { items, NextToken } = select(recent, request, {
        ids: input.NatGatewayIds ?? [],
        idOf: ({ id }) => id,
        error: 'NatGatewayNotFound',
        tags,
        values: {
          ...{ 'nat-gateway-id': ({ id }) => id, 'subnet-id': ({ subnet }) => subnet, 'vpc-id': ({ vpc }) => vpc },
          state: stateOf,
        },
      });
      return { NatGateways: items.map((nat) => describeNat(context, nat)), NextToken };
    },
  };
}

/** Route tables and gateways: kept and shown. The sandbox routes nothing, all of its traffic stays on this machine. */
export function routingOperations(context: NetworkContext): Record<string, Operation> {
  return { ...tableOperations(context), ...gatewayOperations(context), ...natOperations(context) };
}
