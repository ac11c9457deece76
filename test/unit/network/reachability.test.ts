import assert from 'node:assert/strict';
import { english, message } from '../../../src/core/message';
import { decisive, stateOf, type Hop } from '../../../src/network/hop';
import { given, type Known } from '../../../src/network/known';
import { directWayIn, type DirectArrival } from '../../../src/network/directWay';
import type { Network } from '../../../src/network/network';
import { waysIn, type Arrival, type Client } from '../../../src/network/wayIn';
import { wayOut, type Departure } from '../../../src/network/wayOut';
import { acl, balancer, endpoint, group, listener, openEntries, targetGroup } from '../kit/networkShapes';
import {
  everySubnet,
  groups,
  isolatedTable,
  privateTable,
  publicTable,
  route,
  sound,
  subnet,
  subnets,
  table,
  target,
} from '../kit/soundNetwork';

/*
 * One VPC: two public and two private subnets, a NAT gateway, an HTTPS load balancer in front of tasks on 8080.
 * Each row of the tables says what is different, and the hops that come of it: `!` is blocked, `?` is unknown.
 */

const denied = (permission: string): Known<never> => ({
  known: false,
  gap: { reason: message('You are not allowed to call {0}.', permission), permission },
});
const with_ = (changed: Partial<typeof groups>): Pick<Network, 'securityGroups'> => ({
  securityGroups: given(Object.values({ ...groups, ...changed })),
});
const lb = (...args: Parameters<typeof group> extends [string, ...infer R] ? R : never) =>
  with_({ lb: group('sg-lb', ...args) });
const task = (...args: Parameters<typeof group> extends [string, ...infer R] ? R : never) =>
  with_({ task: group('sg-task', ...args) });
const all = ['all * 0.0.0.0/0'];
const marks = { open: '', blocked: '!', unknown: '?' } as const;
const write = (hops: readonly Hop[]): string => hops.map(({ kind, state }) => marks[state] + kind).join(' ');

interface Expected {
  /** Of the hop that decides. */
  readonly reason?: RegExp;
  readonly permission?: string;
}

function check(hops: readonly Hop[], expected: string, { reason, permission }: Expected): void {
  assert.equal(write(hops), expected);
  const deciding = decisive(hops);
  if (reason) assert.match(english(deciding?.reason ?? message('')), reason);
  assert.equal(deciding?.permission, permission);
}

const ends = 'targetGroup targetHealth securityGroup securityGroup networkAcl networkInterface containerPort';
const front = 'client dnsName loadBalancer subnet networkAcl securityGroup listener rule';
const openWay = `${front} ${ends}`;
/** The sound way with one hop marked, counted from 0 among those of the same kind. */
const marked = (mark: '!' | '?', kind: string, nth = 0): string => {
  let seen = -1;
  return openWay
    .split(' ')
    .map((each) => (each === kind && ++seen === nth ? mark + each : each))
    .join(' ');
};

const arrival: Arrival = {
  ...{ targetGroup: 'tg', container: 'web', port: 8080, containerPorts: [8080], networkMode: 'awsvpc' },
  ...{ subnets: ['priv-a', 'priv-b'], securityGroups: ['sg-task'] },
};

type WayInRow = Expected & {
  readonly name: string;
  readonly network?: Partial<Network>;
  readonly arrival?: Partial<Arrival>;
  readonly client?: Client;
  readonly hops: string;
};

