import assert from 'node:assert/strict';
import { defaultSubnets, defaultVpc } from '../../../src/sandbox/ec2/network';
import { newListener } from '../../../src/sandbox/elb/listeners';
import { newLoadBalancer } from '../../../src/sandbox/elb/loadBalancers';
import { newRule } from '../../../src/sandbox/elb/rules';
import { newTargetGroup } from '../../../src/sandbox/elb/targetGroups';
import { nextGroup, nextInGroup } from '../../../src/sandbox/elb/balance';
import type { Rule, TargetGroup } from '../../../src/sandbox/elb/types';
import type { Service } from '../../../src/sandbox/ecsService/types';
import { scenarioLabel } from '../../../src/sandbox/runtime/scenarios';
import { type SmallWorld, smallWorld } from './smallWorld';

const second = 1000;
const minute = 60 * second;

interface Summary {
  readonly arn: string;
  readonly requestedTaskCount: number;
  readonly runningTaskCount: number;
  readonly requestedProductionTrafficWeight?: number;
  readonly requestedTestTrafficWeight?: number;
}

interface Described {
  readonly status: string;
  readonly statusReason?: string;
  readonly lifecycleStage?: string;
  readonly lifecycleHookDetails?: readonly { hookId: string; status: string; targetType: string; expiresAt: Date }[];
  readonly sourceServiceRevisions: readonly Summary[];
  readonly targetServiceRevision: Summary;
  readonly rollback?: { reason: string; serviceRevisionArn: string };
  readonly alarms: { status: string; triggeredAlarmNames: readonly string[] };
}

