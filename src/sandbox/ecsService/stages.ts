import type { EcsContext } from './context';
import { runHooks } from './hooks';
import { failDeployment } from './rollback';
import type { Deployment, PlanStep, Service, ServiceDeployment, Shift } from './types';

/** What a step needs to know about the tasks of a service. */
export interface Tasks {
  /** Every wanted task of a deployment is up. */
  readonly isUp: (deployment: Deployment) => boolean;
  /** Nothing is left of a deployment. */
  readonly isGone: (deployment: Deployment) => boolean;
}

/** A deployment that shifts traffic, as long as there are two sides. */
export interface Sides {
  readonly record: ServiceDeployment;
  readonly shift: Shift;
  /** What is being deployed, also while it is rolled back. */
  readonly target: Deployment | undefined;
  /** What was in production before. */
  readonly source: Deployment | undefined;
}

/** The two sides of the deployment that is going on, or that ended without having replaced everything. */
export function sidesOf(service: Service): Sides | undefined {
  const record = service.current;
  const shift = record?.shift;
  if (!record || !shift) return undefined;
  const target = service.deployments.find(({ revision }) => revision === record.target);
  const source = service.deployments.find(
    (deployment) =>
      deployment !== target && (deployment.rolloutState === 'COMPLETED' || deployment.status === 'PRIMARY'),
  );
  const over = record.finishedAt !== undefined && service.deployments.length < 2;
  return over ? undefined : { record, shift, target, source };
}

/** How many tasks a deployment should have; undefined when what it has is left alone. */
export function tasksWanted(
  { shift, record, target, source }: Sides,
  deployment: Deployment,
  desired: number,
): number | undefined {
  const { plan, at, back } = shift;
  const cleaning = plan[at]?.do === 'clean';
  const goingOn = record.finishedAt === undefined;
  if (deployment === source) return goingOn && cleaning && !back ? 0 : desired;
  if (deployment !== target) return 0;
  if (!goingOn) return source ? undefined : desired;
  if (back) return cleaning ? 0 : undefined;
  return at >= plan.findIndex((step) => step.do === 'scale') ? desired : 0;
}

/**
 * Goes on with the plan as far as it goes now. Only waiting for a time needs another look without a change.
 * @returns that time, in milliseconds since the Unix epoch.
 */
export function moveOn(context: EcsContext, service: Service, sides: Sides, tasks: Tasks): number | undefined {
  const { shift, record } = sides;
  for (;;) {
    if (record.status !== 'IN_PROGRESS' && record.status !== 'ROLLBACK_IN_PROGRESS') return undefined;
    const step = shift.plan[shift.at];
    if (!step || step.do === 'clean') return undefined;
    const { plan } = shift;
    const state = perform(context, service, sides, tasks, step);
    // A hook that failed has turned the deployment round.
    if (shift.plan !== plan) continue;
    if (!state.done) return state.until;
    shift.at += 1;
    shift.since = context.clock.now();
    record.updatedAt = shift.since;
  }
}

type StepState = { readonly done: boolean; readonly until?: number };

function perform(context: EcsContext, service: Service, sides: Sides, tasks: Tasks, step: PlanStep): StepState {
  const { record, shift, target, source } = sides;
  const now = context.clock.now();
  switch (step.do) {
    case 'wait':
      return { done: now >= shift.since + step.ms, until: shift.since + step.ms };
    case 'reconcile':
      context.balancing.shift(sides);
      return { done: service.deployments.every((one) => one === target || one === source || tasks.isGone(one)) };
    case 'scale': {
      context.balancing.shift(sides);
      const growing = shift.back ? source : target;
      return { done: growing !== undefined && tasks.isUp(growing) };
    }
    case 'test':
    case 'production':
      shift[step.do] = step.percent;
      context.balancing.shift(sides);
      return { done: true };
    case 'hooks': {
      const state = runHooks(context, service, record, step.at);
      if (state.kind === 'waiting') return { done: false, until: state.until };
      if (state.kind === 'failed' && target) rollBackFor(context, service, target, state.reason);
      return { done: state.kind === 'passed' };
    }
    default:
      return { done: false };
  }
}

/** A hook has refused: what AWS does whether or not the circuit breaker rolls back. */
export function rollBackFor(context: EcsContext, service: Service, target: Deployment, reason: string): void {
  failDeployment(context, service, target, {
    state: `ECS deployment failed: ${reason}`,
    event: reason,
    reason,
    rollback: true,
  });
}