const into: readonly WayInRow[] = [
  { name: 'a sound one', hops: openWay },
  {
    name: 'a load balancer whose group lets in another port',
    network: lb(['tcp 80 from 0.0.0.0/0'], all),
    hops: marked('!', 'securityGroup', 0),
    reason: /sg-lb lets in 80 \(0\.0\.0\.0\/0\), but not port 443 from 0\.0\.0\.0\/0/,
  },
  {
    name: 'a load balancer for an office only',
    network: lb(['tcp 443 from 192.0.2.0/24'], all),
    hops: marked('?', 'securityGroup', 0),
    reason: /192\.0\.2\.0\/24 only/,
  },
  {
    name: 'a load balancer that lets in both halves of the internet',
    network: lb(['tcp 443 from 0.0.0.0/1, 128.0.0.0/1'], all),
    hops: openWay,
  },
  {
    name: 'a load balancer for a prefix list of AWS’s',
    network: {
      ...lb(['tcp 443 from pl-cdn'], all),
      prefixLists: given([{ id: 'pl-cdn', name: 'cloudfront', cidrs: undefined }]),
    },
    hops: marked('?', 'securityGroup', 0),
    reason: /pl-cdn only/,
  },
  {
    name: 'a load balancer for a prefix list that may not be read',
    network: { ...lb(['tcp 443 from pl-1'], all), prefixLists: denied('ec2:DescribeManagedPrefixLists') },
    hops: marked('?', 'securityGroup', 0),
    permission: 'ec2:DescribeManagedPrefixLists',
  },
  {
    name: 'a load balancer for IPv6 only, asked by IPv4',
    network: lb(['tcp 443 from ::/0'], all),
    hops: marked('!', 'securityGroup', 0),
  },
  {
    name: 'a dual-stack load balancer, asked by IPv6',
    client: 'internetIpv6',
    network: {
      ...lb(['tcp 443 from ::/0'], all),
      loadBalancers: given([balancer({ dualStack: true })]),
      routeTables: given([table('rtb-pub', ['pub-a', 'pub-b'], [route('::/0', 'igw-1')]), privateTable]),
      networkAcls: given([
        acl('acl-1', everySubnet, [...openEntries, '101 in allow -1 * ::/0', '101 out allow -1 * ::/0']),
      ]),
    },
    hops: openWay,
  },
  {
    name: 'a load balancer without IPv6, asked by IPv6',
    client: 'internetIpv6',
    network: {
      ...lb(['tcp 443 from ::/0'], all),
      routeTables: given([table('rtb-pub', ['pub-a', 'pub-b'], [route('::/0', 'igw-1')]), privateTable]),
      networkAcls: given([
        acl('acl-1', everySubnet, [...openEntries, '101 in allow -1 * ::/0', '101 out allow -1 * ::/0']),
      ]),
    },
    hops: marked('!', 'loadBalancer'),
    reason: /no IPv6/,
  },
  {
    name: 'an internal load balancer, asked from the internet',
    client: 'internet',
    network: { loadBalancers: given([balancer({ scheme: 'internal' })]) },
    hops: marked('!', 'loadBalancer'),
    reason: /internal/,
  },
  {
    name: 'an internal load balancer, asked by those it is for',
    network: {
      ...lb(['tcp 443 from 10.0.0.0/16'], all),
      loadBalancers: given([balancer({ scheme: 'internal', subnets: ['priv-a', 'priv-b'] })]),
    },
    hops: openWay,
  },
  {
    name: 'a load balancer of the internet in a private subnet',
    network: { loadBalancers: given([balancer({ subnets: ['pub-a', 'priv-b'] })]) },
    hops: marked('!', 'subnet'),
    reason: /priv-b has no route to an internet gateway \(rtb-priv\)/,
  },
  {
    name: 'a load balancer whose internet gateway is gone',
    network: {
      routeTables: given([
        table('rtb-pub', ['pub-a', 'pub-b'], [route('0.0.0.0/0', 'igw-1', false)], true),
        privateTable,
      ]),
    },
    hops: marked('!', 'subnet'),
  },
  {
    name: 'a load balancer that is being made',
    network: { loadBalancers: given([balancer({ state: 'provisioning' })]) },
    hops: marked('?', 'loadBalancer'),
  },
  {
    name: 'a network load balancer without groups, whose tasks let in its subnets',
    network: {
      loadBalancers: given([balancer({ type: 'network', securityGroups: [] })]),
      ...task(['tcp 8080 from 10.0.0.0/24, 10.0.1.0/24'], all),
    },
    hops: `client dnsName loadBalancer subnet networkAcl listener rule ${ends.replace('securityGroup securityGroup', 'securityGroup')}`,
  },
  {
    name: 'tasks that let in one subnet of the load balancer only',
    network: {
      loadBalancers: given([balancer({ type: 'network', securityGroups: [] })]),
      ...task(['tcp 8080 from 10.0.0.0/24'], all),
    },
    hops: `client dnsName loadBalancer subnet networkAcl listener rule ${ends.replace('securityGroup securityGroup', '!securityGroup')}`,
    reason: /10\.0\.0\.0\/24 only/,
  },
  {
    name: 'tasks that let in the wrong port',
    network: task(['tcp 443 from sg-lb'], all),
    hops: marked('!', 'securityGroup', 2),
    reason: /sg-task lets in 443 \(sg-lb\), but not port 8080 from sg-lb/,
  },
  {
    name: 'tasks that let in the load balancer’s ranges',
    network: task(['tcp 8000-9000 from 10.0.0.0/16'], all),
    hops: openWay,
  },
  {
    name: 'tasks that let in another group',
    network: task(['tcp 8080 from sg-other'], all),
    hops: marked('!', 'securityGroup', 2),
  },
  {
    name: 'tasks that let in a prefix list with the load balancer’s subnets',
    network: {
      ...task(['tcp 8080 from pl-own'], all),
      prefixLists: given([{ id: 'pl-own', name: 'own', cidrs: ['10.0.0.0/23'] }]),
    },
    hops: openWay,
  },
  {
    name: 'tasks that let in UDP',
    network: task(['udp 8080 from sg-lb'], all),
    hops: marked('!', 'securityGroup', 2),
  },
  {
    name: 'tasks that let in nothing',
    network: task([], all),
    hops: marked('!', 'securityGroup', 2),
    reason: /sg-task lets nothing in/,
  },
  {
    name: 'a health check on a port of its own that the tasks do not let in',
    network: {
      targetGroups: given([targetGroup({ health: { ...targetGroup().health, port: '9000' } })]),
    },
    hops: `${front} targetGroup targetHealth securityGroup securityGroup securityGroup !securityGroup networkAcl networkInterface containerPort`,
    reason: /9000/,
  },
  {
    name: 'a load balancer that lets nothing out',
    network: lb(['tcp 443 from 0.0.0.0/0'], []),
    hops: marked('!', 'securityGroup', 1),
    reason: /sg-lb lets nothing out/,
  },
  {
    name: 'a load balancer that lets out to the tasks’ group only',
    network: lb(['tcp 443 from 0.0.0.0/0'], ['tcp 8080 to sg-task']),
    hops: openWay,
  },
  {
    name: 'an ACL of the public subnets that does not let requests in',
    network: {
      networkAcls: given([
        acl('acl-pub', ['pub-a', 'pub-b'], ['90 in deny 6 443 0.0.0.0/0', ...openEntries]),
        acl('acl-1', ['priv-a', 'priv-b']),
      ]),
    },
    hops: marked('!', 'networkAcl', 0),
    reason: /acl-pub does not let in port 443/,
  },
  {
    name: 'an ACL that forgets the answers',
    network: {
      networkAcls: given([
        acl('acl-pub', ['pub-a', 'pub-b']),
        acl('acl-priv', ['priv-a', 'priv-b'], ['100 in allow 6 8080 10.0.0.0/16', '100 out allow 6 443 0.0.0.0/0']),
      ]),
    },
    hops: marked('!', 'networkAcl', 1),
    reason: /acl-priv does not let out port 1024-65535/,
  },
  {
    name: 'an ACL that keeps one address of the internet out',
    network: { networkAcls: given([acl('acl-1', everySubnet, ['90 in deny -1 * 203.0.113.7/32', ...openEntries])]) },
    hops: marked('?', 'networkAcl', 0),
    reason: /only a part/,
  },
  {
    name: 'ACLs that may not be read',
    network: { networkAcls: denied('ec2:DescribeNetworkAcls') },
    hops: marked('?', 'networkAcl', 0).replace(/ networkAcl networkInterface/, ' ?networkAcl networkInterface'),
    permission: 'ec2:DescribeNetworkAcls',
  },
  {
    name: 'security groups that may not be read',
    network: { securityGroups: denied('ec2:DescribeSecurityGroups') },
    hops: openWay.replaceAll('securityGroup', '?securityGroup'),
    permission: 'ec2:DescribeSecurityGroups',
  },
  {
    name: 'a target group that no listener forwards to',
    network: { listeners: given([listener({ targetGroups: ['other'] })]) },
    hops: 'client dnsName loadBalancer subnet !listener',
    reason: /No listener of alb forwards to tg/,
  },
  {
    name: 'a target group behind a rule',
    network: {
      listeners: given([listener({ targetGroups: ['other'] })]),
      rules: given([
        { listener: 'listener', priority: '10', conditions: ['path-pattern: /api/*'], targetGroups: ['tg'] },
      ]),
    },
    hops: openWay,
  },
  {
    name: 'rules that may not be read',
    network: {
      listeners: given([listener({ targetGroups: ['other'] })]),
      rules: denied('elasticloadbalancing:DescribeRules'),
    },
    hops: marked('?', 'rule'),
    permission: 'elasticloadbalancing:DescribeRules',
  },
  {
    name: 'a target group without a load balancer',
    network: { targetGroups: given([targetGroup({ loadBalancers: [] })]) },
    hops: '!loadBalancer',
  },
  {
    name: 'a target group for instances, with tasks that have addresses',
    network: { targetGroups: given([targetGroup({ targetType: 'instance' })]) },
    hops: marked('!', 'targetGroup'),
    reason: /awsvpc mode need ip/,
  },
  {
    name: 'a target group of another VPC',
    network: { targetGroups: given([targetGroup({ vpc: 'vpc-other' })]) },
    hops: marked('!', 'targetGroup'),
  },
  {
    name: 'targets that are not healthy',
    network: {
      targets: given({ tg: [target('unhealthy', { description: 'Health checks failed with these codes: [404]' })] }),
    },
    hops: marked('!', 'targetHealth'),
    reason: /404/,
  },
  {
    name: 'targets that begin',
    network: { targets: given({ tg: [target('initial')] }) },
    hops: marked('?', 'targetHealth'),
  },
  { name: 'no targets yet', network: { targets: given({}) }, hops: marked('?', 'targetHealth') },
  {
    name: 'a task that is not registered',
    arrival: { address: '10.0.10.9', networkInterface: 'eni-1', subnets: ['priv-a'] },
    network: {
      networkInterfaces: given([
        {
          ...{ id: 'eni-1', subnet: 'priv-a', vpc: 'vpc', privateAddress: '10.0.10.9', publicAddress: undefined },
          securityGroups: [],
        },
      ]),
    },
    hops: marked('!', 'targetHealth'),
    reason: /10\.0\.10\.9 is not registered/,
  },
  {
    name: 'a container on another port',
    arrival: { containerPorts: [3000] },
    hops: marked('!', 'containerPort'),
    reason: /“web” listens on 3000, but requests come on 8080/,
  },
  {
    name: 'tasks in bridge mode',
    arrival: { networkMode: 'bridge' },
    network: { targetGroups: given([targetGroup({ targetType: 'instance' })]) },
    hops: `${front} targetGroup targetHealth ?networkInterface containerPort`,
    reason: /bridge/,
  },
  {
    name: 'tasks in the load balancer’s only subnet, where no ACL is asked',
    arrival: { subnets: ['pub-a'] },
    network: { loadBalancers: given([balancer({ subnets: ['pub-a'] })]) },
    hops: openWay.replace(' networkAcl networkInterface', ' networkInterface'),
  },
];

