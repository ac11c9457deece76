import type { Cluster, Task } from './types';

/** Tasks by service, beside the cluster's own map: with thousands of them, looking through all is too slow. */
const byService = new WeakMap<Cluster['tasks'], Map<string, Set<Task>>>();

/** A task that is new. */
export function addTask(cluster: Cluster, task: Task): void {
  const index = indexOf(cluster);
  cluster.tasks.set(task.id, task);
  put(index, task);
}

/** A task that is no longer to be seen. */
export function removeTask(cluster: Cluster, task: Task): void {
  indexOf(cluster)
    .get(task.service ?? '')
    ?.delete(task);
  cluster.tasks.delete(task.id);
}

/** Tasks of a service, oldest first; optionally those of one deployment only. */
export function tasksOf(cluster: Cluster, service: string, deployment?: string): Task[] {
  const tasks = [...(indexOf(cluster).get(service) ?? [])];
  return deployment === undefined ? tasks : tasks.filter(({ startedBy }) => startedBy === deployment);
}

function indexOf({ tasks }: Cluster): Map<string, Set<Task>> {
  const known = byService.get(tasks);
  if (known) return known;
  // The first look at a cluster that was read from a saved state.
  const index = new Map<string, Set<Task>>();
  for (const task of tasks.values()) put(index, task);
  byService.set(tasks, index);
  return index;
}

function put(index: Map<string, Set<Task>>, task: Task): void {
  if (task.service === undefined) return;
  const tasks = index.get(task.service);
  if (tasks) tasks.add(task);
  else index.set(task.service, new Set([task]));
}
