import { allPages, batches } from '../core/paging';
import type { EcsGateway } from '../ecs/gateway';
import type { Task } from '../ecs/model';
import { isBenign } from './taskTexts';

/**
 * The stopped tasks of one deployment (`startedBy` is its id). ListTasks by service may leave stopped ones out; then
 * the cluster's stopped tasks are filtered by their group.
 */
export async function stoppedTasksOf(
  ecs: EcsGateway,
  cluster: string,
  service: string,
  deploymentId: string,
  signal: AbortSignal,
): Promise<Task[]> {
  const tasks = await stoppedTasks(ecs, cluster, service, signal);
  return tasks.filter(({ startedBy }) => startedBy === deploymentId);
}

/** The stopped tasks of a service. */
async function stoppedTasks(ecs: EcsGateway, cluster: string, service: string, signal: AbortSignal): Promise<Task[]> {
  const stopped = { desiredStatus: 'STOPPED' } as const;
  let arns = await allPages((token) => ecs.listTasks(cluster, { ...stopped, serviceName: service }, token, signal));
  if (arns.length === 0) arns = await allPages((token) => ecs.listTasks(cluster, stopped, token, signal));
  const described = await Promise.all(batches(arns, 100).map((batch) => ecs.describeTasks(cluster, batch, signal)));
  return described.flatMap(({ found }) => found).filter(({ group }) => !group || group === `service:${service}`);
}

/** The deployment whose task failed last, as far as ECS still shows its stopped tasks; undefined without one. */
export async function newestFailedDeployment(
  ecs: EcsGateway,
  cluster: string,
  service: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const stopped = await stoppedTasks(ecs, cluster, service, signal);
  const failed = stopped.filter((task) => !isBenign(task) && task.startedBy?.startsWith('ecs-svc/'));
  return failed.sort((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0))[0]?.startedBy;
}
