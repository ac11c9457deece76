import type { EcsContext } from './context';
import { breakerThreshold, finishRecord, lastCompleted } from './deployments';
import { addEvent } from './events';
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
  const now = context.clock.now();
  const { current } = service;
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = breakerReason;
  deployment.updatedAt = now;
  addEvent(service, now, `(deployment ${deployment.id}) deployment failed: tasks failed to start.`);
  if (!current) return;
  if (current.status === 'ROLLBACK_IN_PROGRESS') {
    return finishRecord(current, 'ROLLBACK_FAILED', now, `Rollback failed: ${breakerReason}`);
  }
  current.breaker.status = 'TRIGGERED';
  const target = lastCompleted(service, deployment);
  if (!service.configuration.deploymentCircuitBreaker?.rollback || !target) {
    current.stoppedAt = now;
    return finishRecord(current, 'STOPPED', now, breakerReason);
  }
  const reason = 'Circuit breaker threshold exceeded.';
  rollBack(context, service, deployment, target, { breaker: true, reason });
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
  current.status = 'ROLLBACK_IN_PROGRESS';
  current.statusReason = `Service deployment rolled back because of: ${reason}`;
  current.updatedAt = now;
  current.rollback = { reason, startedAt: now, serviceRevisionArn: to.revision.arn };
}