type WayOutRow = Expected & {
  readonly name: string;
  readonly network?: Partial<Network>;
  readonly from?: Partial<Departure>;
  readonly service?: string;
  readonly hops: string;
};

const privately: Departure = { subnet: 'priv-a', securityGroups: ['sg-task'], publicAddress: false };
const byNat = 'securityGroup networkAcl route natGateway service';
const byGateway = 'securityGroup networkAcl route internetGateway service';
const byInterface = 'securityGroup securityGroup endpoint service';
const isolated = { routeTables: given([publicTable, isolatedTable]) };
const s3 = endpoint('s3', { type: 'Gateway', routeTables: ['rtb-priv'], subnets: [], groups: [], privateDns: false });
const endpoints = (...services: string[]): Pick<Network, 'endpoints'> => ({
  endpoints: given(services.map((service) => (service === 's3' ? s3 : endpoint(service)))),
});
const s3Table = table('rtb-priv', ['priv-a', 'priv-b'], [route('pl-s3', 'vpce-s3')]);
const needed = ['ecr.api', 'ecr.dkr', 's3', 'logs', 'secretsmanager'];

const out: readonly WayOutRow[] = [
  { name: 'by a NAT gateway', hops: byNat },
  {
    name: 'from a public subnet with a public address',
    from: { subnet: 'pub-a', publicAddress: true },
    hops: byGateway,
  },
  {
    name: 'from a public subnet without a public address',
    from: { subnet: 'pub-a' },
    hops: byGateway.replace('internetGateway', '!internetGateway'),
    reason: /the task has none/,
  },
  {
    name: 'from a subnet that follows the main table',
    from: { subnet: 'lost', publicAddress: true },
    network: {
      subnets: given([...subnets, subnet('lost', '10.0.20.0/24')]),
      networkAcls: given([acl('acl-1', [...everySubnet, 'lost'])]),
    },
    hops: byGateway,
  },
  {
    name: 'from an isolated subnet',
    network: isolated,
    hops: 'securityGroup networkAcl !route !service',
    reason: /no route out/,
  },
  {
    name: 'by a route to what is gone',
    network: { routeTables: given([publicTable, table('rtb-priv', ['priv-a'], [route('0.0.0.0/0', 'nat-1', false)])]) },
    hops: 'securityGroup networkAcl !route !service',
    reason: /nat-1, which is gone/,
  },
  {
    name: 'by a NAT gateway that failed',
    network: { natGateways: given([{ id: 'nat-1', subnet: 'pub-a', state: 'failed', isPublic: true }]) },
    hops: byNat.replace('natGateway', '!natGateway'),
    reason: /nat-1 is failed/,
  },
  {
    name: 'by a NAT gateway in a private subnet',
    network: { natGateways: given([{ id: 'nat-1', subnet: 'priv-b', state: 'available', isPublic: true }]) },
    hops: byNat.replace('natGateway', '!natGateway'),
    reason: /priv-b has no route to an internet gateway/,
  },
  {
    name: 'by a private NAT gateway',
    network: { natGateways: given([{ id: 'nat-1', subnet: 'pub-a', state: 'available', isPublic: false }]) },
    hops: byNat.replace('natGateway', '?natGateway'),
  },
  {
    name: 'by a NAT gateway whose ACL lets nothing in',
    network: {
      networkAcls: given([
        acl('acl-nat', ['pub-a'], ['100 out allow -1 * 0.0.0.0/0', '100 in allow 6 1024-65535 192.0.2.0/24']),
        acl('acl-1', ['pub-b', 'priv-a', 'priv-b']),
      ]),
    },
    hops: byNat.replace('natGateway', '!natGateway'),
    reason: /acl-nat/,
  },
  {
    name: 'by NAT gateways that may not be read',
    network: { natGateways: denied('ec2:DescribeNatGateways') },
    hops: byNat.replace('natGateway', '?natGateway'),
    permission: 'ec2:DescribeNatGateways',
  },
  {
    name: 'by a transit gateway',
    network: { routeTables: given([publicTable, table('rtb-priv', ['priv-a'], [route('0.0.0.0/0', 'tgw-1')])]) },
    hops: byNat.replace('natGateway', '?otherGateway'),
    reason: /tgw-1 leads to where Gantry cannot see/,
  },
  {
    name: 'with a group that lets nothing out',
    network: task(['tcp 8080 from sg-lb'], []),
    hops: byNat.replace('securityGroup', '!securityGroup'),
    reason: /sg-task lets nothing out/,
  },
  {
    name: 'with a group that lets out to the VPC only',
    network: task([], ['tcp 443 to 10.0.0.0/16']),
    hops: byNat.replace('securityGroup', '!securityGroup'),
    reason: /443 \(10\.0\.0\.0\/16\), but not port 443 to 0\.0\.0\.0\/0/,
  },
  {
    name: 'with a group that lets out to some addresses of the internet',
    network: task([], ['tcp 443 to 52.94.0.0/16']),
    hops: byNat.replace('securityGroup', '?securityGroup'),
    reason: /52\.94\.0\.0\/16 only/,
  },
  {
    name: 'with a group that lets out HTTP only',
    network: task([], ['tcp 80 to 0.0.0.0/0']),
    hops: byNat.replace('securityGroup', '!securityGroup'),
    reason: /80 \(0\.0\.0\.0\/0\), but not port 443/,
  },
  {
    name: 'with an ACL that drops the answers',
    network: {
      networkAcls: given([
        acl('acl-pub', ['pub-a', 'pub-b']),
        acl('acl-priv', ['priv-a'], ['100 out allow -1 * 0.0.0.0/0', '100 in allow 6 443 0.0.0.0/0']),
      ]),
    },
    hops: byNat.replace('networkAcl', '!networkAcl'),
    reason: /acl-priv does not let in port 32768-60999/,
  },
  ...needed
    .filter((service) => service !== 's3')
    .map((service) => ({
      ...{ name: `by an endpoint for ${service}`, service, hops: byInterface },
      network: { ...isolated, ...endpoints(service) },
    })),
  {
    name: 'by a gateway endpoint for s3',
    service: 's3',
    network: { routeTables: given([publicTable, s3Table]), ...endpoints('s3') },
    hops: 'securityGroup networkAcl route endpoint service',
  },
  {
    name: 'by a gateway endpoint, with a group that lets out to its prefix list only',
    service: 's3',
    network: {
      ...task([], ['tcp 443 to pl-s3']),
      routeTables: given([publicTable, s3Table]),
      ...endpoints('s3'),
    },
    hops: 'securityGroup networkAcl route endpoint service',
  },
  {
    name: 'by a gateway endpoint of other route tables',
    service: 's3',
    network: { ...isolated, endpoints: given([{ ...s3, routeTables: ['rtb-pub'] }]) },
    hops: 'securityGroup networkAcl !route !service',
  },
  ...needed.map((missing) => ({
    name: `without the endpoint for ${missing}, where all others are`,
    service: missing,
    network: { ...isolated, ...endpoints(...needed.filter((service) => service !== missing)) },
    hops: 'securityGroup networkAcl !route !service',
    reason: /no route out/,
  })),
  {
    name: 'by an endpoint whose group does not let the tasks in',
    service: 'ecr.api',
    network: {
      ...isolated,
      ...endpoints('ecr.api'),
      ...with_({ vpce: group('sg-vpce', ['tcp 443 from sg-other'], []) }),
    },
    hops: byInterface.replace('securityGroup securityGroup', 'securityGroup !securityGroup'),
    reason: /sg-vpce lets in 443 \(sg-other\), but not port 443 from priv-a/,
  },
  {
    name: 'by an endpoint whose group lets in the subnet',
    service: 'ecr.api',
    network: {
      ...isolated,
      ...endpoints('ecr.api'),
      ...with_({ vpce: group('sg-vpce', ['tcp 443 from 10.0.0.0/16'], []) }),
    },
    hops: byInterface,
  },
  {
    name: 'by an endpoint in another subnet, whose ACL keeps the task out',
    service: 'ecr.api',
    network: {
      ...isolated,
      endpoints: given([endpoint('ecr.api', { subnets: ['priv-b'] })]),
      networkAcls: given([
        acl('acl-1', ['pub-a', 'pub-b', 'priv-a']),
        acl('acl-b', ['priv-b'], ['90 in deny -1 * 10.0.10.0/24', ...openEntries]),
      ]),
    },
    hops: 'securityGroup networkAcl !networkAcl securityGroup endpoint service',
    reason: /acl-b does not let in port 443/,
  },
  {
    name: 'by an endpoint that is being made',
    service: 'logs',
    network: { ...isolated, endpoints: given([endpoint('logs', { state: 'pending' })]) },
    hops: byInterface.replace('endpoint', '!endpoint'),
  },
  {
    name: 'past an endpoint without private names',
    service: 'logs',
    network: { ...isolated, endpoints: given([endpoint('logs', { privateDns: false })]) },
    hops: 'securityGroup networkAcl !route !service',
  },
  {
    name: 'by endpoints that may not be read, where the internet would do',
    network: { endpoints: denied('ec2:DescribeVpcEndpoints') },
    hops: byNat,
  },
  {
    name: 'by endpoints that may not be read, without the internet',
    network: { ...isolated, endpoints: denied('ec2:DescribeVpcEndpoints') },
    hops: 'securityGroup networkAcl ?endpoint',
    permission: 'ec2:DescribeVpcEndpoints',
  },
  {
    name: 'from subnets that may not be read',
    network: { subnets: denied('ec2:DescribeSubnets') },
    hops: '?subnet',
    permission: 'ec2:DescribeSubnets',
  },
  {
    name: 'by route tables that may not be read',
    network: { routeTables: denied('ec2:DescribeRouteTables') },
    hops: '?subnet',
    permission: 'ec2:DescribeRouteTables',
  },
  {
    name: 'from a subnet of IPv6 alone, by an egress-only gateway',
    from: { subnet: 'six' },
    network: {
      subnets: given([...subnets, subnet('six', undefined, { ipv6Cidr: '2001:db8:1::/64' })]),
      routeTables: given([publicTable, table('rtb-six', ['six'], [route('::/0', 'eigw-1')])]),
      networkAcls: given([acl('acl-1', ['six'], ['100 in allow -1 * ::/0', '100 out allow -1 * ::/0'])]),
      ...task([], ['all * ::/0']),
    },
    hops: byGateway,
  },
];

