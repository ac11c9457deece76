import assert from 'node:assert/strict';
import { newListener } from '../../../src/sandbox/elb/listeners';
import { newLoadBalancer } from '../../../src/sandbox/elb/loadBalancers';
import { newTargetGroup } from '../../../src/sandbox/elb/targetGroups';
import { defaultSubnets, defaultVpc } from '../../../src/sandbox/ec2/network';
import type { TargetGroup } from '../../../src/sandbox/elb/types';
import type { Service } from '../../../src/sandbox/ecsService/types';
import { scenarioLabel } from '../../../src/sandbox/runtime/scenarios';
import { type SmallWorld, smallWorld } from './smallWorld';

const second = 1000;

describe('services behind a load balancer', () => {
  let world: SmallWorld;
  let group: TargetGroup;
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('v1');
    group = newTargetGroup(world.elb, {
      Name: 'app',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: defaultVpc,
      HealthCheckIntervalSeconds: 10,
    });
    group.attributes.set('deregistration_delay.timeout_seconds', '20');
    const balancer = newLoadBalancer(world.elb, { Name: 'app', Subnets: defaultSubnets });
    const actions = [{ Type: 'forward', TargetGroupArn: group.arn }];
    newListener(world.elb, { LoadBalancerArn: balancer.arn, Protocol: 'HTTP', Port: 80, DefaultActions: actions });
  });
  afterEach(() => world.close());

  function create(label: Record<string, string> = {}, more: Record<string, unknown> = {}): Service {
    world.revision('v1', { portMappings: [{ containerPort: 8080 }], dockerLabels: label });
    world.call('CreateService', {
      cluster: 'demo',
      serviceName: 'app',
      taskDefinition: 'app',
      desiredCount: 1,
      loadBalancers: [{ targetGroupArn: group.arn, containerName: 'app', containerPort: 8080 }],
      ...more,
    });
    const service = world.cluster.services.get('app');
    assert.ok(service);
    return service;
  }
  const states = (): string[] => [...group.targets.values()].map(({ state }) => state);
  const texts = ({ events }: Service): string => events.map(({ message }) => message).join('\n');

  it('registers a task, and is steady only when its target is healthy', () => {
    const service = create();
    world.clock.advance(2 * second);
    assert.deepEqual(states(), ['initial']);
    assert.equal(service.deployments[0]?.rolloutState, 'IN_PROGRESS');
    world.clock.advance(5 * second);
    assert.deepEqual(states(), ['healthy']);
    assert.equal(service.deployments[0]?.rolloutState, 'COMPLETED');
    assert.match(texts(service), /registered 1 targets in \(target-group arn:aws:elasticloadbalancing:.*\)/);
  });

  it('lets connections end for the deregistration delay before it stops a task', () => {
    const service = create();
    world.clock.advance(10 * second);
    world.call('UpdateService', { cluster: 'demo', service: 'app', desiredCount: 0 });
    world.clock.advance(19 * second);
    assert.deepEqual(states(), ['draining']);
    assert.equal(world.tasks('all')[0]?.lastStatus, 'DEACTIVATING');
    world.clock.advance(3 * second);
    assert.deepEqual(states(), []);
    assert.equal(world.tasks('all')[0]?.lastStatus, 'STOPPED');
    assert.match(texts(service), /has begun draining connections on 1 tasks/);
  });

  it('stops a task that fails its health checks, says why, and trips the circuit breaker', () => {
    const service = create(
      { [scenarioLabel]: 'elb-404' },
      { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
    );
    world.clock.advance(180 * second);
    const [task] = world.tasks('all');
    assert.equal(task?.stoppedReason, `Task failed ELB health checks in (target-group ${group.arn})`);
    assert.match(
      texts(service),
      /\(port \d+\) is unhealthy in \(target-group .*\) due to \(reason Health checks failed with these codes: \[404\]\)/,
    );
    assert.equal(service.deployments[0]?.rolloutState, 'FAILED');
  });

  it('leaves an unhealthy task alone until its grace period is over', () => {
    create({ [scenarioLabel]: 'elb-timeout' }, { healthCheckGracePeriodSeconds: 60 });
    world.clock.advance(50 * second);
    assert.deepEqual(states(), ['unhealthy']);
    assert.equal(world.tasks('all').length, 1);
    assert.equal(world.tasks()[0]?.lastStatus, 'RUNNING');
    world.clock.advance(30 * second);
    assert.match(world.tasks('all')[0]?.stoppedReason ?? '', /^Task failed ELB health checks/);
  });

  it('refuses target groups that do not exist, that nobody sends traffic to, or of the wrong type', () => {
    const absent = group.arn.replace('app', 'absent');
    const lonely = newTargetGroup(world.elb, { Name: 'lonely', Protocol: 'HTTP', Port: 80, VpcId: defaultVpc });
    const behind = (targetGroupArn: string): Record<string, unknown> => ({
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
    });
    assert.throws(() => create({}, behind(absent)), /target group does not exist/);
    assert.throws(() => create({}, behind(lonely.arn)), /does not have an associated load balancer/);
    assert.throws(
      () => create({}, { healthCheckGracePeriodSeconds: 5, loadBalancers: [] }),
      /grace period is only valid/,
    );
  });
});
