import assert from 'node:assert/strict';
import { usageOf } from '../../../src/sandbox/runtime/engineStats';
import { wantedCount } from '../../../src/sandbox/scaling/scaler';
import { type SmallWorld, smallWorld } from './smallWorld';

const minute = 60_000;
const resource = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/demo/web',
  ScalableDimension: 'ecs:service:DesiredCount',
};

describe('scaling: services follow their metrics', () => {
  let world: SmallWorld;
  beforeEach(async () => {
    world = await smallWorld();
    await world.push('v1');
  });
  afterEach(() => world.close());

  /** Usage is collected between the steps of the clock. */
  async function pass(minutes: number): Promise<void> {
    for (let left = minutes * 4; left > 0; left -= 1) {
      world.clock.advance(minute / 4);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const desired = (): number =>
    world.call<{ services: { desiredCount: number }[] }>('DescribeServices', { cluster: 'demo', services: ['web'] })
      .services[0]?.desiredCount ?? -1;
  const scale = <T>(operation: string, input: object): T =>
    world.call<T>(operation, { ...resource, ...input }, 'application-autoscaling');

  async function start(load: string): Promise<void> {
    world.revision('v1', { cpu: 256, dockerLabels: { 'gantry.sandbox.load': load } });
    world.call('CreateService', { cluster: 'demo', serviceName: 'web', taskDefinition: 'app', desiredCount: 1 });
    await pass(1);
    scale('RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 4 });
  }
  const track = (more: object = {}): unknown =>
    scale('PutScalingPolicy', {
      ...{ PolicyName: 'cpu', PolicyType: 'TargetTrackingScaling' },
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 50,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        ...more,
      },
    });

  it('out after three minutes above the target, to what the target needs, and says why', async () => {
    await start('90');
    track();
    await pass(2);
    assert.equal(desired(), 1);
    await pass(4);
    assert.equal(desired(), 2);
    const { ScalingActivities } = scale<{ ScalingActivities: { Cause: string; Description: string }[] }>(
      'DescribeScalingActivities',
      {},
    );
    assert.equal(ScalingActivities.length, 1);
    assert.match(
      ScalingActivities[0]?.Cause ?? '',
      /^monitor alarm TargetTracking-service\/demo\/web-AlarmHigh-.* in state ALARM triggered policy cpu$/,
    );
    await pass(20);
    assert.equal(desired(), 2, 'at 45 of 50 it stays');
  });

  it('in after a quarter of an hour, not below the minimum, and not at all when that is suspended', async () => {
    await start('10');
    world.call('UpdateService', { cluster: 'demo', service: 'web', desiredCount: 3 });
    scale('RegisterScalableTarget', { SuspendedState: { DynamicScalingInSuspended: true } });
    track();
    await pass(20);
    assert.equal(desired(), 3);
    scale('RegisterScalableTarget', { SuspendedState: { DynamicScalingInSuspended: false } });
    await pass(4);
    assert.equal(desired(), 1);
    scale('DeleteScalingPolicy', { PolicyName: 'cpu' });
    const { MetricAlarms } = world.call<{ MetricAlarms: unknown[] }>('DescribeAlarms', {}, 'cloudwatch');
    assert.deepEqual(MetricAlarms, [], 'the alarms go with the policy');
  });

  it('by steps, when an alarm of the user names the policy', async () => {
    await start('70');
    const { PolicyARN } = scale<{ PolicyARN: string }>('PutScalingPolicy', {
      PolicyName: 'steps',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ChangeInCapacity',
        Cooldown: 600,
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 15, ScalingAdjustment: 1 },
          { MetricIntervalLowerBound: 15, ScalingAdjustment: 2 },
        ],
      },
    });
    const dimensions = [
      { Name: 'ClusterName', Value: 'demo' },
      { Name: 'ServiceName', Value: 'web' },
    ];
    world.call(
      'PutMetricAlarm',
      {
        ...{ AlarmName: 'hot', MetricName: 'CPUUtilization', Namespace: 'AWS/ECS', Dimensions: dimensions },
        ...{ Statistic: 'Average', Period: 60, EvaluationPeriods: 1, Threshold: 50, AlarmActions: [PolicyARN] },
        ComparisonOperator: 'GreaterThanThreshold',
      },
      'cloudwatch',
    );
    await pass(2);
    assert.equal(desired(), 3, '20 above the threshold is the second step');
  });

  it('rounds as AWS does', () => {
    const above = { threshold: 50, comparison: 'GreaterThanThreshold' };
    const tracking = { TargetValue: 50 };
    assert.equal(wantedCount({ tracking }, 2, above, 76), 4);
    assert.equal(wantedCount({ tracking }, 4, above, 46), 4);
    assert.equal(wantedCount({ tracking }, 4, above, 20), 2);
    assert.equal(wantedCount({ tracking: { ...tracking, DisableScaleIn: true } }, 4, above, 20), 4);
    const percent = (by: number) => ({
      AdjustmentType: 'PercentChangeInCapacity' as const,
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: by }],
    });
    assert.equal(wantedCount({ steps: percent(10) }, 3, above, 60), 4);
    assert.equal(wantedCount({ steps: percent(50) }, 5, above, 60), 7);
    assert.equal(wantedCount({ steps: percent(-10) }, 3, above, 60), 2);
    assert.equal(wantedCount({ steps: percent(-10) }, 3, above, 40), 3, 'below the threshold no step fits');
  });

  it('measures by what the engine says', () => {
    const id = 'abcdef012345'.padEnd(64, '0');
    const found = usageOf(`abcdef012345 12.50% 3.5MiB / 64MiB\nffffffffffff 1% 1MiB / 2MiB\nbroken`, [id]);
    assert.deepEqual([...found], [[id, { cpu: 0.125, memory: 3.5 * 1024 * 1024 }]]);
  });
});
