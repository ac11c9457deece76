import { nameOf } from '../core/arn';
import { GantryError, isCancelled } from '../core/errors';
import { message } from '../core/message';
import { allPages, batches } from '../core/paging';
import type { CodeDeployGateway, DeploymentGroup } from '../ecs/codeDeploy';
import type { Service } from '../ecs/model';

/**
 * The deployment group that deploys a service: the one of the deployment that made its tasks (one call), else the one
 * that names it, by asking for all.
 * @throws GantryError notFound when there is none
 */
export async function findGroup(
  codeDeploy: CodeDeployGateway,
  service: Service,
  signal: AbortSignal,
): Promise<DeploymentGroup> {
  const found = (await groupOfTaskSet(codeDeploy, service, signal)) ?? (await groupNaming(codeDeploy, service, signal));
  if (found) return found;
  throw new GantryError(
    'notFound',
    message(
      'No deployment group of CodeDeploy names “{0}”: create an application for ECS and a deployment group for it.',
      service.name,
    ),
  );
}

async function groupOfTaskSet(
  codeDeploy: CodeDeployGateway,
  { deployments, name: service, clusterArn }: Service,
  signal: AbortSignal,
): Promise<DeploymentGroup | undefined> {
  const id = deployments.find(({ externalId, status }) => status === 'PRIMARY' && externalId)?.externalId;
  if (!id) return undefined;
  try {
    const { application, group: name, appSpec } = await codeDeploy.describeDeployment(id, signal);
    const [known] = await codeDeploy.describeGroups(application, [name], signal);
    if (!known || !isOf(known, nameOf(clusterArn), service)) return undefined;
    return { ...known, appSpec: known.appSpec ?? appSpec };
  } catch (error) {
    if (isCancelled(error)) throw error;
    // CodeDeploy forgets old deployments, and groups are replaced.
    return undefined;
  }
}

async function groupNaming(
  codeDeploy: CodeDeployGateway,
  { name, clusterArn }: Service,
  signal: AbortSignal,
): Promise<DeploymentGroup | undefined> {
  for (const application of await allPages((token) => codeDeploy.listApplications(token, signal))) {
    const names = await allPages((token) => codeDeploy.listGroups(application, token, signal));
    for (const batch of batches(names, 100)) {
      const groups = await codeDeploy.describeGroups(application, batch, signal);
      const found = groups.find((group) => isOf(group, nameOf(clusterArn), name));
      if (found) return found;
    }
  }
  return undefined;
}

function isOf({ services }: DeploymentGroup, cluster: string, name: string): boolean {
  return services.some((each) => nameOf(each.cluster) === cluster && nameOf(each.service) === name);
}
