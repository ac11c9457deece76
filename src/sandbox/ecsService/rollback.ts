import type { EcsContext } from './context';
import { breakerThreshold, finishRecord, lastCompleted } from './deployments';
import { addEvent } from './events';
import { turnBack } from './strategies';
import type { Deployment, Service } from './types';

/** Counts a task of a deployment that failed before it had settled. The wait before the next start grows. */
export function countFailure(context: EcsContext, service: Service, deployment: Deployment): void {
  const { clock, pace } = context;
  const now = clock.now();
  deployment.failedTasks += 1;
  deployment.updatedAt = now;
  // Tasks that fail together are one round: the wait doubles with every round.
  if (now >= deployment.notBefore) {
    const wait = Math.min(pace.maxBackoff, pace.backoff * 2 ** Math.min(20, deployment.failuresInARow));
    deployment.failuresInARow += 1;
    deployment.notBefore = now + wait;
    if (deployment.failuresInARow === 5) {
      const more = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
      addEvent(service, now, `is unable to consistently start tasks successfully. ${more}`);
    }
  }
  const { record } = deployment;
  if (record.breaker.status === 'MONITORING') record.breaker.failures = deployment.failedTasks;
  if (breakerTrips(service, deployment)) trip(context, service, deployment);
}

function breakerTrips(service: Service, deployment: Deployment): boolean {
  if (deployment.status !== 'PRIMARY' || deployment.rolloutState !== 'IN_PROGRESS') return false;
  const enabled = service.configuration.deploymentCircuitBreaker?.enable ?? false;
  return enabled && deployment.failedTasks >= breakerThreshold(service.desiredCount);
}

const breakerReason = 'ECS deployment circuit breaker: tasks failed to start.';

function trip(context: EcsContext, service: Service, deployment: Deployment): void {
  const { current, configuration } = service;
  if (current && current.status !== 'ROLLBACK_IN_PROGRESS') current.breaker.status = 'TRIGGERED';
  failDeployment(context, service, deployment, {
    state: breakerReason,
    event: 'tasks failed to start.',
    reason: 'Circuit breaker threshold exceeded.',
    rollback: configuration.deploymentCircuitBreaker?.rollback ?? false,
    breaker: true,
  });
}

/** Why a deployment has failed, in the words of each place that says so. */
export interface DeploymentFailure {
  /** `rolloutStateReason`, and the reason of a deployment that is not rolled back. */
  readonly state: string;
  /** Behind «deployment failed:». */
  readonly event: string;
  readonly reason: string;
  readonly rollback: boolean;
  readonly breaker?: boolean;
}

/** Fails the deployment that is going on; rolls it back where that is wanted and there is where to. */
export function failDeployment(
  context: EcsContext,
  service: Service,
  deployment: Deployment,
  { state, event, reason, rollback, breaker = false }: DeploymentFailure,
): void {
  const now = context.clock.now();
  const { current } = service;
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = state;
  deployment.updatedAt = now;
  addEvent(service, now, `(deployment ${deployment.id}) deployment failed: ${event}`);
  if (!current) return;
  if (current.status === 'ROLLBACK_IN_PROGRESS') {
    return finishRecord(current, 'ROLLBACK_FAILED', now, `Rollback failed: ${state}`);
  }
  const target = lastCompleted(service, deployment);
  if (rollback && target) return rollBack(context, service, deployment, target, { breaker, reason });
  current.stoppedAt = now;
  finishRecord(current, 'STOPPED', now, state);
}

/** Makes an earlier deployment PRIMARY again; the tasks that it still has stay. */
export function rollBack(
  context: EcsContext,
  service: Service,
  from: Deployment,
  to: Deployment,
  { breaker, reason }: { breaker: boolean; reason: string },
): void {
  const now = context.clock.now();
  const { current } = service;
  from.status = 'ACTIVE';
  from.updatedAt = now;
  to.status = 'PRIMARY';
  to.updatedAt = now;
  to.rolloutState = 'IN_PROGRESS';
  const prefix = breaker ? 'ECS deployment circuit breaker: ' : '';
  to.rolloutStateReason = `${prefix}rolling back to deploymentId ${to.id}.`;
  to.failedTasks = 0;
  to.failuresInARow = 0;
  to.notBefore = 0;
  to.openUntil = now + context.pace.settling;
  service.settings = to.revision.settings;
  service.steady = false;
  service.deployments.sort((a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY'));
  addEvent(service, now, `rolling back to deployment ${to.id}.`);
  if (!current) return;
  if (current.shift) turnBack(current.shift, context.pace, now);
  current.status = 'ROLLBACK_IN_PROGRESS';
  current.statusReason = `Service deployment rolled back because of: ${reason}`;
  current.updatedAt = now;
  current.rollback = { reason, startedAt: now, serviceRevisionArn: to.revision.arn };
}
