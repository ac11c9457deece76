import assert from 'node:assert/strict';
import { english } from '../../../src/core/message';
import { serviceAddress } from '../../../src/network/address';
import type { WayIn } from '../../../src/network/balancedAddress';
import type { NetworkGateway } from '../../../src/network/gateway';
import type { Task } from '../../../src/ecs/model';
import { containerInstance, container, gateway, other, ours, service, task } from '../kit/ecsShapes';
import { balancer, listener, targetGroup } from '../kit/networkShapes';

const signal = new AbortController().signal;
const running = (says: Partial<Task>): Task => task({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING', ...says });
const published = (bindIp: string, hostPort: number): Task['containers'] => [
  container({ networkBindings: [{ bindIp, containerPort: 8080, hostPort }] }),
];

/** What a listener says. */
interface Says {
  readonly port: number;
  readonly protocol: string;
}

function network(listeners: readonly Says[] = []): NetworkGateway {
  return {
    describeTargetGroups: () =>
      Promise.resolve([targetGroup({ arn: 'tg', loadBalancers: listeners.length > 0 ? ['lb'] : [] })]),
    listTargetGroups: () => Promise.resolve([]),
    describeLoadBalancers: () => Promise.resolve([balancer({ arn: 'lb', dnsName: 'web-1.elb.amazonaws.com' })]),
    describeListeners: () => Promise.resolve(listeners.map((says) => listener({ ...says, targetGroups: ['tg'] }))),
    describeRules: () => Promise.resolve([]),
    targetHealth: () => Promise.resolve([]),
    describeNetworkInterface: (id) =>
      Promise.resolve({
        ...{ id, subnet: undefined, vpc: undefined, privateAddress: undefined, securityGroups: [] },
        publicAddress: id === 'eni-public' ? '3.4.5.6' : undefined,
      }),
    publicAddressOfInstance: () => Promise.resolve('ec2-1-2-3-4.compute.amazonaws.com'),
  };
}

const way = (tasks: readonly Task[], listeners: readonly Says[] = [], says = {}): Promise<WayIn> => {
  const ecs = gateway({
    listTasks: () => Promise.resolve({ items: tasks.map(({ arn }) => arn), nextToken: undefined }),
    describeTasks: () => Promise.resolve({ found: tasks, missing: [] }),
    describeContainerInstances: () =>
      Promise.resolve({ found: [containerInstance({ ec2Instance: 'i-1' })], missing: [] }),
    describeTaskDefinition: () =>
      Promise.resolve({
        taskDefinition: { containerDefinitions: [{ name: 'web', image: 'x', portMappings: [{ containerPort: 80 }] }] },
        tags: [],
      }),
  });
  return serviceAddress({ ecs, network: network(listeners) }, service(says), 'web', signal);
};

const address = async (...says: Parameters<typeof way>): Promise<string | undefined> => (await way(...says)).address;

describe('the address of a service', () => {
  const behind = { targetGroups: [{ arn: 'tg', containerPort: 8080 }] };

  it('is its load balancer, HTTPS before HTTP, low ports first', async () => {
    const listeners = [
      { port: 8080, protocol: 'HTTP' },
      { port: 80, protocol: 'HTTP' },
    ];
    assert.equal(await address([], listeners, behind), 'http://web-1.elb.amazonaws.com/');
    assert.equal(
      await address([], [...listeners, { port: 8443, protocol: 'HTTPS' }], behind),
      'https://web-1.elb.amazonaws.com:8443/',
    );
    assert.equal(
      await address([], [...listeners, { port: 443, protocol: 'HTTPS' }], behind),
      'https://web-1.elb.amazonaws.com/',
    );
  });
  it('is a published port, of a task of the newest deployment first', async () => {
    const tasks = [
      running({ startedBy: other, containers: published('127.0.0.1', 1111) }),
      running({ startedBy: ours, containers: published('127.0.0.1', 2222) }),
    ];
    assert.equal(await address(tasks), 'http://127.0.0.1:2222/');
  });
  it('is the instance’s public name where the port is open on every address', async () => {
    const tasks = [running({ containerInstance: 'ci', containers: published('0.0.0.0', 3333) })];
    assert.equal(await address(tasks), 'http://ec2-1-2-3-4.compute.amazonaws.com:3333/');
  });
  it('is the public address of the task’s own interface', async () => {
    assert.equal(await address([running({ networkInterface: 'eni-public' })]), 'http://3.4.5.6/');
    assert.equal(await address([running({ networkInterface: 'eni-private' })]), undefined);
  });
  it('is none with a reason', async () => {
    const reason = async (...says: Parameters<typeof way>): Promise<string> => {
      const found = await way(...says);
      return found.address ?? english(found.reason);
    };
    assert.equal(await reason([]), 'No task of “web” is running.');
    assert.match(await reason([running({ networkInterface: 'eni-private' })]), /no public address/);
    assert.equal(await reason([running({})]), 'Its containers publish no port.');
    assert.equal(await reason([], [], behind), 'No load balancer uses its target group.');
  });
  it('is none while nothing runs', async () => {
    assert.equal(await address([]), undefined);
    assert.equal(await address([task({ lastStatus: 'PENDING', containers: published('127.0.0.1', 1) })]), undefined);
  });
});
