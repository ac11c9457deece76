import assert from 'node:assert/strict';
import { chooseTarget } from '../../../src/sandbox/elb/stickiness';
import type { Target } from '../../../src/sandbox/elb/types';
import { type SmallWorld, smallWorld } from './smallWorld';

const subnets = ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'];

describe('load balancers: settings that are carried out', () => {
  let world: SmallWorld;
  beforeEach(async () => {
    world = await smallWorld();
  });
  afterEach(() => world.close());
  const elb = <T>(operation: string, input: object): T => world.call<T>(operation, { ...input }, 'elbv2');

  function group(Name: string): string {
    const VpcId = 'vpc-0a1b2c3d4e5f60718';
    const { TargetGroups } = elb<{ TargetGroups: { TargetGroupArn: string }[] }>('CreateTargetGroup', {
      ...{ Name, Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'ip' },
    });
    const arn = TargetGroups[0]?.TargetGroupArn ?? '';
    for (const port of [1, 2, 3]) {
      const target: Target = { id: '127.0.0.1', port, backend: { kind: 'port', port }, state: 'healthy', inARow: 1 };
      world.elb.state.groups.get(arn)?.targets.set(`127.0.0.1:${port}`, target);
    }
    return arn;
  }
  const cookieOf = (cookies: readonly string[]): string => cookies.map((cookie) => cookie.split(';')[0]).join('; ');

  it('keeps a client at its target while that is able, and until the cookie expires', () => {
    const arn = group('web');
    const action = { Type: 'forward', TargetGroupArn: arn };
    const now = world.clock.now();
    assert.deepEqual(chooseTarget(world.elb.state, action, undefined, now).cookies, []);
    const Attributes = [
      { Key: 'stickiness.enabled', Value: 'true' },
      { Key: 'stickiness.lb_cookie.duration_seconds', Value: '60' },
    ];
    elb('ModifyTargetGroupAttributes', { TargetGroupArn: arn, Attributes });
    const first = chooseTarget(world.elb.state, action, undefined, now);
    assert.match(first.cookies[0] ?? '', /^AWSALB=[\w-]+; Expires=.*; Path=\/$/);
    assert.match(first.cookies[1] ?? '', /^AWSALBCORS=.*SameSite=None$/);
    const again = (at = now): Target | undefined =>
      chooseTarget(world.elb.state, action, cookieOf(first.cookies), at).target;
    assert.deepEqual(
      [again(), again(), again()].map((target) => target?.port),
      Array(3).fill(first.target?.port),
    );
    const later = [1, 2, 3].map(() => again(now + 61_000)?.port);
    assert.equal(new Set(later).size, 3, 'an expired cookie holds nobody');
    if (first.target) first.target.state = 'draining';
    assert.notEqual(again()?.port, first.target?.port);
    assert.ok(chooseTarget(world.elb.state, action, 'AWSALB=garbage; other=1', now).target);
  });

  it('keeps a client at its target group during a canary', () => {
    const [blue, green] = [group('blue'), group('green')];
    const TargetGroups = [blue, green].map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 }));
    const ForwardConfig = { TargetGroups, TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 10 } };
    const action = { Type: 'forward', ForwardConfig };
    const now = world.clock.now();
    const first = chooseTarget(world.elb.state, action, undefined, now);
    const side = (target: Target | undefined): boolean =>
      [...(world.elb.state.groups.get(blue)?.targets.values() ?? [])].some((candidate) => candidate === target);
    for (let round = 0; round < 6; round += 1) {
      const next = chooseTarget(world.elb.state, action, cookieOf(first.cookies), now);
      assert.equal(side(next.target), side(first.target));
    }
  });

  it('refuses attributes that it does not have, and sets none of them then', () => {
    const arn = group('web');
    const Attributes = [
      { Key: 'stickiness.enabled', Value: 'true' },
      { Key: 'load_balancing.algorithm.type', Value: 'least_outstanding_requests' },
    ];
    assert.throws(() => elb('ModifyTargetGroupAttributes', { TargetGroupArn: arn, Attributes }), /not a value/);
    const answer = elb<{ Attributes: { Key: string; Value: string }[] }>('DescribeTargetGroupAttributes', {
      TargetGroupArn: arn,
    });
    assert.equal(answer.Attributes.find(({ Key }) => Key === 'stickiness.enabled')?.Value, 'false');
  });

  it('does not delete what is protected', () => {
    const { LoadBalancers } = elb<{ LoadBalancers: { LoadBalancerArn: string }[] }>('CreateLoadBalancer', {
      ...{ Name: 'front', Subnets: subnets },
    });
    const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn;
    const protect = (Value: string): unknown =>
      elb('ModifyLoadBalancerAttributes', {
        ...{ LoadBalancerArn, Attributes: [{ Key: 'deletion_protection.enabled', Value }] },
      });
    protect('true');
    assert.throws(() => elb('DeleteLoadBalancer', { LoadBalancerArn }), { code: 'OperationNotPermittedException' });
    assert.throws(() => elb('SetSubnets', { LoadBalancerArn, Subnets: subnets.slice(1) }), /two subnets/);
    assert.throws(() => elb('SetSecurityGroups', { LoadBalancerArn, SecurityGroups: ['sg-absent'] }), {
      code: 'InvalidSecurityGroupException',
    });
    protect('false');
    elb('DeleteLoadBalancer', { LoadBalancerArn });
  });
});
