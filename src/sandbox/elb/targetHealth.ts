import type { Clock, Timer } from '../../core/clock';
import { balancersOf } from './context';
import { type ProbeResult, probe } from './probe';
import type { ElbState, Target, TargetGroup, TargetState } from './types';

type Checked = Pick<Target, 'id' | 'port' | 'backend' | 'zone' | 'task'>;

const unused = 'Target group is not configured to receive traffic from the load balancer';

export const targetKey = ({ id, port }: { id: string; port: number }): string => `${id}:${port}`;

/**
 * Registers, checks and drains targets as ELB does: the first check decides about a new target, then as many in a
 * row as the target group says.
 */
export class TargetHealth {
  readonly #clock: Clock;
  readonly #state: ElbState;
  /** Milliseconds that a second takes. */
  readonly #second: number;
  readonly #timers = new Map<Target, Timer>();
  #onChange: (group: TargetGroup, target: Target) => void = () => undefined;

  constructor(clock: Clock, state: ElbState, second: number) {
    this.#clock = clock;
    this.#state = state;
    this.#second = second;
  }

  /** Who is told when a target's state changes. */
  listen(onChange: (group: TargetGroup, target: Target) => void): void {
    this.#onChange = onChange;
  }

  register(group: TargetGroup, checked: Checked): Target {
    const former = group.targets.get(targetKey(checked));
    if (former && former.state !== 'draining') return former;
    if (former) this.#timers.get(former)?.cancel();
    const target: Target = { ...checked, state: 'initial', inARow: 0 };
    group.targets.set(targetKey(checked), target);
    this.#begin(group, target);
    return target;
  }

  /** Lets connections end for the group's deregistration delay, then forgets the target. */
  deregister(group: TargetGroup, target: Target): void {
    if (target.state === 'draining') return;
    this.#timers.get(target)?.cancel();
    if (target.state !== 'healthy') return this.#forget(group, target);
    this.#set(group, target, 'draining', 'Target.DeregistrationInProgress', 'Target deregistration is in progress');
    this.#timers.set(
      target,
      this.#clock.after(this.drainTime(group), () => this.#forget(group, target)),
    );
  }

  /** How long a target of the group drains, in milliseconds. */
  drainTime({ attributes }: TargetGroup): number {
    return Number(attributes.get('deregistration_delay.timeout_seconds') ?? 300) * this.#second;
  }

  /** Looks at targets again that were not in use, or no longer are: listeners and rules have changed. */
  refresh(): void {
    for (const group of this.#state.groups.values()) {
      const inUse = balancersOf(this.#state, group.arn).length > 0;
      for (const target of group.targets.values()) {
        if (inUse === (target.state !== 'unused') || target.state === 'draining') continue;
        this.#timers.get(target)?.cancel();
        this.#begin(group, target);
      }
    }
  }

  /** Takes a saved state up: the tasks of the last process are gone, everything else is checked anew. */
  resume(): void {
    for (const group of this.#state.groups.values()) {
      for (const target of group.targets.values()) {
        if (target.task !== undefined || target.state === 'draining') this.#forget(group, target);
        else this.#begin(group, target);
      }
    }
  }

  forgetAll(group: TargetGroup): void {
    for (const target of group.targets.values()) this.#forget(group, target);
  }

  #forget(group: TargetGroup, target: Target): void {
    this.#timers.get(target)?.cancel();
    this.#timers.delete(target);
    if (group.targets.get(targetKey(target)) === target) group.targets.delete(targetKey(target));
  }

  #begin(group: TargetGroup, target: Target): void {
    target.inARow = 0;
    delete target.lastPassed;
    if (balancersOf(this.#state, group.arn).length === 0) {
      return this.#set(group, target, 'unused', 'Target.NotInUse', unused);
    }
    this.#set(group, target, 'initial', 'Elb.RegistrationInProgress', 'Target registration is in progress');
    this.#timers.set(
      target,
      this.#clock.after(this.#second, () => {
        this.#set(group, target, 'initial', 'Elb.InitialHealthChecking', 'Initial health checks in progress');
        this.#check(group, target);
      }),
    );
  }

  #check(group: TargetGroup, target: Target): void {
    const { interval, timeout } = group.health;
    probe(group, target, Math.max(200, timeout * this.#second), (result) => {
      if (group.targets.get(targetKey(target)) !== target || target.state === 'draining') return;
      if (target.state === 'unused') return;
      this.#count(group, target, result);
      const next = this.#clock.after(interval * this.#second, () => this.#check(group, target));
      this.#timers.set(target, next);
    });
  }

  #count(group: TargetGroup, target: Target, result: ProbeResult): void {
    const passed = result.kind === 'passed';
    target.inARow = target.lastPassed === passed ? target.inARow + 1 : 1;
    target.lastPassed = passed;
    const { healthy, unhealthy } = group.health;
    if (passed) {
      const enough = target.state === 'initial' ? 1 : healthy;
      if (target.inARow >= enough) this.#set(group, target, 'healthy');
    } else if (target.inARow >= unhealthy) {
      this.#set(group, target, 'unhealthy', ...words(result));
    }
  }

  #set(group: TargetGroup, target: Target, state: TargetState, reason?: string, description?: string): void {
    const changed = target.state !== state;
    target.state = state;
    delete target.reason;
    delete target.description;
    if (reason !== undefined) target.reason = reason;
    if (description !== undefined) target.description = description;
    if (changed) this.#onChange(group, target);
  }
}

/** ELB's reason code and its words. */
function words(result: ProbeResult): [string, string] {
  if (result.kind === 'code') {
    return ['Target.ResponseCodeMismatch', `Health checks failed with these codes: [${result.code}]`];
  }
  if (result.kind === 'timeout') return ['Target.Timeout', 'Request timed out'];
  return ['Target.FailedHealthChecks', 'Health checks failed'];
}
