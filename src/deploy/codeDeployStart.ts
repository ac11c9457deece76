import { systemClock } from '../core/clock';
import { GantryError, isCancelled } from '../core/errors';
import { message } from '../core/message';
import type { CodeDeployGateway } from '../ecs/codeDeploy';
import { nextAppSpec } from './appSpec';
import { findGroup } from './codeDeployGroup';
import type { DeployPlace } from './deploymentStart';
import { explainRefusal } from './refusal';
import type { RolloutStart } from './rollout';

/**
 * Lets CodeDeploy deploy a revision to a service of its controller.
 * @throws GantryError notFound without a deployment group; refused, also while another deployment goes on
 */
export async function startCodeDeploy(
  codeDeploy: CodeDeployGateway,
  { cluster, service }: DeployPlace,
  taskDefinition: string | undefined,
  signal: AbortSignal,
): Promise<RolloutStart> {
  const wanted = taskDefinition ?? service.taskDefinition;
  if (!wanted) throw new GantryError('refused', message('“{0}” has no task definition yet.', service.name));
  const group = await findGroup(codeDeploy, service, signal);
  if (group.appSpecInS3) {
    throw new GantryError(
      'refused',
      message(
        'The AppSpec of “{0}” is a file in S3, whose hooks Gantry cannot keep: deploy it as before.',
        service.name,
      ),
    );
  }
  const appSpec = nextAppSpec(service, wanted, group.appSpec);
  const deploymentId = await codeDeploy.createDeployment(group, appSpec, signal).catch(explainRefusal);
  // What has begun is watched, also by who may not read it at this moment.
  const { createdAt } = await codeDeploy.describeDeployment(deploymentId, signal).catch((error: unknown) => {
    if (isCancelled(error)) throw error;
    return { createdAt: systemClock.now() };
  });
  return {
    ...{ cluster, service: service.name, deploymentId, createdAt, controller: 'CODE_DEPLOY' },
    knownEvents: service.events.filter(({ at }) => at < createdAt).map(({ id }) => id),
  };
}
