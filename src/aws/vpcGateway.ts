import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  GetManagedPrefixListEntriesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { allPages } from '../core/paging';
import type { Endpoint, NatGateway, NetworkAcl, RouteTable, SecurityGroup, Subnet } from '../network/model';
import type { IngressRule, Vpc, VpcGateway } from '../network/vpcGateway';
import type { Caller } from './caller';
import { toEndpoint, toNatGateway, toNetworkAcl, toRouteTable, toSecurityGroup, toSubnet, toVpc } from './vpcShapes';

interface Ec2Page {
  readonly NextToken?: string | undefined;
}

type Options = { abortSignal: AbortSignal };

/** EC2's networks over the AWS SDK. Every answer is read to its end: EC2 may page without being asked to. */
export class SdkVpcGateway implements VpcGateway {
  constructor(
    private readonly ec2: EC2Client,
    private readonly caller: Caller,
  ) {}

  async allowIngress(
    { securityGroup, protocol, fromPort, toPort, source }: IngressRule,
    signal: AbortSignal,
  ): Promise<void> {
    const from = source.startsWith('sg-')
      ? { UserIdGroupPairs: [{ GroupId: source }] }
      : source.includes(':')
        ? { Ipv6Ranges: [{ CidrIpv6: source }] }
        : { IpRanges: [{ CidrIp: source }] };
    const permission = { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort, ...from };
    const input = { GroupId: securityGroup, IpPermissions: [permission] };
    await this.caller.call('ec2:AuthorizeSecurityGroupIngress', 'other', signal, (options) =>
      this.ec2.send(new AuthorizeSecurityGroupIngressCommand(input), options),
    );
  }

  describeVpcs(signal: AbortSignal): Promise<readonly Vpc[]> {
    return this.all(
      'ec2:DescribeVpcs',
      signal,
      (NextToken, options) => this.ec2.send(new DescribeVpcsCommand({ NextToken }), options),
      ({ Vpcs = [] }) => Vpcs.map(toVpc),
    );
  }

  describeSubnetsOf(vpc: string, signal: AbortSignal): Promise<readonly Subnet[]> {
    return this.all(
      'ec2:DescribeSubnets',
      signal,
      (NextToken, options) => this.ec2.send(new DescribeSubnetsCommand({ Filters: inVpc(vpc), NextToken }), options),
      ({ Subnets = [] }) => Subnets.map(toSubnet),
    );
  }

  describeSecurityGroupsOf(vpc: string, signal: AbortSignal): Promise<readonly SecurityGroup[]> {
    return this.all(
      'ec2:DescribeSecurityGroups',
      signal,
      (NextToken, options) =>
        this.ec2.send(new DescribeSecurityGroupsCommand({ Filters: inVpc(vpc), NextToken }), options),
      ({ SecurityGroups = [] }) => SecurityGroups.map(toSecurityGroup),
    );
  }

  describeSubnets(ids: readonly string[], signal: AbortSignal): Promise<readonly Subnet[]> {
    return this.all(
      'ec2:DescribeSubnets',
      signal,
      (NextToken, options) => this.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...ids], NextToken }), options),
      ({ Subnets = [] }) => Subnets.map(toSubnet),
    );
  }

  describeRouteTables(vpc: string, signal: AbortSignal): Promise<readonly RouteTable[]> {
    return this.all(
      'ec2:DescribeRouteTables',
      signal,
      (NextToken, options) =>
        this.ec2.send(new DescribeRouteTablesCommand({ Filters: inVpc(vpc), NextToken }), options),
      ({ RouteTables = [] }) => RouteTables.map(toRouteTable),
    );
  }

  describeSecurityGroups(ids: readonly string[], signal: AbortSignal): Promise<readonly SecurityGroup[]> {
    return this.all(
      'ec2:DescribeSecurityGroups',
      signal,
      (NextToken, options) =>
        this.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [...ids], NextToken }), options),
      ({ SecurityGroups = [] }) => SecurityGroups.map(toSecurityGroup),
    );
  }

  describeNetworkAcls(vpc: string, signal: AbortSignal): Promise<readonly NetworkAcl[]> {
    return this.all(
      'ec2:DescribeNetworkAcls',
      signal,
      (NextToken, options) =>
        this.ec2.send(new DescribeNetworkAclsCommand({ Filters: inVpc(vpc), NextToken }), options),
      ({ NetworkAcls = [] }) => NetworkAcls.map(toNetworkAcl),
    );
  }

  describeEndpoints(vpc: string, signal: AbortSignal): Promise<readonly Endpoint[]> {
    return this.all(
      'ec2:DescribeVpcEndpoints',
      signal,
      (NextToken, options) =>
        this.ec2.send(new DescribeVpcEndpointsCommand({ Filters: inVpc(vpc), NextToken }), options),
      ({ VpcEndpoints = [] }) => VpcEndpoints.map(toEndpoint),
    );
  }

  describeNatGateways(vpc: string, signal: AbortSignal): Promise<readonly NatGateway[]> {
    return this.all(
      'ec2:DescribeNatGateways',
      signal,
      (NextToken, options) =>
        // This operation alone calls its filters `Filter`.
        this.ec2.send(new DescribeNatGatewaysCommand({ Filter: inVpc(vpc), NextToken }), options),
      ({ NatGateways = [] }) => NatGateways.map(toNatGateway),
    );
  }

  describePrefixLists(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly { readonly id: string; readonly name: string; readonly isAws: boolean }[]> {
    return this.all(
      'ec2:DescribeManagedPrefixLists',
      signal,
      (NextToken, options) =>
        this.ec2.send(new DescribeManagedPrefixListsCommand({ PrefixListIds: [...ids], NextToken }), options),
      ({ PrefixLists = [] }) =>
        PrefixLists.map(({ PrefixListId = '', PrefixListName = '', OwnerId }) => ({
          ...{ id: PrefixListId, name: PrefixListName, isAws: OwnerId === 'AWS' },
        })),
    );
  }

  listPrefixes(list: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.all(
      'ec2:GetManagedPrefixListEntries',
      signal,
      (NextToken, options) =>
        this.ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId: list, NextToken }), options),
      ({ Entries = [] }) => Entries.flatMap(({ Cidr }) => Cidr ?? []),
    );
  }

  private all<A extends Ec2Page, T>(
    operation: string,
    signal: AbortSignal,
    send: (token: string | undefined, options: Options) => Promise<A>,
    read: (answer: A) => T[],
  ): Promise<T[]> {
    return allPages(async (token) => {
      const answer = await this.caller.call(operation, 'ec2Read', signal, (options) => send(token, options));
      return { items: read(answer), nextToken: answer.NextToken };
    });
  }
}

function inVpc(vpc: string): { Name: string; Values: string[] }[] {
  return [{ Name: 'vpc-id', Values: [vpc] }];
}
