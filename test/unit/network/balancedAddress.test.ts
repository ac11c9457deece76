import assert from 'node:assert/strict';
import { english } from '../../../src/core/message';
import { balancedAddress, type ListenerRules } from '../../../src/network/balancedAddress';
import { balancer, listener } from '../kit/networkShapes';

const lb = balancer({ name: 'shared', dnsName: 'shared-1.elb.amazonaws.com' });

/** A listener as `PROTOCOL port` with what its default action forwards to, and its rules. */
function listens(text: string, forwards: string, ...rules: readonly (readonly string[])[]): ListenerRules {
  const [protocol = '', port = ''] = text.split(' ');
  return {
    listener: listener({ protocol, port: Number(port), targetGroups: [forwards] }),
    rules: rules.map(([targetGroup = '', ...conditions], index) => ({
      ...{ listener: 'l', priority: String(index + 1), conditions, targetGroups: [targetGroup] },
    })),
  };
}

const found = (...listeners: readonly ListenerRules[]): string => {
  const way = balancedAddress(lb, listeners, ['ours']);
  return way.address ?? english(way.reason);
};

describe('the address behind a load balancer', () => {
  const cases: [string, ListenerRules[], string][] = [
    ['is the default action’s', [listens('HTTP 80', 'ours')], 'http://shared-1.elb.amazonaws.com/'],
    [
      'is HTTPS where both lead there',
      [listens('HTTP 80', 'ours'), listens('HTTPS 443', 'ours')],
      'https://shared-1.elb.amazonaws.com/',
    ],
    [
      'is no listener of another service',
      [listens('HTTPS 443', 'theirs'), listens('HTTP 8080', 'ours')],
      'http://shared-1.elb.amazonaws.com:8080/',
    ],
    [
      'has a rule’s path',
      [listens('HTTP 80', 'theirs', ['ours', 'path-pattern: /api/*'])],
      'http://shared-1.elb.amazonaws.com/api/',
    ],
    [
      'has a rule’s host',
      [listens('HTTPS 443', 'theirs', ['ours', 'host-header: shop.example.com'])],
      'https://shop.example.com/',
    ],
    [
      'has both',
      [
        listens('HTTPS 443', 'theirs', [
          'ours',
          'host-header: *.example.com, shop.example.com',
          'path-pattern: /cart*',
        ]),
      ],
      'https://shop.example.com/cart',
    ],
    [
      'is the rule that asks least',
      [listens('HTTP 80', 'theirs', ['ours', 'path-pattern: /deep/down/*'], ['ours', 'path-pattern: /*'])],
      'http://shared-1.elb.amazonaws.com/',
    ],
    [
      'is none where a request needs more than an address',
      [listens('HTTP 80', 'theirs', ['ours', 'http-header: blue'])],
      '“shared” forwards to it only where http-header: blue.',
    ],
    [
      'is none where only a pattern names the host',
      [listens('HTTP 80', 'theirs', ['ours', 'host-header: *.example.com'])],
      '“shared” forwards to it only where host-header: *.example.com.',
    ],
    [
      'is none where nothing leads there',
      [listens('HTTP 80', 'theirs')],
      'No listener of “shared” forwards to its target group.',
    ],
    [
      'is none for what no browser speaks',
      [listens('UDP 53', 'ours')],
      'No listener of “shared” forwards to its target group.',
    ],
  ];
  for (const [name, listeners, expected] of cases) it(name, () => assert.equal(found(...listeners), expected));
});
