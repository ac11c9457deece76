import { given } from '../../../src/network/known';
import type { Network } from '../../../src/network/network';
import { acl, balancer, group, listener, targetGroup } from './networkShapes';

/*
 * One VPC: two public and two private subnets, a NAT gateway, an HTTPS load balancer in front of tasks on 8080.
 */

export const subnet = (id: string, cidr: string | undefined, more = {}) => ({
  id,
  vpc: 'vpc',
  zone: 'a',
  cidr,
  ...more,
});
export const route = (destination: string, target: string, active = true) => ({ destination, target, active });
export const table = (
  id: string,
  subnets: readonly string[],
  routes: readonly ReturnType<typeof route>[],
  main = false,
) => ({
  ...{ id, vpc: 'vpc', main, subnets },
  routes: [route('10.0.0.0/16', 'local'), ...routes],
});
export const target = (state: string, more = {}) => ({
  ...{ id: '10.0.10.5', port: 8080, state, reason: undefined, description: undefined },
  ...more,
});

export const subnets = [
  subnet('pub-a', '10.0.0.0/24'),
  subnet('pub-b', '10.0.1.0/24'),
  subnet('priv-a', '10.0.10.0/24'),
  subnet('priv-b', '10.0.11.0/24'),
];
export const publicTable = table('rtb-pub', ['pub-a', 'pub-b'], [route('0.0.0.0/0', 'igw-1')], true);
export const privateTable = table('rtb-priv', ['priv-a', 'priv-b'], [route('0.0.0.0/0', 'nat-1')]);
export const isolatedTable = table('rtb-priv', ['priv-a', 'priv-b'], []);
export const groups = {
  lb: group('sg-lb', ['tcp 443 from 0.0.0.0/0'], ['all * 0.0.0.0/0']),
  task: group('sg-task', ['tcp 8080 from sg-lb'], ['all * 0.0.0.0/0']),
  vpce: group('sg-vpce', ['tcp 443 from sg-task'], []),
};
export const everySubnet = subnets.map(({ id }) => id);

export const sound: Network = {
  subnets: given(subnets),
  routeTables: given([publicTable, privateTable]),
  securityGroups: given(Object.values(groups)),
  networkAcls: given([acl('acl-1', everySubnet)]),
  endpoints: given([]),
  natGateways: given([{ id: 'nat-1', subnet: 'pub-a', state: 'available', isPublic: true }]),
  prefixLists: given([]),
  networkInterfaces: given([]),
  loadBalancers: given([balancer()]),
  listeners: given([listener()]),
  rules: given([]),
  targetGroups: given([targetGroup()]),
  targets: given({ tg: [target('healthy')] }),
};
