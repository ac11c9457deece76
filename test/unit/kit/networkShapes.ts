import type {
  AclEntry,
  Endpoint,
  Listener,
  LoadBalancer,
  NetworkAcl,
  Permission,
  SecurityGroup,
  TargetGroup,
} from '../../../src/network/model';

/* Networks as tests need them: everything usual, except what a test says. */

export function balancer(says: Partial<LoadBalancer> = {}): LoadBalancer {
  return {
    ...{ arn: 'alb', name: 'alb', dnsName: 'alb-1.elb.amazonaws.com', scheme: 'internet-facing', type: 'application' },
    ...{ state: 'active', subnets: ['pub-a', 'pub-b'], securityGroups: ['sg-lb'], dualStack: false },
    ...says,
  };
}

export function listener(says: Partial<Listener> = {}): Listener {
  return { arn: 'listener', loadBalancer: 'alb', port: 443, protocol: 'HTTPS', targetGroups: ['tg'], ...says };
}

export function targetGroup(says: Partial<TargetGroup> = {}): TargetGroup {
  return {
    ...{ arn: 'tg', name: 'tg', protocol: 'HTTP', port: 80, vpc: 'vpc', targetType: 'ip', loadBalancers: ['alb'] },
    health: {
      ...{ protocol: 'HTTP', port: 'traffic-port', path: '/', matcher: '200' },
      ...{ interval: 30, unhealthyThreshold: 2 },
    },
    ...says,
  };
}

/** `tcp 8080 from sg-lb`, `tcp 80-90 from 10.0.0.0/8`, `all from ::/0`, `tcp 443 from pl-1`. */
export function rule(text: string): Permission {
  const [protocol = '', ports = '', ...rest] = text.split(' ');
  const sources = (protocol === 'all' ? text.split(' ').slice(2) : rest.slice(1)).map((each) => each.replace(',', ''));
  const [from = -1, to = from] = protocol === 'all' ? [] : ports.split('-').map(Number);
  const of = (prefix: string): string[] => sources.filter((source) => source.startsWith(prefix));
  return {
    ...{ protocol: protocol === 'all' ? '-1' : protocol, from, to, groups: of('sg-'), prefixLists: of('pl-') },
    cidrs: sources.filter((source) => !/^(sg|pl)-/.test(source)),
  };
}

export function group(id: string, ingress: readonly string[], egress: readonly string[]): SecurityGroup {
  return { id, name: id, ingress: ingress.map(rule), egress: egress.map(rule) };
}

/** `100 in allow 6 443 0.0.0.0/0`; the ports may be `*`. */
export function entry(text: string): AclEntry {
  const [number, direction, action, protocol = '', ports = '', cidr = ''] = text.split(' ');
  const [from, to = from] = ports.split('-').map(Number);
  return {
    ...{ number: Number(number), egress: direction === 'out', allow: action === 'allow', protocol, cidr },
    ...(ports === '*' ? {} : { from, to }),
  };
}

export const openEntries = ['100 in allow -1 * 0.0.0.0/0', '100 out allow -1 * 0.0.0.0/0'];

export function acl(id: string, subnets: readonly string[], entries: readonly string[] = openEntries): NetworkAcl {
  return { id, subnets, entries: entries.map(entry) };
}

export function endpoint(service: string, says: Partial<Endpoint> = {}): Endpoint {
  return {
    ...{ id: `vpce-${service}`, vpc: 'vpc', service: `com.amazonaws.us-east-1.${service}`, type: 'Interface' },
    ...{ state: 'available', subnets: ['priv-a'], groups: ['sg-vpce'], routeTables: [], privateDns: true },
    ...says,
  };
}
