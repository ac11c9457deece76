import { randomUUID } from 'node:crypto';
import { addEvent } from '../ecsService/events';
import type { Cluster, Service } from '../ecsService/types';
import type { Alarm } from '../metrics/alarms';
import type { ScalingContext, ScalingPolicy, StepScaling, TargetTracking } from './policies';

/** ECS's default cooldown, in seconds. */
const defaultCooldown = 300;
const maxActivities = 500;

/** Carries out policies when their alarms go off: changes the desired count of services, within limits and cooldowns. */
export class Scaler {
  readonly #context: ScalingContext;
  readonly #reconcile: (cluster: Cluster, service: Service) => void;
  /** When a resource was last scaled out and in, in milliseconds since the Unix epoch. */
  readonly #last = new Map<string, { out?: { at: number; from: number }; in?: { at: number } }>();

  constructor(context: ScalingContext, reconcile: (cluster: Cluster, service: Service) => void) {
    this.#context = context;
    this.#reconcile = reconcile;
  }

  /** An alarm's action names this ARN. What is not a policy is not in the sandbox, and nothing happens. */
  act(arn: string, alarm: Alarm, value: number): void {
    const policy = this.#context.state.policies.get(arn);
    if (!policy) return;
    const [, clusterName = '', name = ''] = policy.resource.split('/');
    const cluster = this.#context.ecs.state.clusters.get(clusterName);
    const service = cluster?.services.get(name);
    const target = this.#context.targets.get(policy.resource);
    if (!cluster || service?.status !== 'ACTIVE' || !target) return;
    const cooling = this.#cooling(policy);
    const wanted = wantedCount(policy, cooling.from ?? service.desiredCount, alarm, value);
    const count = Math.min(target.max, Math.max(target.min, wanted));
    const by = count - service.desiredCount;
    if (by === 0) return;
    const suspended =
      by > 0 ? target.suspended?.DynamicScalingOutSuspended : target.suspended?.DynamicScalingInSuspended;
    if (suspended || (by < 0 && cooling.in)) return;
    this.#set(policy, cluster, service, count, alarm);
  }

  /**
   * While a step out cools down, a further one counts from where that one began: what it has added is not added again.
   * A step in waits for both cooldowns.
   */
  #cooling({ resource, tracking, steps }: ScalingPolicy): { readonly from: number | undefined; readonly in: boolean } {
    const last = this.#last.get(resource) ?? {};
    const second = this.#context.ecs.pace.second;
    const out = (tracking?.ScaleOutCooldown ?? steps?.Cooldown ?? defaultCooldown) * second;
    const into = (tracking?.ScaleInCooldown ?? steps?.Cooldown ?? defaultCooldown) * second;
    const now = this.#context.ecs.clock.now();
    const coolingOut = last.out !== undefined && now - last.out.at < out;
    return {
      from: coolingOut ? last.out?.from : undefined,
      in: coolingOut || (last.in !== undefined && now - last.in.at < into),
    };
  }

  #set(policy: ScalingPolicy, cluster: Cluster, service: Service, count: number, alarm: Alarm): void {
    const { state, ecs } = this.#context;
    const at = ecs.clock.now();
    const by = count - service.desiredCount;
    const last = this.#last.get(policy.resource) ?? {};
    this.#last.set(
      policy.resource,
      by > 0 ? { ...last, out: { at, from: service.desiredCount } } : { ...last, in: { at } },
    );
    service.desiredCount = count;
    const cause = `monitor alarm ${alarm.name} in state ${ecs.alarms.get(alarm.name)} triggered policy ${policy.name}`;
    const message = `Successfully set desired count to ${count}. Change successfully fulfilled by ecs.`;
    const description = `Setting desired count to ${count}.`;
    state.activities.unshift({ id: randomUUID(), resource: policy.resource, at, description, cause, message });
    if (state.activities.length > maxActivities) state.activities.length = maxActivities;
    addEvent(service, at, `has set its desired count. Message: ${message} Cause: ${cause}`);
    this.#reconcile(cluster, service);
  }
}

/** How many tasks a policy wants. */
export function wantedCount(
  { tracking, steps }: Pick<ScalingPolicy, 'tracking' | 'steps'>,
  current: number,
  alarm: Pick<Alarm, 'threshold' | 'comparison'>,
  value: number,
): number {
  if (tracking) return trackedCount(tracking, current, value);
  return steps ? steppedCount(steps, current, value - alarm.threshold) : current;
}

/** In proportion to the metric; never further down than the metric would be on its target. */
function trackedCount({ TargetValue, DisableScaleIn }: TargetTracking, current: number, value: number): number {
  const wanted = Math.ceil((Math.max(current, 1) * value) / TargetValue);
  if (wanted >= current) return Math.max(current, wanted);
  return DisableScaleIn || value >= TargetValue * 0.9 ? current : wanted;
}

/** The step in whose interval the metric is beyond the threshold. */
function steppedCount(steps: StepScaling, current: number, beyond: number): number {
  const step = steps.StepAdjustments?.find(
    ({ MetricIntervalLowerBound: low = -Infinity, MetricIntervalUpperBound: high = Infinity }) =>
      beyond >= 0 ? beyond >= low && beyond < high : beyond > low && beyond <= high,
  );
  if (!step) return current;
  const { ScalingAdjustment: by } = step;
  if (steps.AdjustmentType === 'ExactCapacity') return by;
  if (steps.AdjustmentType === 'ChangeInCapacity') return current + by;
  // Away from zero, or a small service would never move.
  const percent = (current * by) / 100;
  const rounded = percent > 0 ? Math.max(1, Math.floor(percent)) : Math.min(-1, Math.ceil(percent));
  const least = steps.MinAdjustmentMagnitude ?? 1;
  return current + Math.sign(by) * Math.max(Math.abs(rounded), least);
}
