import assert from 'node:assert/strict';
import {
  ApplicationAutoScalingClient,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, Engine, sdkConfig, until } from './tools';

const hour = 3600_000;
const range = () => ({ StartTime: new Date(Date.now() - hour), EndTime: new Date(Date.now() + hour) });
const web = [
  { Name: 'ClusterName', Value: 'demo' },
  { Name: 'ServiceName', Value: 'web' },
];

/**
 * Rules of AWS: CloudWatch GetMetricData, PutMetricData, PutMetricAlarm, SetAlarmState; Application Auto Scaling
 * PutScalingPolicy ("Target tracking", cooldowns); ECS developer guide, "CloudWatch metrics".
 */
needsOwnSandbox('a faster clock and real containers').describe('CloudWatch and Application Auto Scaling', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let watch: CloudWatchClient;
  const engine = new Engine();

  async function open(runtime: 'engine' | 'simulated'): Promise<void> {
    const args = ['--speed', '100', ...(runtime === 'engine' ? ['--engine', engine.file] : [])];
    sandbox = await startSandbox({ seed: 'tiny', runtime, args });
    watch = new CloudWatchClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
  }
  afterEach(async () => {
    watch.destroy();
    assert.deepEqual(await sandbox.violations(), []);
    assert.equal(await sandbox.stop(), 0);
  });
  after(() => engine.close());

  const utilization = (MetricName: string): Promise<number> =>
    until(`${MetricName} of web`, 60, async () => {
      const { Datapoints } = await watch.send(
        new GetMetricStatisticsCommand({
          ...{ Namespace: 'AWS/ECS', MetricName, Dimensions: web, Period: 60, Statistics: ['Average'] },
          ...range(),
        }),
      );
      return Datapoints?.[0]?.Average;
    });

  it('tell what services of simulated tasks use', async () => {
    await open('simulated');
    const cpu = await utilization('CPUUtilization');
    assert.ok(cpu > 10 && cpu < 100, String(cpu));
    const { Metrics = [] } = await watch.send(new ListMetricsCommand({ Namespace: 'AWS/ECS', Dimensions: web }));
    assert.deepEqual(Metrics.map(({ MetricName }) => MetricName).sort(), ['CPUUtilization', 'MemoryUtilization']);
  });

  it('measure what real containers use', async () => {
    await open('engine');
    const memory = await utilization('MemoryUtilization');
    assert.ok(memory > 0 && memory < 100, String(memory));
  });

  it('keep metrics of users and give them back, to the SDK and to the AWS CLI', async () => {
    await open('simulated');
    const Timestamp = new Date();
    const MetricData = [1, 2, 6].map((Value) => ({ MetricName: 'Orders', Value, Timestamp, Unit: 'Count' as const }));
    await watch.send(new PutMetricDataCommand({ Namespace: 'shop', MetricData }));
    const Metric = { Namespace: 'shop', MetricName: 'Orders' };
    const MetricDataQueries = ['Sum', 'Average', 'Maximum'].map((Stat, index) => ({
      Id: `m${index}`,
      MetricStat: { Metric, Period: 300, Stat },
    }));
    const { MetricDataResults = [] } = await watch.send(new GetMetricDataCommand({ ...range(), MetricDataQueries }));
    assert.deepEqual(
      MetricDataResults.map(({ Values }) => Values),
      [[9], [3], [6]],
    );
    assert.ok(MetricDataResults[0]?.Timestamps?.[0] instanceof Date);
    const aws = new AwsCli(sandbox);
    const wanted = ['--namespace', 'shop', '--metric-name', 'Orders', '--period', '60', '--statistics', 'Sum'];
    const { StartTime, EndTime } = range();
    const times = ['--start-time', StartTime.toISOString(), '--end-time', EndTime.toISOString()];
    const answer = await aws.json<{ Datapoints: { Sum: number }[] }>(
      'cloudwatch',
      'get-metric-statistics',
      ...wanted,
      ...times,
    );
    aws.close();
    assert.equal(answer.Datapoints[0]?.Sum, 9);
  });

  it('speak the Query protocol of older clients', async () => {
    await open('simulated');
    const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    const scope = `AKID/${date.slice(0, 8)}/us-east-1/monitoring/aws4_request`;
    const post = async (form: Record<string, string>): Promise<string> => {
      const headers = {
        'x-amz-date': date,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
      };
      const body = new URLSearchParams({ Version: '2010-08-01', ...form });
      return (await fetch(sandbox.endpoint, { method: 'POST', headers, body })).text();
    };
    const data = { 'MetricData.member.1.MetricName': 'Old', 'MetricData.member.1.Value': '4' };
    await post({ Action: 'PutMetricData', Namespace: 'shop', ...data });
    const answer = await post({
      ...{ Action: 'GetMetricStatistics', Namespace: 'shop', MetricName: 'Old', Period: '60' },
      ...{ StartTime: range().StartTime.toISOString(), EndTime: range().EndTime.toISOString() },
      'Statistics.member.1': 'Maximum',
    });
    assert.match(answer, /<Maximum>4<\/Maximum>/);
    assert.match(
      await post({ Action: 'SetAlarmState', AlarmName: 'x', StateValue: 'OK', StateReason: 'r' }),
      /<Code>ResourceNotFound</,
    );
  });

  it('evaluate alarms, and let their states be set', async () => {
    await open('simulated');
    const alarm = { AlarmName: 'errors', Namespace: 'shop', MetricName: 'Errors', Period: 60, EvaluationPeriods: 1 };
    await watch.send(
      new PutMetricAlarmCommand({
        ...alarm,
        ...{ Statistic: 'Sum', Threshold: 5, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
      }),
    );
    const state = async (): Promise<string | undefined> =>
      (await watch.send(new DescribeAlarmsCommand({ AlarmNames: ['errors'] }))).MetricAlarms?.[0]?.StateValue;
    assert.equal(await state(), 'INSUFFICIENT_DATA');
    await until('the alarm goes off', 30, async () => {
      const MetricData = [{ MetricName: 'Errors', Value: 9 }];
      await watch.send(new PutMetricDataCommand({ Namespace: 'shop', MetricData }));
      return (await state()) === 'ALARM' ? true : undefined;
    });
    await watch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'OK', StateReason: 'by hand' }));
    const { AlarmHistoryItems = [] } = await watch.send(new DescribeAlarmHistoryCommand({ AlarmName: 'errors' }));
    assert.ok(AlarmHistoryItems.some(({ HistorySummary }) => HistorySummary === 'Alarm updated from ALARM to OK'));
    await watch.send(new DeleteAlarmsCommand({ AlarmNames: ['errors'] }));
    const unknown = new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'OK', StateReason: 'x' });
    await assert.rejects(watch.send(unknown), (error: Error) => /ResourceNotFound/.test(error.name));
  });

  it('scale a service by the metric that a policy tracks', async () => {
    await open('simulated');
    const scaling = new ApplicationAutoScalingClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    const ecs = new ECSClient(sdkConfig(sandbox));
    const target = {
      ServiceNamespace: 'ecs',
      ResourceId: 'service/demo/web',
      ScalableDimension: 'ecs:service:DesiredCount',
    } as const;
    await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 10 }));
    const desired = async (): Promise<number | undefined> =>
      (await ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['web'] }))).services?.[0]?.desiredCount;
    const before = (await desired()) ?? 0;
    const { Alarms = [] } = await scaling.send(
      new PutScalingPolicyCommand({
        ...{ ...target, PolicyName: 'cpu', PolicyType: 'TargetTrackingScaling' },
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 10,
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        },
      }),
    );
    assert.equal(Alarms.length, 2);
    await until('the service is scaled out', 60, async () => (((await desired()) ?? 0) > before ? true : undefined));
    const { ScalingActivities = [] } = await scaling.send(new DescribeScalingActivitiesCommand(target));
    assert.match(ScalingActivities.at(-1)?.Cause ?? '', /triggered policy cpu/);
    const { ScalingPolicies } = await scaling.send(new DescribeScalingPoliciesCommand(target));
    assert.equal(ScalingPolicies?.[0]?.TargetTrackingScalingPolicyConfiguration?.TargetValue, 10);
  });
});