describe('deployments that shift traffic', () => {
  let world: SmallWorld;
  let groups: [TargetGroup, TargetGroup];
  let production: Rule;
  let test: Rule;
  beforeEach(async () => {
    world = await smallWorld();
    for (const tag of ['v1', 'v2', 'v3']) await world.push(tag);
    const group = (name: string): TargetGroup => {
      const made = newTargetGroup(world.elb, { Name: name, Protocol: 'HTTP', Port: 80, VpcId: defaultVpc });
      made.attributes.set('deregistration_delay.timeout_seconds', '5');
      return made;
    };
    groups = [group('blue'), group('green')];
    const balancer = newLoadBalancer(world.elb, { Name: 'app', Subnets: defaultSubnets });
    const listener = newListener(world.elb, {
      LoadBalancerArn: balancer.arn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    });
    const rule = (path: string, priority: number): Rule =>
      newRule(world.elb, {
        ListenerArn: listener.arn,
        Conditions: [{ Field: 'path-pattern', Values: [path] }],
        Priority: priority,
        Actions: [{ Type: 'forward', TargetGroupArn: groups[0].arn }],
      });
    test = rule('/test/*', 1);
    production = rule('/*', 2);
  });
  afterEach(() => world.close());

  const behind = (): Record<string, unknown> => ({
    targetGroupArn: groups[0].arn,
    containerName: 'app',
    containerPort: 8080,
    advancedConfiguration: {
      alternateTargetGroupArn: groups[1].arn,
      productionListenerRule: production.arn,
      testListenerRule: test.arn,
      roleArn: 'arn:aws:iam::000000000000:role/ecsInfrastructureRole',
    },
  });

  function define(tag: string, label?: string): string {
    const dockerLabels = label === undefined ? {} : { [scenarioLabel]: label };
    return world.revision(tag, { portMappings: [{ containerPort: 8080 }], dockerLabels }).arn;
  }

  function create(deploymentConfiguration: Record<string, unknown>, more: Record<string, unknown> = {}): Service {
    world.call('CreateService', {
      cluster: 'demo',
      serviceName: 'app',
      taskDefinition: define('v1'),
      desiredCount: 2,
      loadBalancers: [behind()],
      deploymentConfiguration,
      ...more,
    });
    world.clock.advance(30 * second);
    const service = world.cluster.services.get('app');
    assert.ok(service);
    assert.equal(service.current?.status, 'SUCCESSFUL');
    return service;
  }

  function update(tag: string, label?: string, more: Record<string, unknown> = {}): void {
    world.call('UpdateService', { cluster: 'demo', service: 'app', taskDefinition: define(tag, label), ...more });
  }

  function described(): Described {
    const arn = world.cluster.services.get('app')?.current?.arn;
    const answer = world.call<{ serviceDeployments: [Described] }>('DescribeServiceDeployments', {
      serviceDeploymentArns: [arn],
    });
    return answer.serviceDeployments[0];
  }

  /** Lifecycle stages in the order in which they are seen, looked at ten times a second. */
  function stages(ms: number): string[] {
    const seen: string[] = [];
    for (let passed = 0; passed < ms; passed += 100) {
      const { lifecycleStage = '' } = described();
      if (seen.at(-1) !== lifecycleStage) seen.push(lifecycleStage);
      world.clock.advance(100);
    }
    return seen;
  }

  const weights = (rule: Rule): Record<string, number> =>
    Object.fromEntries(
      (
        (rule.actions[0]?.['ForwardConfig'] as { TargetGroups?: { TargetGroupArn: string; Weight: number }[] })
          .TargetGroups ?? []
      ).map(({ TargetGroupArn, Weight }) => [TargetGroupArn === groups[0].arn ? 'blue' : 'green', Weight]),
    );
  /** Tags of the images that answer so many requests. */
  function answers(rule: Rule, count: number): string[] {
    return Array.from({ length: count }, () => {
      const target = nextInGroup(world.elb.state, nextGroup(rule.actions[0] ?? {}));
      const task = world.cluster.tasks.get(target?.task ?? '');
      return task?.containers[0]?.image.split(':').at(-1) ?? 'nobody';
    });
  }

  it('goes through AWS’s stages, moves the traffic at once, and keeps blue through the bake time', () => {
    const service = create({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 });
    assert.deepEqual(weights(production), { blue: 100, green: 0 });
    update('v2');
    const seen = stages(40 * second);
    assert.deepEqual(seen, [
      'PRE_SCALE_UP',
      'SCALE_UP',
      'POST_SCALE_UP',
      'TEST_TRAFFIC_SHIFT',
      'POST_TEST_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
      'BAKE_TIME',
    ]);
    const baking = described();
    assert.equal(baking.status, 'IN_PROGRESS');
    assert.deepEqual(
      [baking.targetServiceRevision.runningTaskCount, baking.sourceServiceRevisions[0]?.runningTaskCount],
      [2, 2],
    );
    assert.equal(baking.targetServiceRevision.requestedProductionTrafficWeight, 100);
    assert.equal(baking.sourceServiceRevisions[0]?.requestedProductionTrafficWeight, 0);
    assert.deepEqual(weights(production), { blue: 0, green: 100 });
    assert.deepEqual(new Set(answers(production, 10)), new Set(['v2']));
    world.clock.advance(2 * minute);
    assert.equal(described().status, 'SUCCESSFUL');
    assert.equal(described().lifecycleStage, 'CLEAN_UP');
    assert.equal(world.tasks().length, 2);
    assert.equal(service.deployments.length, 1);
    assert.equal(groups[0].targets.size, 0);
  });

  it('does not watch an alarm that is off before the deployment starts', () => {
    create({ strategy: 'BLUE_GREEN', alarms: { alarmNames: ['errors'], enable: true, rollback: true } });
    world.ecs.alarms.set('errors', 'ALARM');
    update('v2');
    world.clock.advance(minute);
    assert.equal(described().status, 'SUCCESSFUL');
    assert.equal(described().alarms.status, 'DISABLED');
  });

  it('swaps the two target groups with every deployment', () => {
    create({ strategy: 'BLUE_GREEN' });
    update('v2');
    world.clock.advance(minute);
    assert.deepEqual(weights(production), { blue: 0, green: 100 });
    update('v3');
    world.clock.advance(minute);
    assert.deepEqual(weights(production), { blue: 100, green: 0 });
    assert.equal(groups[0].targets.size, 2);
    assert.equal(groups[1].targets.size, 0);
    const revisionArn = described().targetServiceRevision.arn;
    const { serviceRevisions } = world.call<{
      serviceRevisions: [{ resolvedConfiguration: { loadBalancers: { targetGroupArn: string }[] } }];
    }>('DescribeServiceRevisions', { serviceRevisionArns: [revisionArn] });
    assert.equal(serviceRevisions[0].resolvedConfiguration.loadBalancers[0]?.targetGroupArn, groups[0].arn);
  });

  it('gives a canary its few requests, then everything', () => {
    create({ strategy: 'CANARY', canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 3 } });
    update('v2');
    world.clock.advance(30 * second);
    assert.equal(described().targetServiceRevision.requestedProductionTrafficWeight, 5);
    assert.equal(answers(production, 100).filter((tag) => tag === 'v2').length, 5);
    world.clock.advance(4 * minute);
    assert.equal(described().status, 'SUCCESSFUL');
    assert.deepEqual(new Set(answers(production, 20)), new Set(['v2']));
  });

  it('shifts linearly, a step at a time', () => {
    create({ strategy: 'LINEAR', linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: 1 } });
    update('v2');
    const seen: number[] = [];
    for (let passed = 0; passed < 6 * 60; passed += 1) {
      const weight = described().targetServiceRevision.requestedProductionTrafficWeight ?? -1;
      if (seen.at(-1) !== weight) seen.push(weight);
      world.clock.advance(second);
    }
    assert.deepEqual(seen, [0, 30, 60, 90, 100]);
    assert.equal(described().status, 'SUCCESSFUL');
  });

  it('shifts back when the circuit breaker trips', () => {
    const service = create({ strategy: 'BLUE_GREEN', deploymentCircuitBreaker: { enable: true, rollback: true } });
    update('v2', 'exit-1');
    world.clock.advance(3 * minute);
    const { status, rollback, sourceServiceRevisions } = described();
    assert.equal(status, 'ROLLBACK_SUCCESSFUL');
    assert.equal(rollback?.serviceRevisionArn, sourceServiceRevisions[0]?.arn);
    assert.deepEqual(weights(production), { blue: 100, green: 0 });
    assert.deepEqual(
      world.tasks().map((task) => task.containers[0]?.image.split(':').at(-1)),
      ['v1', 'v1'],
    );
    assert.equal(service.deployments.length, 1);
  });

  it('shifts back when somebody stops it in the bake time', () => {
    create({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 });
    update('v2');
    world.clock.advance(minute);
    assert.equal(described().lifecycleStage, 'BAKE_TIME');
    const arn = world.cluster.services.get('app')?.current?.arn;
    world.call('StopServiceDeployment', { serviceDeploymentArn: arn, stopType: 'ROLLBACK' });
    assert.equal(described().status, 'ROLLBACK_REQUESTED');
    world.clock.advance(2 * second);
    assert.deepEqual(weights(production), { blue: 100, green: 0 });
    world.clock.advance(30 * second);
    assert.equal(described().status, 'ROLLBACK_SUCCESSFUL');
    assert.equal(world.tasks().length, 2);
    assert.deepEqual(new Set(answers(production, 10)), new Set(['v1']));
  });

  it('shifts back when an alarm goes off', () => {
    const alarms = { alarmNames: ['errors'], enable: true, rollback: true };
    create({ strategy: 'CANARY', alarms });
    update('v2');
    world.clock.advance(minute);
    assert.equal(described().alarms.status, 'MONITORING');
    world.ecs.alarms.set('errors', 'ALARM');
    world.clock.advance(minute);
    const { status, statusReason, alarms: seen } = described();
    assert.equal(status, 'ROLLBACK_SUCCESSFUL');
    assert.match(statusReason ?? '', /errors/);
    assert.deepEqual([seen.status, seen.triggeredAlarmNames], ['TRIGGERED', ['errors']]);
    assert.deepEqual(weights(production), { blue: 100, green: 0 });
  });

  it('reconciles when it is superseded, and lands on the newest revision', () => {
    const service = create({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 });
    update('v2');
    world.clock.advance(minute);
    update('v3');
    assert.equal(stages(second)[0], 'RECONCILE_SERVICE');
    world.clock.advance(minute);
    assert.equal(described().lifecycleStage, 'BAKE_TIME');
    assert.deepEqual(new Set(answers(production, 10)), new Set(['v3']));
    world.clock.advance(60 * minute);
    assert.equal(described().status, 'SUCCESSFUL');
    assert.equal(service.history.filter(({ status }) => status === 'STOPPED').length, 1);
    assert.equal(world.tasks().length, 2);
  });

  it('replaces a service without a load balancer all at once', () => {
    create({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 }, { loadBalancers: [] });
    update('v2');
    world.clock.advance(30 * second);
    assert.equal(world.tasks().length, 4, 'blue and green run side by side');
    world.clock.advance(2 * minute);
    assert.equal(described().status, 'SUCCESSFUL');
    assert.equal(world.tasks().length, 2);
  });

  it('keeps both sides at what is wanted when it is scaled in the bake time', () => {
    create({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 });
    update('v2');
    world.clock.advance(minute);
    world.call('UpdateService', { cluster: 'demo', service: 'app', desiredCount: 3 });
    world.clock.advance(minute);
    assert.equal(world.tasks().length, 6);
  });

  describe('hooks', () => {
    const pause = (stage: string, timeoutConfiguration?: Record<string, unknown>): Record<string, unknown> => ({
      lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: [stage], timeoutConfiguration }],
    });
    const lambda = {
      lifecycleHooks: [
        {
          hookTargetArn: 'arn:aws:lambda:us-east-1:000000000000:function:check',
          roleArn: 'arn:aws:iam::000000000000:role/hooks',
          lifecycleStages: ['POST_SCALE_UP'],
        },
      ],
    };
    function begin(configuration: Record<string, unknown>, label?: string): void {
      create({ strategy: 'BLUE_GREEN' });
      update('v2', label, { deploymentConfiguration: configuration });
      world.clock.advance(30 * second);
    }
    const goOn = (action?: string): unknown =>
      world.call('ContinueServiceDeployment', {
        serviceDeploymentArn: world.cluster.services.get('app')?.current?.arn,
        hookId: described().lifecycleHookDetails?.[0]?.hookId,
        ...(action === undefined ? {} : { action }),
      });

    it('waits at a pause until it is told to go on', () => {
      begin(pause('POST_TEST_TRAFFIC_SHIFT'));
      world.clock.advance(60 * minute);
      const { lifecycleStage, lifecycleHookDetails } = described();
      assert.equal(lifecycleStage, 'POST_TEST_TRAFFIC_SHIFT');
      assert.equal(lifecycleHookDetails?.[0]?.status, 'AWAITING_ACTION');
      assert.deepEqual(new Set(answers(test, 10)), new Set(['v2']), 'green gets the test traffic');
      assert.deepEqual(new Set(answers(production, 10)), new Set(['v1']), 'blue keeps the production traffic');
      goOn();
      world.clock.advance(30 * second);
      assert.equal(described().status, 'SUCCESSFUL');
      assert.equal(described().lifecycleHookDetails?.[0]?.status, 'SUCCEEDED');
      assert.throws(() => goOn(), /not awaiting an action/);
    });

    it('goes back from a pause', () => {
      begin(pause('PRE_PRODUCTION_TRAFFIC_SHIFT'));
      goOn('ROLLBACK');
      world.clock.advance(30 * second);
      assert.equal(described().status, 'ROLLBACK_SUCCESSFUL');
      assert.deepEqual(weights(test), { blue: 100, green: 0 });
    });

    it('does at the end of a pause what the hook says', () => {
      begin(pause('POST_SCALE_UP', { timeoutInMinutes: 10, action: 'CONTINUE' }));
      assert.equal(described().status, 'IN_PROGRESS');
      world.clock.advance(10 * minute + 30 * second);
      assert.equal(described().status, 'SUCCESSFUL');
      assert.equal(described().lifecycleHookDetails?.[0]?.status, 'TIMED_OUT');
      update('v3', undefined, { deploymentConfiguration: pause('POST_SCALE_UP', { timeoutInMinutes: 10 }) });
      world.clock.advance(11 * minute);
      assert.equal(described().status, 'ROLLBACK_SUCCESSFUL');
    });

    it('counts a Lambda hook as passed, and says that nothing has run it', () => {
      begin(lambda);
      assert.equal(described().status, 'SUCCESSFUL');
      const texts =
        world.cluster.services
          .get('app')
          ?.events.map(({ message }) => message)
          .join('\n') ?? '';
      assert.match(
        texts,
        /lifecycle hook arn:aws:lambda:.* is not run: the sandbox has no Lambda\. It counts as SUCCEEDED/,
      );
    });

    it('fails a Lambda hook on demand', () => {
      begin(lambda, 'hook-fails');
      world.clock.advance(30 * second);
      assert.equal(described().status, 'ROLLBACK_SUCCESSFUL');
      assert.match(described().statusReason ?? '', /Lifecycle hook .* failed at POST_SCALE_UP/);
    });

    it('is stuck at a Lambda hook on demand, until AWS would give up', () => {
      begin(lambda, 'stuck-at-hook');
      world.clock.advance(12 * 60 * minute);
      assert.equal(described().lifecycleStage, 'POST_SCALE_UP');
      assert.equal(described().lifecycleHookDetails?.[0]?.status, 'IN_PROGRESS');
      world.clock.advance(13 * 60 * minute);
      assert.equal(described().status, 'ROLLBACK_SUCCESSFUL');
    });
  });

  it('refuses what AWS refuses', () => {
    const plain = { ...behind(), advancedConfiguration: undefined };
    assert.throws(
      () => create({ strategy: 'LINEAR' }, { loadBalancers: [plain] }),
      /advancedConfiguration field is required for all loadBalancers when using the linear deployment strategy/,
    );
    assert.throws(() => create({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1441 }), /bakeTimeInMinutes/);
    assert.throws(() => create({ strategy: 'CANARY' }, { loadBalancers: [] }), /Service Connect is required/);
  });
});
