import assert from 'node:assert/strict';
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs';
import type { Connection } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import { english } from '../../../src/core/message';
import { lookAtNetwork, type NetworkSubject } from '../../../src/deploy/networkLook';
import { decisive, stateOf } from '../../../src/network/hop';
import { pictureOf } from '../../../src/network/picture/layout';
import { startSandbox, type Sandbox } from '../sandboxProcess';
import { sdkConfig, until } from '../tools';
import { makeBalancer } from './madeBalancer';
import { makeService } from './madeService';
import { makeNetwork, tcp, type MadeNetwork } from './madeNetwork';

const never = new AbortController().signal;

/** What a picture costs and shows, over HTTP. */
describe('a look at the network of a service', () => {
  let sandbox: Sandbox;
  let connection: Connection;
  let made: MadeNetwork;
  const service: NetworkSubject = { kind: 'service', cluster: 'demo', service: 'web' };
  let task: NetworkSubject;

  before(async () => {
    sandbox = await startSandbox({ seed: 'empty', runtime: 'simulated' });
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    made = await makeNetwork(sandbox, 21);
    const targetGroup = await makeBalancer(sandbox, made);
    const ecs = new ECSClient(sdkConfig(sandbox));
    await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
    await makeService(ecs, made, { cluster: 'demo', name: 'web', targetGroup });
    ecs.destroy();
    await until('two tasks that run', 30, async () => {
      const { found } = await connection.ecs.describeServices('demo', ['web'], never);
      return found[0]?.running === 2 ? true : undefined;
    });
    const { items } = await connection.ecs.listTasks('demo', { serviceName: 'web' }, undefined, never);
    task = { kind: 'task', cluster: 'demo', task: items[0] ?? '' };
  });
  after(async () => {
    connection.dispose();
    made.ec2.destroy();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
  });

  const callsOf = async (subject: NetworkSubject): Promise<string[]> => {
    await sandbox.resetCalls();
    await lookAtNetwork(connection, subject, never);
    return (await sandbox.calls()).map(({ operation }) => operation).sort();
  };
  const network = [
    ...['DescribeListeners', 'DescribeLoadBalancers', 'DescribeNatGateways', 'DescribeNetworkAcls'],
    ...['DescribeRouteTables', 'DescribeSecurityGroups', 'DescribeSubnets', 'DescribeSubnets', 'DescribeTargetGroups'],
    ...['DescribeTargetHealth', 'DescribeVpcEndpoints'],
  ];

  it('takes 15 calls for a service, however many tasks it has', async () => {
    const ecs = ['DescribeServices', 'DescribeTaskDefinition', 'DescribeTasks', 'ListTasks'];
    assert.deepEqual(await callsOf(service), [...network, ...ecs].sort());
  });

  it('takes 15 calls for a task, one of them for its interface', async () => {
    const ecs = ['DescribeNetworkInterfaces', 'DescribeServices', 'DescribeTaskDefinition', 'DescribeTasks'];
    assert.deepEqual(await callsOf(task), [...network, ...ecs].sort());
  });

  it('draws what is shared once, and each task for itself', async () => {
    const { ways } = await lookAtNetwork(connection, service, never);
    const { nodes } = pictureOf(ways);
    const count = (kind: string): number =>
      nodes.filter(({ hop, direction }) => hop.kind === kind && direction === 'in').length;
    assert.deepEqual(
      ['client', 'loadBalancer', 'listener', 'targetGroup', 'networkInterface', 'task', 'containerPort'].map(count),
      [1, 1, 1, 1, 2, 2, 1],
    );
    assert.deepEqual(
      ways.filter(({ direction }) => direction === 'out').map(({ hops }) => stateOf(hops)),
      ['open', 'open', 'open'],
    );
  });

  it('turns blocked with the reason when a rule is removed', async () => {
    const { ec2, taskGroup, lbGroup } = made;
    const rule = tcp(8080, 8080, { UserIdGroupPairs: [{ GroupId: lbGroup }] });
    await ec2.revokeSecurityGroupIngress({ GroupId: taskGroup, IpPermissions: [rule] });
    const { ways } = await lookAtNetwork(connection, service, never);
    const shut = decisive(ways.find(({ direction }) => direction === 'in')?.hops ?? []);
    await ec2.authorizeSecurityGroupIngress({ GroupId: taskGroup, IpPermissions: [rule] });
    assert.deepEqual([shut?.kind, shut?.id, shut?.state], ['securityGroup', taskGroup, 'blocked']);
    assert.match(english(shut?.reason ?? { text: '', args: [] }), /lets nothing in/);
  });

  it('goes on without the tasks where nobody may list them', async () => {
    await sandbox.addFault({ match: { operation: 'ListTasks' }, fault: { kind: 'denied' } });
    const { ways, tasksLeftOut } = await lookAtNetwork(connection, service, never);
    await sandbox.clearFaults();
    assert.equal(tasksLeftOut, 0);
    assert.equal(ways[0]?.hops.at(-1)?.kind, 'containerPort');
    assert.ok(!ways[0].hops.some(({ kind }) => kind === 'task'));
  });

  it('says that a task is gone', async () => {
    const gone = { ...task, task: 'arn:aws:ecs:us-east-1:000000000000:task/demo/0123456789abcdef0123456789abcdef' };
    await assert.rejects(lookAtNetwork(connection, gone as NetworkSubject, never), /is not there any more/);
  });
});
