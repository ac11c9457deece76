import { isCancelled } from '../core/errors';
import type { CodeDeployment } from '../ecs/codeDeploy';
import type { EcsGateway } from '../ecs/gateway';
import type { Service, Task } from '../ecs/model';
import { summarize } from '../ecs/taskDefinition';
import { taskDefinitionOf } from './appSpec';
import { findGroup } from './codeDeployGroup';
import type { CodeDeploySources } from './codeDeployObserver';
import type { RanImage, RollbackPlan } from './rollback';
import { tasksOfService } from './rolloutTasks';

/** As many deployments as BatchGetDeployments takes: nobody goes back further without looking. */
const mostLookedAt = 25;

const over = new Set(['Succeeded', 'Failed', 'Stopped']);

/** What rolling back means for a service that CodeDeploy deploys. */
export async function planCodeDeployRollback(
  { ecs, codeDeploy }: CodeDeploySources,
  service: Service,
  signal: AbortSignal,
): Promise<RollbackPlan> {
  const group = await findGroup(codeDeploy, service, signal);
  const ids = (await codeDeploy.listDeployments(group, signal)).slice(0, mostLookedAt);
  const described = ids.length > 0 ? await codeDeploy.describeDeployments(ids, signal) : [];
  const newestFirst = [...described].sort((a, b) => b.createdAt - a.createdAt);
  const goingOn = newestFirst.find(({ status }) => !over.has(status));
  if (goingOn) return { kind: 'stopCodeDeploy', deployment: goingOn.id };
  for (const deployment of newestFirst) {
    const taskDefinition = taskDefinitionOf(deployment.appSpec);
    if (deployment.status === 'Succeeded' && taskDefinition && taskDefinition !== service.taskDefinition) {
      const images = await imagesOf(ecs, service, deployment, taskDefinition, signal);
      return { kind: 'definition', taskDefinition, images };
    }
  }
  return { kind: 'choose' };
}

/**
 * What the containers of a deployment ran. CodeDeploy has no service revisions, so the digests are those of its tasks,
 * which ECS shows while they run and for an hour after they have stopped.
 */
async function imagesOf(
  ecs: EcsGateway,
  service: Service,
  { createdAt }: CodeDeployment,
  taskDefinition: string,
  signal: AbortSignal,
): Promise<readonly RanImage[]> {
  const { containers } = summarize(await ecs.describeTaskDefinition(taskDefinition, signal));
  const tasks = await visibleTasks(ecs, service, signal);
  const [first] = tasks
    .filter((task) => task.taskDefinition === taskDefinition && (task.startedAt ?? 0) >= createdAt)
    // A task that replaced another may have run what the tag named by then.
    .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
  return containers.map(({ name: container, image }) => {
    const ran = first?.containers.find((each) => each.name === container);
    return { container, image, digest: ran?.imageDigest };
  });
}

/** None where they may not be read. */
async function visibleTasks(ecs: EcsGateway, { clusterArn, name }: Service, signal: AbortSignal): Promise<Task[]> {
  try {
    return await tasksOfService(ecs, clusterArn, name, signal);
  } catch (error) {
    if (isCancelled(error)) throw error;
    return [];
  }
}
