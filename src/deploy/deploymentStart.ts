import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Deployment, Service } from '../ecs/model';
import { primaryOf } from '../ecs/primary';
import type { RolloutStart } from './rollout';

/** A service that something is deployed to. */
export interface DeployPlace {
  readonly cluster: string;
  readonly service: Service;
}

/**
 * What there is to watch after an update.
 * @throws GantryError refused when the update started no deployment
 */
export function rolloutStart(cluster: string, before: Service, after: Service): RolloutStart {
  const primary = primaryOf(after);
  if (!primary || !hasNewPrimary(before, after)) {
    throw new GantryError('refused', message('ECS had nothing to deploy to “{0}”.', before.name));
  }
  return startOf(cluster, before, primary);
}

/** Whether a deployment has begun between two looks at a service. */
export function hasNewPrimary(before: Service, after: Service): boolean {
  const primary = primaryOf(after);
  return primary !== undefined && primary.id !== primaryOf(before)?.id;
}

/** The newest deployment of a service, to be watched by somebody who did not start it; undefined when it has none. */
export function currentStart(cluster: string, service: Service): RolloutStart | undefined {
  if (service.controller === 'CODE_DEPLOY') return codeDeployStart(cluster, service);
  const primary = primaryOf(service);
  return primary && startOf(cluster, service, primary);
}

/** Task sets come newest first, and carry the id of the deployment that made them. */
function codeDeployStart(cluster: string, service: Service): RolloutStart | undefined {
  const newest = service.deployments.find(({ externalId }) => externalId);
  if (!newest?.externalId) return undefined;
  return { ...startOf(cluster, service, newest), deploymentId: newest.externalId, controller: 'CODE_DEPLOY' };
}

function startOf(cluster: string, service: Service, { id, createdAt }: Deployment): RolloutStart {
  return {
    ...{ cluster, service: service.name, deploymentId: id, createdAt },
    knownEvents: service.events.filter(({ at }) => at < createdAt).map((event) => event.id),
  };
}
