import type { AlarmState } from '../ecsService/alarmStates';
import type { Operation } from '../http/apiEndpoint';
import { ApiError } from '../http/apiError';
import { page } from '../paging';
import type { Place } from '../place';
import { type Alarm, type Alarms, isComparison } from './alarms';
import { type AwsDimension, type MetricStore, dimensionsFrom, statistic } from './metricStore';

export interface PutAlarmRequest {
  readonly AlarmName: string;
  readonly ActionsEnabled?: boolean;
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Dimensions?: readonly AwsDimension[];
  readonly Period?: number;
  readonly EvaluationPeriods?: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold?: number;
  readonly ComparisonOperator?: string;
  readonly TreatMissingData?: string;
  readonly Metrics?: unknown;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly AlarmActions?: readonly string[];
  readonly AlarmDescription?: string;
}

const refused = (text: string): ApiError => new ApiError('ValidationError', text);

export function alarmArn({ region, account }: Place, name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}

/** An alarm as PutMetricAlarm makes it. @throws ApiError for what the sandbox cannot evaluate. */
export function newAlarm(now: number, place: Place, request: PutAlarmRequest): Alarm {
  const { AlarmName: name, MetricName: metric, Namespace: namespace, Period: period, Threshold: threshold } = request;
  const {
    EvaluationPeriods: periods,
    ComparisonOperator: comparison = '',
    TreatMissingData: missing = 'missing',
  } = request;
  if (request.Metrics !== undefined) throw refused('Alarms on expressions are not in the sandbox.');
  if (metric === undefined || namespace === undefined) throw refused('Metric name and namespace must be specified.');
  if (statistic(request.Statistic ?? '') === undefined)
    throw refused('One of the statistics must be specified; percentiles are not in the sandbox.');
  if (period === undefined || period < 1) throw refused('Period must be greater than 0.');
  if (periods === undefined || periods < 1 || periods > 1440)
    throw refused('EvaluationPeriods must be from 1 to 1440.');
  if (threshold === undefined || !isComparison(comparison))
    throw refused(`Threshold and ComparisonOperator must be specified; ${comparison} is not in the sandbox.`);
  if (!['missing', 'ignore', 'breaching', 'notBreaching'].includes(missing))
    throw refused(`Value ${missing} of TreatMissingData is not known.`);
  const toAlarm = request.DatapointsToAlarm ?? periods;
  if (toAlarm > periods) throw refused('DatapointsToAlarm must be at most EvaluationPeriods.');
  const { Tags: tags = [], ...settings } = request;
  return {
    ...{ name, arn: alarmArn(place, name), settings, period, periods, toAlarm, threshold, comparison, missing },
    metric: { namespace, name: metric, dimensions: dimensionsFrom(request.Dimensions) },
    statistic: request.Statistic ?? 'Average',
    updatedAt: now,
    tags: new Map(tags.map(({ Key, Value }) => [Key, Value])),
    actionsEnabled: request.ActionsEnabled ?? true,
    reason: 'Unchecked: Initial alarm creation',
    stateAt: now,
    history: [],
  };
}

function describe(alarms: Alarms, alarm: Alarm): Record<string, unknown> {
  return {
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Dimensions: [],
    ...alarm.settings,
    AlarmArn: alarm.arn,
    ActionsEnabled: alarm.actionsEnabled,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.updatedAt),
    StateValue: alarms.states.get(alarm.name),
    StateReason: alarm.reason,
    StateUpdatedTimestamp: new Date(alarm.stateAt),
    StateTransitionedTimestamp: new Date(alarm.stateAt),
  };
}

interface DescribeRequest {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly string[];
  readonly StateValue?: string;
  readonly ActionPrefix?: string;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
}

