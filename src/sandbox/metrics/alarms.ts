import type { AlarmState, AlarmStates } from '../ecsService/alarmStates';
import { type MetricId, type MetricStore, statistic } from './metricStore';

/** A metric alarm. Times in milliseconds since the Unix epoch. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  /** What PutMetricAlarm was given, as DescribeAlarms shows it again. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly metric: MetricId;
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
  readonly periods: number;
  readonly toAlarm: number;
  readonly threshold: number;
  readonly comparison: string;
  readonly missing: string;
  readonly updatedAt: number;
  readonly tags: Map<string, string>;
  actionsEnabled: boolean;
  reason: string;
  stateAt: number;
  history: AlarmHistory[];
}

export interface AlarmHistory {
  readonly at: number;
  readonly kind: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
}

export type AlarmRecords = Map<string, Alarm>;

/** Called for every evaluation in which an alarm is in this state: scaling goes on as long as the alarm lasts. */
export type AlarmAction = (arn: string, alarm: Alarm, value: number) => void;

/** CloudWatch looks at most alarms every minute. In seconds. */
const evaluationInterval = 60;
const maxHistory = 100;

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export function isComparison(name: string): boolean {
  return Object.hasOwn(comparisons, name);
}

/** The alarms of the account, evaluated by the clock. Their states are also what deployments of ECS look at. */
export class Alarms {
  readonly records: AlarmRecords;
  readonly states: AlarmStates;
  readonly #store: MetricStore;
  #onAction: AlarmAction = () => undefined;

  constructor(store: MetricStore, states: AlarmStates, records: AlarmRecords = new Map()) {
    this.#store = store;
    this.states = states;
    this.records = records;
  }

  /** Begins to evaluate. `onAction` is told of an alarm's actions. */
  start(onAction: AlarmAction): void {
    this.#onAction = onAction;
    const again = (): void => {
      for (const alarm of this.records.values()) this.#evaluate(alarm);
      this.#store.clock.after(evaluationInterval * this.#store.second, again);
    };
    this.#store.clock.after(evaluationInterval * this.#store.second, again);
  }

  put(alarm: Alarm): void {
    const known = this.records.has(alarm.name);
    this.records.set(alarm.name, alarm);
    note(alarm, alarm.updatedAt, 'ConfigurationUpdate', `Alarm "${alarm.name}" ${known ? 'updated' : 'created'}`);
  }

  delete(name: string): void {
    this.records.delete(name);
    this.states.set(name, 'INSUFFICIENT_DATA');
  }

  /** Somebody or an evaluation says so. */
  set(alarm: Alarm, state: AlarmState, reason: string): void {
    const former = this.states.get(alarm.name);
    alarm.reason = reason;
    if (former === state) return;
    alarm.stateAt = this.#store.clock.now();
    note(alarm, alarm.stateAt, 'StateUpdate', `Alarm updated from ${former} to ${state}`);
    this.states.set(alarm.name, state);
  }

  /** Carries out the actions of the state in which an alarm is. */
  act(alarm: Alarm, value: number): void {
    if (!alarm.actionsEnabled) return;
    const key = { ALARM: 'AlarmActions', OK: 'OKActions', INSUFFICIENT_DATA: 'InsufficientDataActions' }[
      this.states.get(alarm.name)
    ];
    for (const arn of (alarm.settings[key] ?? []) as readonly string[]) this.#onAction(arn, alarm, value);
  }

  /** The newest value that an alarm looks at. */
  newest(alarm: Alarm): number | undefined {
    return this.#values(alarm).findLast((value) => value !== undefined);
  }

  /** The values of the last periods, oldest first. */
  #values(alarm: Alarm): (number | undefined)[] {
    const of = statistic(alarm.statistic);
    const length = alarm.period * this.#store.second;
    const now = this.#store.clock.now();
    return Array.from({ length: alarm.periods }, (_, index) => {
      const start = now - (alarm.periods - index) * length;
      const sample = this.#store.between(alarm.metric, start, start + length);
      return sample && of?.(sample);
    });
  }

  #evaluate(alarm: Alarm): void {
    const values = this.#values(alarm);
    const known = values.filter((value) => value !== undefined);
    const breaches = comparisons[alarm.comparison] ?? ((): boolean => false);
    const breaching = known.filter((value) => breaches(value, alarm.threshold));
    const missing = values.length - known.length;
    if (known.length === 0 && alarm.missing === 'missing') {
      return this.set(alarm, 'INSUFFICIENT_DATA', 'Insufficient Data: no datapoints were received.');
    }
    if (missing > 0 && alarm.missing === 'ignore') return;
    const counted = breaching.length + (alarm.missing === 'breaching' ? missing : 0);
    const off = counted >= alarm.toAlarm;
    const verb = off ? 'was' : 'was not';
    const shown = known.slice(-3).map((value) => value.toFixed(2));
    const words = `Threshold Crossed: ${counted} datapoints [${shown.join(', ')}] ${verb} beyond the threshold (${alarm.threshold}).`;
    // With fewer values than it wants, an alarm stays what it is unless they are enough to go off.
    if (!off && missing > 0 && alarm.missing === 'missing' && this.states.get(alarm.name) !== 'INSUFFICIENT_DATA')
      return;
    this.set(alarm, off ? 'ALARM' : 'OK', words);
    this.act(alarm, known.at(-1) ?? alarm.threshold);
  }
}

function note(alarm: Alarm, at: number, kind: AlarmHistory['kind'], summary: string): void {
  alarm.history.unshift({ at, kind, summary });
  if (alarm.history.length > maxHistory) alarm.history.length = maxHistory;
}
