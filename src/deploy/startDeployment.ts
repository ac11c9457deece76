import type { Connection } from '../aws/api';
import type { ServiceChange } from '../ecs/gateway';
import { rolloutStart, type DeployPlace } from './deploymentStart';
import { deployExpress, nothingToDeploy } from './expressDeployment';
import { explainRefusal } from './refusal';
import type { RolloutStart } from './rollout';

/** What a deployment brings: a registered revision or, with force alone, new tasks of the same one. */
export type DeploymentWish = Pick<ServiceChange, 'taskDefinition' | 'forceNewDeployment' | 'settings'>;

/**
 * Starts a deployment through whoever deploys the service: UpdateService, or Express Mode's own operation.
 * @throws GantryError refused with the cause that AWS’s words stand for
 */
export async function startDeployment(
  { ecs }: Pick<Connection, 'ecs'>,
  place: DeployPlace,
  wish: DeploymentWish,
  signal: AbortSignal,
): Promise<RolloutStart> {
  const { cluster, service } = place;
  if (service.express) {
    if (!wish.taskDefinition) throw nothingToDeploy(service.name);
    const { taskDefinition } = await ecs.describeTaskDefinition(wish.taskDefinition, signal);
    return deployExpress(ecs, place, taskDefinition, signal);
  }
  const updated = await ecs.updateService({ cluster, service: service.name, ...wish }, signal).catch(explainRefusal);
  return rolloutStart(cluster, service, updated);
}
