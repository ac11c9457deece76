import { randomBytes } from 'node:crypto';
import { hookOutcome } from '../runtime/scenarios';
import type { EcsContext } from './context';
import { addEvent } from './events';
import type { HookRun, HookStage, Service, ServiceDeployment, Shift } from './types';

/** AWS waits a day for a hook unless it says otherwise, in minutes. */
const defaultTimeout = 1440;

/** What a stage's hooks have come to. `until` is when to look again, in milliseconds since the Unix epoch. */
export type HooksState =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'waiting'; readonly until: number };

/**
 * Begins the hooks of a step, once, and says what they have come to. Nothing runs Lambda functions here: their
 * outcome comes from the scenario of the task definition's containers, and is SUCCEEDED without one; an event says so.
 */
export function runHooks(context: EcsContext, service: Service, record: ServiceDeployment, at: HookStage): HooksState {
  const { shift } = record;
  if (!shift) return { kind: 'passed' };
  const runs = started(context, service, record, shift, at);
  const now = context.clock.now();
  for (const run of runs) settle(context, record, run, now);
  for (const { status, timeoutAction, hookId } of runs) {
    if (status === 'FAILED') return { kind: 'failed', reason: `Lifecycle hook ${hookId} failed at ${at}.` };
    if (status === 'TIMED_OUT' && timeoutAction === 'ROLLBACK') {
      return { kind: 'failed', reason: `Lifecycle hook ${hookId} timed out at ${at}.` };
    }
  }
  const open = runs.filter(({ status }) => status === 'AWAITING_ACTION' || status === 'IN_PROGRESS');
  if (open.length === 0) return { kind: 'passed' };
  const soon = open.some(({ targetType }) => targetType === 'AWS_LAMBDA' && outcomeOf(record) !== 'IN_PROGRESS');
  const until = soon ? now + context.pace.rollback : Math.min(...open.map(({ expiresAt }) => expiresAt));
  return { kind: 'waiting', until };
}

function started(
  context: EcsContext,
  service: Service,
  record: ServiceDeployment,
  shift: Shift,
  at: HookStage,
): HookRun[] {
  const running = shift.hooks.filter(({ step }) => step === shift.at);
  if (running.length > 0) return running;
  const now = context.clock.now();
  for (const hook of record.configuration.lifecycleHooks ?? []) {
    if (!hook.lifecycleStages?.includes(at)) continue;
    const { targetType = 'AWS_LAMBDA', hookTargetArn, timeoutConfiguration } = hook;
    const minutes = timeoutConfiguration?.timeoutInMinutes ?? defaultTimeout;
    const prefix = targetType === 'PAUSE' ? 'ecs-pause' : 'ecs-lambda';
    shift.hooks.push({
      hookId: `${prefix}-${randomBytes(32).toString('base64url')}`,
      targetType,
      ...(hookTargetArn === undefined ? {} : { targetArn: hookTargetArn }),
      step: shift.at,
      startedAt: now,
      expiresAt: now + minutes * 60 * context.pace.second,
      timeoutAction: timeoutConfiguration?.action ?? 'ROLLBACK',
      status: targetType === 'PAUSE' ? 'AWAITING_ACTION' : 'IN_PROGRESS',
    });
    if (targetType === 'AWS_LAMBDA') {
      const what = `lifecycle hook ${hookTargetArn ?? ''} at ${at} is not run: the sandbox has no Lambda. `;
      addEvent(service, now, `${what}It counts as ${outcomeOf(record)}.`);
    }
  }
  return shift.hooks.filter(({ step }) => step === shift.at);
}

function settle(context: EcsContext, record: ServiceDeployment, run: HookRun, now: number): void {
  if (run.status !== 'AWAITING_ACTION' && run.status !== 'IN_PROGRESS') return;
  const outcome = outcomeOf(record);
  if (run.targetType === 'AWS_LAMBDA' && outcome !== 'IN_PROGRESS' && now >= run.startedAt + context.pace.rollback) {
    run.status = outcome;
  } else if (now >= run.expiresAt) run.status = 'TIMED_OUT';
}

function outcomeOf({ target }: ServiceDeployment): 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS' {
  return hookOutcome(target.settings.taskDefinition.registered.containerDefinitions);
}
