import { longDigits, shortId } from '../ids';
import { ecsArn } from '../place';
import { watchedAlarms } from './alarmStates';
import type { EcsContext } from './context';
import { newShift, shiftsTraffic } from './strategies';
import type { Deployment, Service, ServiceDeployment, ServiceRevision } from './types';

/** AWS's circuit breaker: half of the desired tasks, but at least 3 and at most 200. */
export function breakerThreshold(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
}

/** The deployment that the service is moving to. A service always has one while it is active. */
export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments.find(({ status }) => status === 'PRIMARY');
}

/** The deployment that was completed last: what is in production. */
function completedOf(service: Service): Deployment | undefined {
  return service.deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED');
}

/** The last deployment that was completed: where a rollback goes. */
export function lastCompleted(service: Service, other: Deployment): Deployment | undefined {
  return service.deployments.find((deployment) => deployment !== other && deployment.rolloutState === 'COMPLETED');
}

/**
 * Makes a new PRIMARY deployment from the service's settings. The one before becomes ACTIVE and, if it was still
 * going on, is superseded.
 */
export function startDeployment(context: EcsContext, service: Service): Deployment {
  const now = context.clock.now();
  const previous = primaryOf(service);
  // A deployment and the revision that it brings have the same digits: clients find the one by the other.
  const digits = longDigits();
  const revision = newRevision(context, service, digits, now);
  const record = newRecord(context, service, revision, now);
  supersede(service, now);
  if (previous) {
    previous.status = 'ACTIVE';
    previous.updatedAt = now;
  }
  const id = `ecs-svc/${digits}`;
  const deployment: Deployment = {
    id,
    createdAt: now,
    revision,
    record,
    status: 'PRIMARY',
    updatedAt: now,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    failuresInARow: 0,
    notBefore: 0,
    openUntil: 0,
  };
  service.deployments.unshift(deployment);
  service.history.unshift(record);
  service.current = record;
  service.steady = false;
  return deployment;
}

function newRevision(context: EcsContext, service: Service, digits: string, createdAt: number): ServiceRevision {
  const { configuration } = service;
  const { taskDefinition } = service.settings;
  if (!taskDefinition) throw new Error(`Service ${service.name} has no task definition to deploy.`);
  const settings = { ...service.settings, taskDefinition };
  const arn = ecsArn(context.place, `service-revision/${service.cluster}/${service.name}/${digits}`);
  const source = completedOf(service) ?? primaryOf(service);
  const former = source?.revision.alternate ?? false;
  // Blue and green take turns in the two target groups; a rolling deployment stays where the service is.
  const alternate = source?.rolloutState === 'COMPLETED' && shiftsTraffic(configuration) ? !former : former;
  const revision: ServiceRevision = { arn, createdAt, settings, digests: new Map(), alternate };
  service.revisions.set(arn, revision);
  return revision;
}

function newRecord(context: EcsContext, service: Service, target: ServiceRevision, now: number): ServiceDeployment {
  const breaker = service.configuration.deploymentCircuitBreaker?.enable ?? false;
  return {
    arn: ecsArn(context.place, `service-deployment/${service.cluster}/${service.name}/${shortId()}`),
    createdAt: now,
    startedAt: now,
    updatedAt: now,
    target,
    sources: service.deployments.map(({ revision }) => revision),
    configuration: service.configuration,
    status: 'IN_PROGRESS',
    breaker: {
      status: breaker ? 'MONITORING' : 'DISABLED',
      failures: 0,
      threshold: breaker ? breakerThreshold(service.desiredCount) : 0,
    },
    alarms: watchedAlarms(context, service.configuration),
    ...(shiftsTraffic(service.configuration) ? { shift: newShift(context, service, now) } : {}),
  };
}

function supersede(service: Service, now: number): void {
  const running = service.current;
  if (!running || !isGoingOn(running)) return;
  finishRecord(running, 'STOPPED', now, 'Service deployment was stopped because a newer deployment was started.');
  running.stoppedAt = now;
}

export function isGoingOn({ status }: ServiceDeployment): boolean {
  return ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'].includes(status);
}

export function finishRecord(
  record: ServiceDeployment,
  status: ServiceDeployment['status'],
  now: number,
  statusReason?: string,
): void {
  record.status = status;
  record.finishedAt = now;
  record.updatedAt = now;
  if (statusReason !== undefined) record.statusReason = statusReason;
  if (record.breaker.status === 'MONITORING') record.breaker.status = 'MONITORING_COMPLETE';
  if (record.alarms?.status === 'MONITORING') record.alarms.status = 'MONITORING_COMPLETE';
}