describe('the way in', () => {
  for (const { name, network = {}, arrival: says = {}, client, hops, ...expected } of into) {
    it(`of ${name}`, () => {
      const ways = waysIn({ ...sound, ...network }, { ...arrival, ...says }, client);
      assert.equal(ways.length, 1);
      check(ways[0]?.hops ?? [], hops, expected);
    });
  }

  it('is one for each listener that leads there', () => {
    const listeners = given([listener(), listener({ arn: 'second', port: 80, protocol: 'HTTP' })]);
    const ways = waysIn({ ...sound, listeners }, arrival);
    assert.deepEqual(
      ways.map(({ listener: arn, hops }) => [arn, stateOf(hops)]),
      [
        ['listener', 'open'],
        ['second', 'blocked'],
      ],
    );
  });
});

describe('the way out', () => {
  for (const { name, network = {}, from = {}, service = 'ecr.api', hops, ...expected } of out) {
    it(name, () => check(wayOut({ ...sound, ...network }, { ...privately, ...from }, service), hops, expected));
  }
});

const directWay = 'client subnet networkAcl securityGroup networkInterface containerPort';
const alone: DirectArrival = {
  ...{
    subnet: 'pub-a',
    securityGroups: ['sg-task'],
    hasPublicAddress: true,
    at: 'eni-1',
    container: 'web',
    port: 8080,
  },
};
const asked = task(['tcp 8080 from 0.0.0.0/0'], all);

