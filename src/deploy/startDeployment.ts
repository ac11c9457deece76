import type { Connection } from '../aws/api';
import type { ServiceChange } from '../ecs/gateway';
import { startCodeDeploy } from './codeDeployStart';
import { rolloutStart, type DeployPlace } from './deploymentStart';
import { deployExpress, nothingToDeploy } from './expressDeployment';
import { explainRefusal } from './refusal';
import type { RolloutStart } from './rollout';

/** What a deployment brings: a registered revision or, with force alone, new tasks of the same one. */
export type DeploymentWish = Pick<ServiceChange, 'taskDefinition' | 'forceNewDeployment' | 'desiredCount' | 'settings'>;

/** Who starts deployments. */
export type Deployers = Pick<Connection, 'ecs' | 'codeDeploy'>;

/**
 * Starts a deployment through whoever deploys the service: UpdateService, CodeDeploy, or Express Mode's own operation.
 * @throws GantryError refused with the cause that AWS’s words stand for
 */
export async function startDeployment(
  { ecs, codeDeploy }: Deployers,
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
  if (service.controller === 'CODE_DEPLOY') return startCodeDeploy(codeDeploy, place, wish.taskDefinition, signal);
  const updated = await ecs.updateService({ cluster, service: service.name, ...wish }, signal).catch(explainRefusal);
  return rolloutStart(cluster, service, updated);
}
