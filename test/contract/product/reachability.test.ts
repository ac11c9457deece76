import assert from 'node:assert/strict';
import type { Connection } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import { english } from '../../../src/core/message';
import { findService } from '../../../src/ecs/findService';
import { decisive, stateOf, type Hop } from '../../../src/network/hop';
import { readNetwork } from '../../../src/network/readNetwork';
import { waysIn } from '../../../src/network/wayIn';
import { wayOut } from '../../../src/network/wayOut';
import { startSandbox, type Sandbox } from '../sandboxProcess';
import { makeBalancer } from './madeBalancer';
import { makeNetwork, tcp, type MadeNetwork } from './madeNetwork';

const never = new AbortController().signal;

describe('the network around tasks, read over HTTP', () => {
  let sandbox: Sandbox;
  let connection: Connection;
  let made: MadeNetwork;
  let targetGroup: string;

  before(async () => {
    sandbox = await startSandbox({ seed: 'empty', runtime: 'simulated' });
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    made = await makeNetwork(sandbox, 20);
    targetGroup = await makeBalancer(sandbox, made);
  });
  after(async () => {
    connection.dispose();
    made.ec2.destroy();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
  });
  afterEach(() => sandbox.clearFaults());

  const read = () =>
    readNetwork(
      connection,
      { subnets: [made.privateSubnet], securityGroups: [made.taskGroup], targetGroups: [targetGroup] },
      never,
    );
  const waysOut = async (service: string): Promise<Hop[]> => {
    const departure = { subnet: made.privateSubnet, securityGroups: [made.taskGroup], publicAddress: false };
    return wayOut(await read(), departure, service);
  };
  const wayIn = async (): Promise<readonly Hop[]> => {
    const arrival = {
      ...{ targetGroup, container: 'web', port: 8080, containerPorts: [8080], networkMode: 'awsvpc' },
      ...{ subnets: [made.privateSubnet], securityGroups: [made.taskGroup] },
    };
    return waysIn(await read(), arrival)[0]?.hops ?? [];
  };
  const calls = async (): Promise<string[]> => (await sandbox.calls()).map(({ operation }) => operation).sort();
  const cause = (hops: readonly Hop[]): string => english(decisive(hops)?.reason ?? { text: '', args: [] });

  it('takes a known number of calls', async () => {
    await sandbox.resetCalls();
    await read();
    assert.deepEqual(await calls(), [
      'DescribeListeners',
      'DescribeLoadBalancers',
      'DescribeNatGateways',
      'DescribeNetworkAcls',
      'DescribeRouteTables',
      'DescribeSecurityGroups',
      'DescribeSubnets',
      // Those of the load balancer and of the NAT gateway.
      'DescribeSubnets',
      'DescribeTargetGroups',
      'DescribeTargetHealth',
      'DescribeVpcEndpoints',
    ]);
  });

  it('is open from the client to the container, as far as anybody can know before there are tasks', async () => {
    const hops = await wayIn();
    assert.deepEqual(
      hops.filter(({ state }) => state !== 'open').map(({ kind }) => kind),
      ['targetHealth'],
    );
    assert.equal(hops.length, 15, JSON.stringify(hops.map(({ kind }) => kind)));
  });

  it('leads out by the NAT gateway, and by endpoints when that is gone', async () => {
    assert.equal(stateOf(await waysOut('ecr.api')), 'open');
    const { ec2, privateTable, vpc, privateSubnet, endpointGroup } = made;
    await ec2.deleteRoute({ RouteTableId: privateTable, DestinationCidrBlock: '0.0.0.0/0' });
    assert.match(cause(await waysOut('ecr.api')), /has no route out of the VPC/);
    await ec2.createVpcEndpoint({
      ...{ VpcId: vpc, ServiceName: 'com.amazonaws.us-east-1.ecr.api', VpcEndpointType: 'Interface' },
      ...{ SubnetIds: [privateSubnet], SecurityGroupIds: [endpointGroup], PrivateDnsEnabled: true },
    });
    assert.equal(stateOf(await waysOut('ecr.api')), 'open');
    assert.equal(stateOf(await waysOut('s3')), 'blocked');
    await ec2.createVpcEndpoint({
      ...{ VpcId: vpc, ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [privateTable] },
    });
    assert.equal(stateOf(await waysOut('s3')), 'open');
  });

  it('lets out to a prefix list that a rule names', async () => {
    const { ec2, taskGroup } = made;
    const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await ec2.revokeSecurityGroupEgress({ GroupId: taskGroup, IpPermissions: everything });
    assert.match(cause(await waysOut('s3')), /lets nothing out/);
    const { PrefixLists } = await ec2.describeManagedPrefixLists({
      Filters: [{ Name: 'prefix-list-name', Values: ['com.amazonaws.us-east-1.s3'] }],
    });
    const list = tcp(443, 443, { PrefixListIds: [{ PrefixListId: PrefixLists?.[0]?.PrefixListId }] });
    await ec2.authorizeSecurityGroupEgress({ GroupId: taskGroup, IpPermissions: [list] });
    assert.equal(stateOf(await waysOut('s3')), 'open');
    assert.equal(stateOf(await waysOut('ecr.api')), 'blocked');
    await ec2.revokeSecurityGroupEgress({ GroupId: taskGroup, IpPermissions: [list] });
    await ec2.authorizeSecurityGroupEgress({ GroupId: taskGroup, IpPermissions: everything });
  });

  it('says which group keeps the load balancer out', async () => {
    const { ec2, taskGroup, lbGroup } = made;
    const rule = tcp(8080, 8080, { UserIdGroupPairs: [{ GroupId: lbGroup }] });
    await ec2.revokeSecurityGroupIngress({ GroupId: taskGroup, IpPermissions: [rule] });
    const other = tcp(443, 443, { UserIdGroupPairs: [{ GroupId: lbGroup }] });
    await ec2.authorizeSecurityGroupIngress({ GroupId: taskGroup, IpPermissions: [other] });
    assert.match(cause(await wayIn()), new RegExp(`lets in 443 \\(${lbGroup}\\), but not port 8080 from ${lbGroup}`));
  });

  for (const operation of [
    'DescribeSubnets',
    'DescribeRouteTables',
    'DescribeSecurityGroups',
    'DescribeVpcEndpoints',
  ]) {
    it(`does not know the way out without ec2:${operation}, and says so`, async () => {
      await sandbox.addFault({ match: { operation }, fault: { kind: 'denied' } });
      const hops = await waysOut('ecr.api');
      assert.deepEqual([stateOf(hops), decisive(hops)?.permission], ['unknown', `ec2:${operation}`]);
    });
  }

  it('asks no ACL on the way to an endpoint in the same subnet', async () => {
    await sandbox.addFault({ match: { operation: 'DescribeNetworkAcls' }, fault: { kind: 'denied' } });
    assert.equal(stateOf(await waysOut('ecr.api')), 'open');
    assert.equal(decisive(await waysOut('s3'))?.permission, 'ec2:DescribeNetworkAcls');
  });

  for (const operation of ['DescribeTargetGroups', 'DescribeLoadBalancers', 'DescribeListeners']) {
    it(`shows the way in only as far as it may look without ${operation}`, async () => {
      await sandbox.addFault({ match: { operation }, fault: { kind: 'denied' } });
      const last = (await wayIn()).at(-1);
      assert.deepEqual([last?.state, last?.permission], ['unknown', `elasticloadbalancing:${operation}`]);
    });
  }
});

/** What a learner sees first must not look broken. */
describe('the network of the seed shop', () => {
  it('is open up to the container instance, whose own network is not read', async () => {
    const sandbox = await startSandbox({ seed: 'shop', runtime: 'simulated' });
    const connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    const service = await findService(connection.ecs, 'production', 'storefront', never);
    const [group] = service.targetGroups;
    const place = { subnets: [], securityGroups: [], targetGroups: [group?.arn ?? ''] };
    const arrival = {
      ...{ targetGroup: group?.arn ?? '', container: 'storefront', port: 8080, containerPorts: [8080] },
      ...{ networkMode: 'bridge', subnets: [], securityGroups: [] },
    };
    const hops = waysIn(await readNetwork(connection, place, never), arrival)[0]?.hops ?? [];
    connection.dispose();
    await sandbox.stop();
    const shut = hops.filter(({ state, kind }) => state !== 'open' && kind !== 'targetHealth');
    assert.deepEqual(
      shut.map(({ kind, state }) => [kind, state]),
      [['networkInterface', 'unknown']],
      JSON.stringify(hops.map(({ kind, reason }) => [kind, english(reason)])),
    );
  });
});
