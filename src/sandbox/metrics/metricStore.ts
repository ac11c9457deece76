import type { Clock } from '../../core/clock';

/** Sorted by name, so that equal metrics are equal. */
export type Dimensions = Readonly<Record<string, string>>;

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

/** Values that came together. `at` in milliseconds since the Unix epoch. */
export interface Sample {
  readonly at: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
}

export interface Metric {
  readonly id: MetricId;
  unit: string;
  samples: Sample[];
}

export type Metrics = Map<string, Metric>;

/** A day of minutes; what is older goes. */
const maxSamples = 1440;
/** A client that makes up metrics must not eat the memory. */
const maxMetrics = 5000;

/** The values of CloudWatch, by metric. */
export class MetricStore {
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** What a second of AWS's lasts, in milliseconds. */
  readonly second: number;

  constructor(clock: Clock, second: number, metrics: Metrics = new Map()) {
    this.clock = clock;
    this.second = second;
    this.metrics = metrics;
  }

  add(id: MetricId, unit: string, ...samples: readonly Sample[]): void {
    const key = keyOf(id);
    const metric = this.metrics.get(key) ?? { id, unit, samples: [] };
    metric.unit = unit;
    metric.samples.push(...samples);
    metric.samples.sort((a, b) => a.at - b.at);
    if (metric.samples.length > maxSamples) metric.samples = metric.samples.slice(-maxSamples);
    // Seen last, kept longest.
    this.metrics.delete(key);
    this.metrics.set(key, metric);
    const [oldest] = this.metrics.keys();
    if (this.metrics.size > maxMetrics && oldest !== undefined) this.metrics.delete(oldest);
  }

  /** A single value. */
  put(id: MetricId, unit: string, value: number): void {
    this.add(id, unit, { at: this.clock.now(), min: value, max: value, sum: value, count: 1 });
  }

  get(id: MetricId): Metric | undefined {
    return this.metrics.get(keyOf(id));
  }

  /** The samples from `start` up to `end`, both in milliseconds, as one; undefined when there are none. */
  between(id: MetricId, start: number, end: number): Sample | undefined {
    return together(this.get(id)?.samples.filter(({ at }) => at >= start && at < end) ?? []);
  }
}

export function together(samples: readonly Sample[]): Sample | undefined {
  const [first, ...others] = samples;
  if (!first) return undefined;
  return others.reduce(
    (a, b) => ({
      at: a.at,
      min: Math.min(a.min, b.min),
      max: Math.max(a.max, b.max),
      sum: a.sum + b.sum,
      count: a.count + b.count,
    }),
    first,
  );
}

const statistics: Readonly<Record<string, (sample: Sample) => number>> = {
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
  SampleCount: ({ count }) => count,
};

/** A statistic by its name; undefined for percentiles and the like, for which the single values would be needed. */
export function statistic(name: string): ((sample: Sample) => number) | undefined {
  return Object.hasOwn(statistics, name) ? statistics[name] : undefined;
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

export interface AwsDimension {
  readonly Name?: string;
  readonly Value?: string;
}

export function dimensionsFrom(given: readonly AwsDimension[] = []): Dimensions {
  return Object.fromEntries(given.map(({ Name = '', Value = '' }) => [Name, Value]));
}

export function awsDimensions(dimensions: Dimensions): AwsDimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
