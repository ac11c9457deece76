import { nameOf } from '../core/arn';
import type { Deployment, Service } from '../ecs/model';
import { primaryOf } from '../ecs/primary';

export type ServiceState = 'steady' | 'deploying' | 'failing' | 'short' | 'over' | 'stopped' | 'draining';

/** What a service's row says, as a pure function of what ECS says. */
export interface ServiceRow {
  readonly state: ServiceState;
  readonly running: number;
  readonly desired: number;
  /** How much of the newest deployment runs, in percent, while one goes on. */
  readonly percent: number;
  /** `family:revision` of the newest deployment. */
  readonly revision: string;
}

/** Computes the state of a service's row. */
export function serviceRow(service: Service): ServiceRow {
  const primary = primaryOf(service);
  const facts = {
    running: service.running,
    desired: service.desired,
    percent: percentOf(primary),
    revision: nameOf(primary?.taskDefinition ?? service.taskDefinition ?? ''),
  };
  return { state: stateOf(service, primary), ...facts };
}

/** Whether something is expected to change by itself. */
export function isMoving(service: Service): boolean {
  return ['deploying', 'failing', 'short', 'over', 'draining'].includes(serviceRow(service).state);
}

function stateOf(service: Service, primary: Deployment | undefined): ServiceState {
  if (service.status === 'DRAINING') return 'draining';
  if (primary?.rolloutState === 'FAILED') return 'failing';
  // An external controller may keep several task sets for good.
  const isReplacing = service.deployments.length > 1 && service.controller !== 'EXTERNAL';
  if (primary?.rolloutState === 'IN_PROGRESS' || isReplacing) {
    return primary && primary.failed > 0 ? 'failing' : 'deploying';
  }
  if (service.desired === 0 && service.running === 0) return 'stopped';
  // A daemon service has no desired count of its own before its first task.
  if (service.running > service.desired) return 'over';
  return service.running < service.desired ? 'short' : 'steady';
}

function percentOf(primary: Deployment | undefined): number {
  if (!primary || primary.desired === 0) return 0;
  return Math.min(100, Math.floor((primary.running / primary.desired) * 100));
}
