import assert from 'node:assert/strict';
import { english } from '../../../src/core/message';
import type { Choices } from '../../../src/provision/choices';
import {
  clusterNameRule,
  nameRule,
  pathRule,
  portRule,
  problemsOf,
  repositoryNameRule,
} from '../../../src/provision/rules';
import { express, service } from './choices';

describe('the rules of a new service', () => {
  const names: [string, boolean][] = [
    ['web', true],
    ['web-2', true],
    ['', false],
    ['Web', false],
    ['2web', false],
    ['web_2', false],
    ['web--2', false],
    ['web-', false],
    ['w'.repeat(64), false],
  ];
  for (const [name, isGood] of names) {
    it(`${isGood ? 'take' : 'refuse'} the name “${name.slice(0, 12)}”`, () => assert.equal(!nameRule(name), isGood));
  }

  it('know what ECR, ECS and ELB take', () => {
    assert.equal(repositoryNameRule('team/web.api_2'), undefined);
    assert.ok(repositoryNameRule('Team/web'));
    assert.ok(repositoryNameRule('web//api'));
    assert.ok(clusterNameRule('fargate-main'));
    assert.equal(clusterNameRule('Main_1'), undefined);
    assert.ok(pathRule('health'));
    assert.ok(pathRule('/with space'));
    assert.ok(portRule('0'));
    assert.ok(portRule('65536'));
  });

  it('find nothing in what the short way makes', () => {
    assert.deepEqual(problemsOf(service()), []);
    assert.deepEqual(problemsOf(express()), []);
  });

  const container = service().containers[0];
  const wrong: [string, Choices, RegExp][] = [
    ['a size that Fargate lacks', service({ cpu: 256, memory: 4096 }), /256 CPU units Fargate has 512/],
    ['CPU units that it lacks', service({ cpu: 300 }), /no size of 300/],
    ['one subnet under a load balancer', withFront(['subnet-11111111']), /two Availability Zones/],
    ['a load balancer without a port', service({ containers: [{ ...container, ports: [] }] }), /Nothing is listening/],
    ['blue/green without one', service({ front: { kind: 'none' }, deployment: 'blueGreen' }), /needs a load balancer/],
    [
      'a public front without addresses',
      service({
        front: { kind: 'publicAddress', allowedFrom: '0.0.0.0/0' },
        network: { ...service().network, publicAddress: false },
      }),
      /only where tasks get one/,
    ],
    ['an address on an instance', service({ capacity: { kind: 'managedInstances' } }), /no public address/],
    ['two containers on one port', service({ containers: [container, { ...container, name: 'b' }] }), /same port/],
    [
      'a variable that is also a secret',
      service({
        containers: [{ ...container, environment: { A: '1' }, secrets: [{ name: 'A', valueFrom: 'arn:x' }] }],
      }),
      /as a value and as a secret/,
    ],
    ['scaling down to nothing', service({ scaling: { minimum: 0, maximum: 2, cpuTarget: 50 } }), /at least one task/],
    ['Express Mode with two ports', express({ container: { ...container, ports: [80, 81] } }), /one port/],
  ];
  for (const [what, choices, expected] of wrong) {
    it(`find ${what}`, () => assert.match(problemsOf(choices).map(english).join('\n'), expected));
  }
});

function withFront(subnets: readonly string[]): Choices {
  const { front } = service();
  assert.ok(front.kind === 'loadBalancer');
  return service({ front: { ...front, subnets } });
}
