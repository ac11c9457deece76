import { batches } from '../core/paging';
import type { EcsGateway } from '../ecs/gateway';
import type { Task } from '../ecs/model';

/** The first hundred tasks of a service that ought to run, and its stopped ones: more than a document can show. */
export async function tasksOfService(
  ecs: EcsGateway,
  cluster: string,
  serviceName: string,
  signal: AbortSignal,
): Promise<Task[]> {
  const pages = await Promise.all(
    (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
      ecs.listTasks(cluster, { serviceName, desiredStatus }, undefined, signal),
    ),
  );
  const arns = pages.flatMap(({ items }) => items);
  const described = await Promise.all(batches(arns, 100).map((batch) => ecs.describeTasks(cluster, batch, signal)));
  return described.flatMap(({ found }) => found);
}
