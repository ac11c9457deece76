import assert from 'node:assert/strict';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli } from './tools';

interface RouteTable {
  readonly RouteTableId: string;
  readonly Associations: readonly {
    readonly Main: boolean;
    readonly SubnetId?: string;
    RouteTableAssociationId: string;
  }[];
  readonly Routes: readonly Readonly<Record<string, string>>[];
}

/**
 * EC2's networks as a Terraform module would make them, by the AWS CLI. They are kept faithfully and route nothing.
 * Rules of AWS: EC2 CreateVpc (main route table, default ACL and group), CreateSubnet (InvalidSubnet.Conflict),
 * CreateRoute (blackhole), CreateVpcEndpoint, CreateNetworkAclEntry, ModifyManagedPrefixList (version), DeleteVpc
 * (DependencyViolation).
 */
describe('networks', () => {
  let sandbox: Sandbox;
  let aws: AwsCli;
  let vpc = '';
  let publicSubnet = '';
  let privateSubnet = '';
  let gateway = '';
  let nat = '';
  let table = '';
  before(async () => {
    sandbox = await startSandbox();
    aws = new AwsCli(sandbox);
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    assert.equal(await sandbox.stop(), 0);
    aws.close();
  });

  const ec2 = <T>(...args: string[]): Promise<T> => aws.json<T>('ec2', ...args);
  const refused = async (...args: string[]): Promise<string> => (await aws.refusal('ec2', ...args)).code;
  const tables = async (filter: string): Promise<readonly RouteTable[]> =>
    (await ec2<{ RouteTables: RouteTable[] }>('describe-route-tables', '--filters', filter)).RouteTables;

  it('makes a VPC with its main route table, default ACL and default security group', async () => {
    const tags = 'ResourceType=vpc,Tags=[{Key=Name,Value=shop}]';
    const made = await ec2<{ Vpc: { VpcId: string; IsDefault: boolean } }>(
      ...['create-vpc', '--cidr-block', '10.9.0.0/16', '--tag-specifications', tags],
    );
    vpc = made.Vpc.VpcId;
    assert.equal(made.Vpc.IsDefault, false);
    const byTag = await ec2<{ Vpcs: { VpcId: string }[] }>('describe-vpcs', '--filters', 'Name=tag:Name,Values=shop');
    assert.deepEqual(
      byTag.Vpcs.map(({ VpcId }) => VpcId),
      [vpc],
    );
    const [main] = await tables(`Name=vpc-id,Values=${vpc}`);
    assert.equal(main?.Associations[0]?.Main, true);
    assert.deepEqual(
      main.Routes.map(({ GatewayId }) => GatewayId),
      ['local'],
    );
    const acls = await ec2<{ NetworkAcls: { IsDefault: boolean; Entries: unknown[] }[] }>(
      ...['describe-network-acls', '--filters', `Name=vpc-id,Values=${vpc}`],
    );
    assert.deepEqual(
      acls.NetworkAcls.map(({ IsDefault, Entries }) => [IsDefault, Entries.length]),
      [[true, 4]],
    );
    assert.equal(await refused('create-vpc', '--cidr-block', '10.9.0.0/8'), 'InvalidVpc.Range');
    await ec2('modify-vpc-attribute', '--vpc-id', vpc, '--enable-dns-hostnames');
    const dns = await ec2<{ EnableDnsHostnames: { Value: boolean } }>(
      ...['describe-vpc-attribute', '--vpc-id', vpc, '--attribute', 'enableDnsHostnames'],
    );
    assert.equal(dns.EnableDnsHostnames.Value, true);
  });

  it('makes subnets within it that do not overlap', async () => {
    const subnet = async (cidr: string, zone: string): Promise<string> => {
      const args = ['--vpc-id', vpc, '--cidr-block', cidr, '--availability-zone', zone];
      return (await ec2<{ Subnet: { SubnetId: string } }>('create-subnet', ...args)).Subnet.SubnetId;
    };
    publicSubnet = await subnet('10.9.0.0/24', 'us-east-1a');
    privateSubnet = await subnet('10.9.1.0/24', 'us-east-1b');
    const create = ['create-subnet', '--vpc-id', vpc, '--cidr-block'];
    assert.equal(await refused(...create, '10.9.1.128/25'), 'InvalidSubnet.Conflict');
    assert.equal(await refused(...create, '10.8.0.0/24'), 'InvalidSubnet.Range');
    await ec2('modify-subnet-attribute', '--subnet-id', publicSubnet, '--map-public-ip-on-launch');
    const found = await ec2<{ Subnets: { MapPublicIpOnLaunch: boolean; AvailableIpAddressCount: number }[] }>(
      ...['describe-subnets', '--subnet-ids', publicSubnet, privateSubnet],
    );
    assert.deepEqual(
      found.Subnets.map((it) => [it.MapPublicIpOnLaunch, it.AvailableIpAddressCount]),
      [
        [true, 251],
        [false, 251],
      ],
    );
  });

  it('routes through gateways, and shows a black hole where one has gone', async () => {
    const made = await ec2<{ InternetGateway: { InternetGatewayId: string } }>('create-internet-gateway');
    gateway = made.InternetGateway.InternetGatewayId;
    const attach = ['--internet-gateway-id', gateway, '--vpc-id', vpc];
    await ec2('attach-internet-gateway', ...attach);
    assert.equal(await refused('attach-internet-gateway', ...attach), 'Resource.AlreadyAssociated');
    const [main] = await tables(`Name=vpc-id,Values=${vpc}`);
    const out = ['--destination-cidr-block', '0.0.0.0/0'];
    await ec2('create-route', '--route-table-id', main?.RouteTableId ?? '', ...out, '--gateway-id', gateway);
    const address = await ec2<{ AllocationId: string }>('allocate-address', '--domain', 'vpc');
    const created = await ec2<{ NatGateway: { NatGatewayId: string } }>(
      ...['create-nat-gateway', '--subnet-id', publicSubnet, '--allocation-id', address.AllocationId],
    );
    nat = created.NatGateway.NatGatewayId;
    const own = await ec2<{ RouteTable: RouteTable }>('create-route-table', '--vpc-id', vpc);
    table = own.RouteTable.RouteTableId;
    await ec2('associate-route-table', '--route-table-id', table, '--subnet-id', privateSubnet);
    const toNat = ['create-route', '--route-table-id', table, ...out, '--nat-gateway-id', nat];
    await ec2(...toNat);
    assert.equal(await refused(...toNat), 'RouteAlreadyExists');
    const [found] = await tables(`Name=association.subnet-id,Values=${privateSubnet}`);
    assert.equal(found?.RouteTableId, table);
    assert.deepEqual(await tables(`Name=association.subnet-id,Values=${publicSubnet}`), []);
    const state = async (): Promise<string | undefined> =>
      (await tables(`Name=route-table-id,Values=${table}`))[0]?.Routes.find(({ NatGatewayId }) => NatGatewayId)?.[
        'State'
      ];
    assert.equal(await state(), 'active');
    await ec2('delete-nat-gateway', '--nat-gateway-id', nat);
    assert.equal(await state(), 'blackhole');
    const nats = await ec2<{ NatGateways: { State: string }[] }>(
      'describe-nat-gateways',
      '--filter',
      `Name=vpc-id,Values=${vpc}`,
    );
    assert.deepEqual(
      nats.NatGateways.map(({ State }) => State),
      ['deleted'],
    );
    await ec2('release-address', '--allocation-id', address.AllocationId);
  });

  it('keeps endpoints: a gateway endpoint adds a route to a prefix list of AWS', async () => {
    const services = 'com.amazonaws.us-east-1';
    const s3 = await ec2<{ VpcEndpoint: { VpcEndpointId: string } }>(
      ...['create-vpc-endpoint', '--vpc-id', vpc, '--service-name', `${services}.s3`, '--route-table-ids', table],
    );
    const dkr = ['create-vpc-endpoint', '--vpc-id', vpc, '--vpc-endpoint-type', 'Interface'];
    await ec2(...dkr, '--service-name', `${services}.ecr.dkr`, '--subnet-ids', privateSubnet);
    const [found] = await tables(`Name=route-table-id,Values=${table}`);
    const route = found?.Routes.find(({ GatewayId }) => GatewayId === s3.VpcEndpoint.VpcEndpointId);
    const lists = await ec2<{ PrefixLists: { PrefixListId: string; Cidrs: string[] }[] }>(
      ...['describe-prefix-lists', '--filters', `Name=prefix-list-name,Values=${services}.s3`],
    );
    assert.equal(route?.['DestinationPrefixListId'], lists.PrefixLists[0]?.PrefixListId);
    const filter = ['--filters', `Name=service-name,Values=${services}.ecr.*`, `Name=vpc-id,Values=${vpc}`];
    const endpoints = await ec2<{ VpcEndpoints: { SubnetIds: string[]; Groups: unknown[]; VpcEndpointId: string }[] }>(
      ...['describe-vpc-endpoints', ...filter],
    );
    assert.deepEqual(
      endpoints.VpcEndpoints.map(({ SubnetIds, Groups }) => [SubnetIds, Groups.length]),
      [[[privateSubnet], 1]],
    );
    assert.equal(await refused(...dkr, '--service-name', 'nonsense'), 'InvalidServiceName');
    const ids = [s3.VpcEndpoint.VpcEndpointId, endpoints.VpcEndpoints[0]?.VpcEndpointId ?? '', 'vpce-absent'];
    const gone = await ec2<{ Unsuccessful: { ResourceId: string }[] }>(
      'delete-vpc-endpoints',
      '--vpc-endpoint-ids',
      ...ids,
    );
    assert.deepEqual(
      gone.Unsuccessful.map(({ ResourceId }) => ResourceId),
      ['vpce-absent'],
    );
  });

  it('keeps network ACLs and whose subnets they guard', async () => {
    const { NetworkAcl } = await ec2<{ NetworkAcl: { NetworkAclId: string; Entries: unknown[] } }>(
      ...['create-network-acl', '--vpc-id', vpc],
    );
    const acl = NetworkAcl.NetworkAclId;
    assert.equal(NetworkAcl.Entries.length, 2, 'a new one lets nothing through');
    const entry = ['--network-acl-id', acl, '--rule-number', '90', '--protocol', '6', '--ingress'];
    const create = ['create-network-acl-entry', ...entry, '--cidr-block', '0.0.0.0/0', '--rule-action', 'allow'];
    await ec2(...create, '--port-range', 'From=443,To=443');
    assert.equal(await refused(...create, '--port-range', 'From=1,To=2'), 'NetworkAclEntryAlreadyExists');
    const of = async (): Promise<{ Associations: { NetworkAclAssociationId: string }[] } | undefined> =>
      (
        await ec2<{ NetworkAcls: { Associations: { NetworkAclAssociationId: string }[] }[] }>(
          ...['describe-network-acls', '--filters', `Name=association.subnet-id,Values=${privateSubnet}`],
        )
      ).NetworkAcls[0];
    const all = await ec2<{ NetworkAcls: { Associations: { NetworkAclAssociationId: string; SubnetId: string }[] }[] }>(
      ...['describe-network-acls', '--filters', `Name=vpc-id,Values=${vpc}`, 'Name=default,Values=true'],
    );
    const association = all.NetworkAcls[0]?.Associations.find(({ SubnetId }) => SubnetId === privateSubnet);
    await ec2(
      ...['replace-network-acl-association', '--association-id', association?.NetworkAclAssociationId ?? ''],
      ...['--network-acl-id', acl],
    );
    assert.deepEqual((await of())?.Associations.length, 1);
    assert.equal(await refused('delete-network-acl', '--network-acl-id', acl), 'DependencyViolation');
  });

  it('keeps managed prefix lists by version', async () => {
    const { PrefixList } = await ec2<{ PrefixList: { PrefixListId: string; Version: number } }>(
      ...['create-managed-prefix-list', '--prefix-list-name', 'offices', '--max-entries', '2'],
      ...['--address-family', 'IPv4', '--entries', 'Cidr=192.0.2.0/25,Description=north'],
    );
    const id = ['--prefix-list-id', PrefixList.PrefixListId];
    const add = ['modify-managed-prefix-list', ...id, '--add-entries', 'Cidr=192.0.2.128/25'];
    await ec2(...add, '--current-version', '1');
    assert.equal(await refused(...add, '--current-version', '1'), 'PrefixListVersionMismatch');
    const { Entries } = await ec2<{ Entries: { Cidr: string }[] }>('get-managed-prefix-list-entries', ...id);
    assert.deepEqual(
      Entries.map(({ Cidr }) => Cidr),
      ['192.0.2.0/25', '192.0.2.128/25'],
    );
    await ec2('delete-managed-prefix-list', ...id);
  });

  it('makes network interfaces, and deletes a VPC only when nothing is left in it', async () => {
    const { NetworkInterface } = await ec2<{ NetworkInterface: { NetworkInterfaceId: string; VpcId: string } }>(
      ...['create-network-interface', '--subnet-id', publicSubnet, '--description', 'by hand'],
    );
    assert.equal(NetworkInterface.VpcId, vpc);
    const found = await ec2<{ NetworkInterfaces: { Description: string }[] }>(
      ...['describe-network-interfaces', '--filters', `Name=subnet-id,Values=${publicSubnet}`],
    );
    assert.deepEqual(
      found.NetworkInterfaces.map(({ Description }) => Description),
      ['by hand'],
    );
    assert.equal(await refused('delete-subnet', '--subnet-id', publicSubnet), 'DependencyViolation');
    await ec2('delete-network-interface', '--network-interface-id', NetworkInterface.NetworkInterfaceId);
    for (const subnet of [publicSubnet, privateSubnet]) await ec2('delete-subnet', '--subnet-id', subnet);
    assert.equal(await refused('delete-vpc', '--vpc-id', vpc), 'DependencyViolation');
    await ec2('detach-internet-gateway', '--internet-gateway-id', gateway, '--vpc-id', vpc);
    await ec2('delete-internet-gateway', '--internet-gateway-id', gateway);
    await ec2('delete-route-table', '--route-table-id', table);
    const acls = await ec2<{ NetworkAcls: { NetworkAclId: string; IsDefault: boolean }[] }>(
      ...['describe-network-acls', '--filters', `Name=vpc-id,Values=${vpc}`],
    );
    for (const { NetworkAclId, IsDefault } of acls.NetworkAcls) {
      if (!IsDefault) await ec2('delete-network-acl', '--network-acl-id', NetworkAclId);
    }
    await ec2('delete-vpc', '--vpc-id', vpc);
    assert.equal(await refused('describe-vpcs', '--vpc-ids', vpc), 'InvalidVpcID.NotFound');
  });
});
