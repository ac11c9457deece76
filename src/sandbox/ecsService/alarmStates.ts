import type { EcsContext } from './context';
import type { DeploymentConfiguration, ServiceDeployment } from './types';

export const alarmStates = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
export type AlarmState = (typeof alarmStates)[number];

/** The states of CloudWatch alarms, by name, as somebody has set them. */
export class AlarmStates {
  readonly #states: Map<string, AlarmState>;
  #onAlarm: (name: string) => void = () => undefined;

  constructor(states: Map<string, AlarmState>) {
    this.#states = states;
  }

  /** Who is told when an alarm goes off. */
  listen(onAlarm: (name: string) => void): void {
    this.#onAlarm = onAlarm;
  }

  get(name: string): AlarmState {
    return this.#states.get(name) ?? 'INSUFFICIENT_DATA';
  }

  set(name: string, state: AlarmState): void {
    this.#states.set(name, state);
    if (state === 'ALARM') this.#onAlarm(name);
  }
}

/** What a new deployment watches. An alarm that is off already when a deployment starts is not watched by it. */
export function watchedAlarms(
  context: EcsContext,
  { alarms }: DeploymentConfiguration,
): NonNullable<ServiceDeployment['alarms']> {
  const names = alarms?.alarmNames ?? [];
  const off = names.some((name) => context.alarms.get(name) === 'ALARM');
  return { status: alarms?.enable && !off ? 'MONITORING' : 'DISABLED', names, triggered: [] };
}
