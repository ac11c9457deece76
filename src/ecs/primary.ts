import type { Deployment, Service } from './model';

/** The newest deployment of a service (ECS API reference, Deployment `status`). */
export function primaryOf({ deployments }: Pick<Service, 'deployments'>): Deployment | undefined {
  return deployments.find(({ status }) => status === 'PRIMARY');
}