function describeMany(alarms: Alarms, request: DescribeRequest): unknown {
  const { AlarmNames: names, AlarmNamePrefix: prefix = '', StateValue: state, ActionPrefix: action = '' } = request;
  const types = request.AlarmTypes ?? ['MetricAlarm'];
  const all = types.includes('MetricAlarm') ? [...alarms.records.values()] : [];
  const found = all
    .filter(({ name }) => (names?.length ? names.includes(name) : name.startsWith(prefix)))
    .filter(({ name }) => state === undefined || alarms.states.get(name) === state)
    .filter(({ settings }) =>
      action === ''
        ? true
        : ((settings['AlarmActions'] ?? []) as readonly string[]).some((arn) => arn.startsWith(action)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  let cut;
  try {
    cut = page(found, request.MaxRecords ?? 50, request.NextToken, [names, prefix, state, action, types]);
  } catch {
    throw new ApiError('InvalidNextToken', 'The next token is not valid.');
  }
  return {
    MetricAlarms: cut.items.map((alarm) => describe(alarms, alarm)),
    CompositeAlarms: [],
    NextToken: cut.nextToken,
  };
}

function history(
  alarms: Alarms,
  request: { AlarmName?: string; HistoryItemType?: string; MaxRecords?: number },
): unknown {
  const items = [...alarms.records.values()]
    .filter(({ name }) => (request.AlarmName ?? name) === name)
    .flatMap(({ name, history: past }) => past.map((item) => ({ name, ...item })))
    .filter(({ kind }) => (request.HistoryItemType ?? kind) === kind)
    .sort((a, b) => b.at - a.at)
    .slice(0, request.MaxRecords ?? 100);
  const AlarmHistoryItems = items.map(({ name, at, kind, summary }) => ({
    ...{ AlarmName: name, AlarmType: 'MetricAlarm', HistoryItemType: kind, HistorySummary: summary },
    Timestamp: new Date(at),
    HistoryData: '{}',
  }));
  return { AlarmHistoryItems };
}

/** Alarms and their states. */
export function alarmOperations(store: MetricStore, alarms: Alarms, place: Place): Record<string, Operation> {
  const named = (name: string): Alarm => {
    const alarm = alarms.records.get(name);
    if (!alarm) throw new ApiError('ResourceNotFound', `Alarm ${name} does not exist`, 404);
    return alarm;
  };
  const tagged = (arn: string): Alarm => {
    const alarm = [...alarms.records.values()].find((candidate) => candidate.arn === arn);
    if (!alarm) throw new ApiError('ResourceNotFoundException', `${arn} does not exist`, 404);
    return alarm;
  };
  const enable = (names: readonly string[], enabled: boolean): void => {
    for (const alarm of alarms.records.values()) if (names.includes(alarm.name)) alarm.actionsEnabled = enabled;
  };
  return {
    PutMetricAlarm: (input: PutAlarmRequest) => {
      const alarm = newAlarm(store.clock.now(), place, input);
      const former = alarms.records.get(alarm.name);
      alarms.put(
        former ? { ...alarm, reason: former.reason, stateAt: former.stateAt, history: former.history } : alarm,
      );
    },
    DescribeAlarms: (input: DescribeRequest) => describeMany(alarms, input),
    DescribeAlarmsForMetric: (input: {
      MetricName: string;
      Namespace: string;
      Dimensions?: readonly AwsDimension[];
    }) => {
      const wanted = JSON.stringify(dimensionsFrom(input.Dimensions));
      const found = [...alarms.records.values()].filter(
        ({ metric }) =>
          metric.name === input.MetricName &&
          metric.namespace === input.Namespace &&
          JSON.stringify(metric.dimensions) === wanted,
      );
      return { MetricAlarms: found.map((alarm) => describe(alarms, alarm)) };
    },
    DescribeAlarmHistory: (input: { AlarmName?: string }) => history(alarms, input),
    DeleteAlarms: ({ AlarmNames }: { AlarmNames: readonly string[] }) => {
      for (const name of AlarmNames.map((each) => named(each).name)) alarms.delete(name);
    },
    SetAlarmState: (input: { AlarmName: string; StateValue: AlarmState; StateReason: string }) => {
      const alarm = named(input.AlarmName);
      alarms.set(alarm, input.StateValue, input.StateReason);
      alarms.act(alarm, alarms.newest(alarm) ?? alarm.threshold);
    },
    EnableAlarmActions: ({ AlarmNames }: { AlarmNames: readonly string[] }) => enable(AlarmNames, true),
    DisableAlarmActions: ({ AlarmNames }: { AlarmNames: readonly string[] }) => enable(AlarmNames, false),
    TagResource: (input: { ResourceARN: string; Tags: readonly { Key: string; Value: string }[] }) => {
      for (const { Key, Value } of input.Tags) tagged(input.ResourceARN).tags.set(Key, Value);
      return {};
    },
    UntagResource: (input: { ResourceARN: string; TagKeys: readonly string[] }) => {
      for (const key of input.TagKeys) tagged(input.ResourceARN).tags.delete(key);
      return {};
    },
    ListTagsForResource: ({ ResourceARN }: { ResourceARN: string }) => ({
      Tags: [...tagged(ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}
