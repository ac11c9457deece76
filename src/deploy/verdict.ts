import { message, type Message } from '../core/message';
import type { Deployment, Service } from '../ecs/model';
import { primaryOf } from '../ecs/primary';
import type { ServiceDeployment } from '../ecs/serviceDeployment';

/** How a rollout ended. */
export type VerdictKind = 'healthy' | 'failed' | 'rolledBack' | 'superseded' | 'notExercised' | 'unknown';

export interface Verdict {
  readonly kind: VerdictKind;
  /** Why, in AWS's own words where it gave any. */
  readonly reason: Message | undefined;
}

/** What is known of our deployment at one moment. */
export interface Observation {
  /** The id of the deployment that we started (`ecs-svc/…`). */
  readonly deploymentId: string;
  /** Undefined when ECS does not know the service any more. */
  readonly service: Service | undefined;
  /** The newer record of the same deployment; undefined where those calls are denied or do not know it (yet). */
  readonly record: ServiceDeployment | undefined;
}

/**
 * The verdict, or undefined while the deployment goes on. "One deployment and running == desired" is no verdict: it is
 * also true after a rollback. Only our own deployment counts.
 */
export function judge({ deploymentId, service, record }: Observation): Verdict | undefined {
  if (!service || service.status !== 'ACTIVE') {
    return { kind: 'failed', reason: message('The service was deleted meanwhile.') };
  }
  if (isRollingBack(record)) return undefined;
  const byRecord = record && judgeRecord(deploymentId, record, service);
  if (byRecord) return byRecord;
  const ours = service.deployments.find(({ id }) => id === deploymentId);
  const primary = primaryOf(service);
  if (ours?.rolloutState === 'COMPLETED') return successful(service);
  if (ours && ours === primary) {
    return ours.rolloutState === 'FAILED' ? { kind: 'failed', reason: quoted(ours.rolloutReason) } : undefined;
  }
  return judgeReplaced(deploymentId, service, ours, primary);
}

/** Whether ECS is taking our deployment back at this moment. */
export function isRollingBack(record: ServiceDeployment | undefined): boolean {
  return record?.status === 'ROLLBACK_REQUESTED' || record?.status === 'ROLLBACK_IN_PROGRESS';
}

function judgeRecord(deploymentId: string, record: ServiceDeployment, service: Service): Verdict | undefined {
  switch (record.status) {
    case 'SUCCESSFUL':
      return successful(service);
    case 'ROLLBACK_SUCCESSFUL':
      return { kind: 'rolledBack', reason: quoted(record.reason) };
    case 'ROLLBACK_FAILED':
      return { kind: 'failed', reason: quoted(record.reason) };
    case 'STOPPED':
      // ECS stops a deployment when a newer one starts, and when somebody asks for it without a rollback.
      return {
        kind: stoppedByNewer(deploymentId, record, service) ? 'superseded' : 'failed',
        reason: quoted(record.reason),
      };
    default:
      return undefined;
  }
}

function stoppedByNewer(deploymentId: string, record: ServiceDeployment, service: Service): boolean {
  return service.deployments.some(
    ({ id, status, createdAt }) => status === 'PRIMARY' && id !== deploymentId && createdAt >= record.createdAt,
  );
}

/** Another deployment is PRIMARY now: ECS rolled ours back, or somebody deployed something newer. */
function judgeReplaced(
  deploymentId: string,
  service: Service,
  ours: Deployment | undefined,
  primary: Deployment | undefined,
): Verdict | undefined {
  const event = service.events.find(({ text }) => text.includes(deploymentId) && /deployment failed/i.test(text));
  if (ours?.rolloutState !== 'FAILED' && !event && !/rolling back/i.test(primary?.rolloutReason ?? '')) {
    return { kind: 'superseded', reason: undefined };
  }
  // The rollback is a deployment of its own; until it has ended, nothing is decided.
  if (primary?.rolloutState === 'IN_PROGRESS') return undefined;
  return { kind: 'rolledBack', reason: quoted(ours?.rolloutReason ?? event?.text) };
}

function successful(service: Service): Verdict {
  return { kind: service.desired === 0 ? 'notExercised' : 'healthy', reason: undefined };
}

function quoted(text: string | undefined): Message | undefined {
  return text ? message('{0}', text) : undefined;
}
