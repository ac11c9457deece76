import type { Service } from '../ecs/model';

/** What a service's row says, as a pure function of what ECS says. */
export interface ServiceRow {
  readonly state: 'steady' | 'deploying' | 'failing' | 'short' | 'stopped' | 'draining';
  readonly running: number;
  readonly desired: number;
  /** Tasks of the newest deployment that run, while one goes on. */
  readonly deployed: number;
}

/** Computes the state of a service's row. */
export function serviceRow(service: Service): ServiceRow {
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  const counts = { running: service.running, desired: service.desired, deployed: primary?.running ?? service.running };
  if (service.status === 'DRAINING') return { state: 'draining', ...counts };
  if (primary?.rolloutState === 'FAILED') return { state: 'failing', ...counts };
  if (primary?.rolloutState === 'IN_PROGRESS' || service.deployments.length > 1) {
    return { state: primary && primary.failed > 0 ? 'failing' : 'deploying', ...counts };
  }
  if (service.desired === 0) return { state: 'stopped', ...counts };
  return { state: service.running < service.desired ? 'short' : 'steady', ...counts };
}
