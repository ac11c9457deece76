import type { Task } from './model';

const prefix = 'service:';

/** The group that ECS gives the tasks of a service (ECS API reference, Task `group`). */
export function groupOfService(name: string): string {
  return prefix + name;
}

/** The name of the service that started a task; undefined for a task that runs for itself. */
export function serviceOfTask({ group }: Pick<Task, 'group'>): string | undefined {
  return group?.startsWith(prefix) ? group.slice(prefix.length) : undefined;
}
