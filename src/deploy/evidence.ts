import { allPages, batches } from '../core/paging';
import type { EcsGateway } from '../ecs/gateway';
import type { Task } from '../ecs/model';

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
  const stopped = { desiredStatus: 'STOPPED' } as const;
  let arns = await allPages((token) => ecs.listTasks(cluster, { ...stopped, serviceName: service }, token, signal));
  if (arns.length === 0) arns = await allPages((token) => ecs.listTasks(cluster, stopped, token, signal));
  const described = await Promise.all(batches(arns, 100).map((batch) => ecs.describeTasks(cluster, batch, signal)));
  return described
    .flatMap(({ found }) => found)
    .filter(({ startedBy, group }) => startedBy === deploymentId && (!group || group === `service:${service}`));
}
