import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Deployment, Service } from '../ecs/model';
import type { RolloutStart } from './rollout';

/**
 * What there is to watch after UpdateService.
 * @throws GantryError refused when the update started no deployment
 */
export function rolloutStart(cluster: string, before: Service, after: Service): RolloutStart {
  const primary = after.deployments.find(isPrimary);
  if (!primary || primary.id === before.deployments.find(isPrimary)?.id) {
    throw new GantryError('refused', message('ECS had nothing to deploy to “{0}”.', before.name));
  }
  return startOf(cluster, before, primary);
}

/** The newest deployment of a service, to be watched by somebody who did not start it; undefined when it has none. */
export function currentStart(cluster: string, service: Service): RolloutStart | undefined {
  const primary = service.deployments.find(isPrimary);
  return primary && startOf(cluster, service, primary);
}

function startOf(cluster: string, service: Service, { id, createdAt }: Deployment): RolloutStart {
  return {
    ...{ cluster, service: service.name, deploymentId: id, createdAt },
    knownEvents: service.events.filter(({ at }) => at < createdAt).map((event) => event.id),
  };
}

const isPrimary = ({ status }: Deployment): boolean => status === 'PRIMARY';
