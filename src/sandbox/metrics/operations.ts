import type { Operation } from '../http/apiEndpoint';
import { ApiError } from '../http/apiError';
import { page } from '../paging';
import { alarmOperations } from './alarmOperations';
import type { Alarms } from './alarms';
import {
  type AwsDimension,
  type Metric,
  type MetricId,
  type MetricStore,
  type Sample,
  awsDimensions,
  dimensionsFrom,
  statistic,
  together,
} from './metricStore';
import type { Place } from '../place';

type Time = Date | number;
/** The JSON protocols write seconds, the Query protocol ISO 8601. */
export const milliseconds = (time: Time): number => (time instanceof Date ? time.getTime() : time * 1000);

const invalid = (message: string): ApiError => new ApiError('InvalidParameterValueException', message);

interface StatisticsRequest {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly AwsDimension[];
  readonly StartTime: Time;
  readonly EndTime: Time;
  readonly Period: number;
  readonly Statistics?: readonly string[];
  readonly ExtendedStatistics?: readonly string[];
}

interface DataQuery {
  readonly Id: string;
  readonly Label?: string;
  readonly ReturnData?: boolean;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace?: string;
      readonly MetricName?: string;
      readonly Dimensions?: AwsDimension[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

interface DataRequest {
  readonly MetricDataQueries: readonly DataQuery[];
  readonly StartTime: Time;
  readonly EndTime: Time;
  readonly ScanBy?: string;
}

/** Samples in boxes of `period` seconds that begin at whole periods. */
function boxes(
  metric: Metric | undefined,
  start: number,
  end: number,
  period: number,
): (Sample & { readonly start: number })[] {
  const byStart = new Map<number, Sample[]>();
  for (const sample of metric?.samples ?? []) {
    const box = Math.floor(sample.at / (period * 1000)) * period * 1000;
    if (box < Math.floor(start / 60_000) * 60_000 || box >= end) continue;
    byStart.set(box, [...(byStart.get(box) ?? []), sample]);
  }
  return [...byStart].flatMap(([box, samples]) => {
    const sample = together(samples);
    return sample ? [{ ...sample, start: box }] : [];
  });
}

function checkRange(start: number, end: number, period: number): void {
  if (start >= end) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if (period < 1 || (period % 60 !== 0 && ![1, 5, 10, 20, 30].includes(period))) {
    throw invalid('The parameter Period must be a multiple of 60.');
  }
  if ((end - start) / 1000 / period > 100_800) throw invalid('Too many datapoints were asked for.');
}

function statistics(store: MetricStore, request: StatisticsRequest): unknown {
  const { Namespace: namespace, MetricName: name, Period: period, Statistics: wanted = [] } = request;
  const [start, end] = [milliseconds(request.StartTime), milliseconds(request.EndTime)];
  checkRange(start, end, period);
  if (request.ExtendedStatistics?.length) throw invalid('Percentiles are not in the sandbox.');
  if (wanted.length === 0) {
    throw new ApiError(
      'MissingRequiredParameterException',
      'The parameter Statistics or ExtendedStatistics is required.',
    );
  }
  const metric = store.get({ namespace, name, dimensions: dimensionsFrom(request.Dimensions) });
  const Datapoints = boxes(metric, start, end, period).map((box) => ({
    Timestamp: new Date(box.start),
    Unit: metric?.unit,
    ...Object.fromEntries(wanted.map((each) => [each, statistic(each)?.(box)])),
  }));
  return { Label: name, Datapoints };
}

function data(store: MetricStore, request: DataRequest): unknown {
  const [start, end] = [milliseconds(request.StartTime), milliseconds(request.EndTime)];
  const refused = (text: string): ApiError => new ApiError('ValidationError', text);
  const results = request.MetricDataQueries.filter(({ ReturnData = true }) => ReturnData).map((query) => {
    const { Id, MetricStat, Label } = query;
    if (!MetricStat) throw refused('Expressions are not in the sandbox: ask for metrics.');
    const of = statistic(MetricStat.Stat);
    if (!of) throw refused(`The statistic ${MetricStat.Stat} is not in the sandbox.`);
    if (start >= end) throw refused('The parameter StartTime must be less than the parameter EndTime.');
    const { Namespace: namespace = '', MetricName: name = '', Dimensions } = MetricStat.Metric;
    const found = boxes(
      store.get({ namespace, name, dimensions: dimensionsFrom(Dimensions) }),
      start,
      end,
      MetricStat.Period,
    );
    found.sort((a, b) => (request.ScanBy === 'TimestampAscending' ? a.start - b.start : b.start - a.start));
    const Timestamps = found.map((box) => new Date(box.start));
    return { Id, Label: Label ?? name, Timestamps, Values: found.map(of), StatusCode: 'Complete' };
  });
  return { MetricDataResults: results, Messages: [] };
}

interface ListRequest {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly AwsDimension[];
  readonly NextToken?: string;
}

function list(store: MetricStore, request: ListRequest): unknown {
  const { Namespace, MetricName, Dimensions = [], NextToken: token } = request;
  const fits = ({ namespace, name, dimensions }: MetricId): boolean =>
    (Namespace ?? namespace) === namespace &&
    (MetricName ?? name) === name &&
    Dimensions.every(
      ({ Name = '', Value }) => Object.hasOwn(dimensions, Name) && (Value ?? dimensions[Name]) === dimensions[Name],
    );
  const found = [...store.metrics.values()].map(({ id }) => id).filter(fits);
  let cut;
  try {
    cut = page(found, 500, token, [Namespace, MetricName, Dimensions]);
  } catch {
    throw invalid('The parameter NextToken is not valid.');
  }
  const Metrics = cut.items.map(({ namespace, name, dimensions }) => ({
    ...{ Namespace: namespace, MetricName: name, Dimensions: awsDimensions(dimensions) },
  }));
  return { Metrics, NextToken: cut.nextToken };
}

interface Datum {
  readonly MetricName: string;
  readonly Dimensions?: readonly AwsDimension[];
  readonly Timestamp?: Time;
  readonly Value?: number;
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
  readonly StatisticValues?: { SampleCount: number; Sum: number; Minimum: number; Maximum: number };
  readonly Unit?: string;
}

function put(store: MetricStore, namespace: string, datum: Datum): void {
  const { MetricName: name, Value, Values, Counts, StatisticValues: set, Unit = 'None' } = datum;
  const at = datum.Timestamp === undefined ? store.clock.now() : milliseconds(datum.Timestamp);
  const one = (value: number, count = 1): Sample => ({ at, min: value, max: value, sum: value * count, count });
  const values = Values?.map((value, index) => one(value, Counts?.[index])) ?? [];
  if (Value !== undefined) values.push(one(Value));
  if (set) values.push({ at, min: set.Minimum, max: set.Maximum, sum: set.Sum, count: set.SampleCount });
  if (values.length === 0 || values.some(({ count }) => !(count > 0))) {
    throw new ApiError('MissingRequiredParameterException', 'The parameter MetricData.member.1.Value is required.');
  }
  store.add({ namespace, name, dimensions: dimensionsFrom(datum.Dimensions) }, Unit, ...values);
}

/** CloudWatch: metrics of ECS and of whoever puts some, and alarms about them. */
export function metricOperations(store: MetricStore, alarms: Alarms, place: Place): Record<string, Operation> {
  return {
    ...alarmOperations(store, alarms, place),
    GetMetricStatistics: (input: StatisticsRequest) => statistics(store, input),
    GetMetricData: (input: DataRequest) => data(store, input),
    ListMetrics: (input: ListRequest) => list(store, input),
    PutMetricData: ({ Namespace, MetricData = [] }: { Namespace: string; MetricData?: readonly Datum[] }) => {
      if (Namespace.startsWith('AWS/')) throw invalid('The value AWS/ for parameter Namespace is invalid.');
      for (const datum of MetricData) put(store, Namespace, datum);
    },
  };
}