const direct: readonly (Expected & {
  readonly name: string;
  readonly network?: Partial<Network>;
  readonly arrival?: Partial<DirectArrival>;
  readonly hops: string;
})[] = [
  { name: 'of a public task that lets everybody in', network: asked, hops: directWay },
  { name: 'of a public task that lets in a load balancer only', hops: directWay.replace('security', '?security') },
  {
    name: 'of a public task that lets in another port',
    network: task(['tcp 80 from 0.0.0.0/0'], all),
    hops: directWay.replace('security', '!security'),
    reason: /lets in 80/,
  },
  {
    name: 'of a task without a public address',
    network: asked,
    arrival: { hasPublicAddress: false },
    hops: directWay.replace('networkInterface', '!networkInterface'),
    reason: /eni-1 has no public address/,
  },
  {
    name: 'of a task in a private subnet',
    network: asked,
    arrival: { subnet: 'priv-a' },
    hops: directWay.replace('subnet', '!subnet'),
    reason: /priv-a has no route to an internet gateway/,
  },
];

describe('the way in without a load balancer', () => {
  for (const { name, network = {}, arrival: says = {}, hops, ...expected } of direct) {
    it(name, () => check(directWayIn({ ...sound, ...network }, { ...alone, ...says }), hops, expected));
  }
});
