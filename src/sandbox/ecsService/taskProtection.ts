import type { Operation } from '../http/apiEndpoint';
import { ecsArn } from '../place';
import { type EcsContext, clusterNamed, findTask, nameOf } from './context';
import type { Scheduler } from './scheduler';
import type { Cluster, Task } from './types';

interface Request {
  readonly cluster: string;
  readonly tasks?: readonly string[];
  readonly protectionEnabled?: boolean;
  readonly expiresInMinutes?: number;
}

/** Whether the scheduler has to leave a task alone when it scales in or replaces tasks. */
export function isProtected({ protectedUntil }: Task, now: number): boolean {
  return protectedUntil !== undefined && now < protectedUntil;
}

function answer(
  context: EcsContext,
  cluster: Cluster,
  ids: readonly string[],
  change: (task: Task) => void,
): Record<string, unknown> {
  const protectedTasks: unknown[] = [];
  const failures: unknown[] = [];
  for (const id of ids) {
    const task = findTask(cluster, id);
    const arn = task?.arn ?? ecsArn(context.place, `task/${cluster.name}/${nameOf(id)}`);
    if (!task) failures.push({ arn, reason: 'MISSING' });
    else if (task.service === undefined) {
      failures.push({ arn, reason: 'TASK_NOT_VALID', detail: 'Task is not part of a service.' });
    } else {
      change(task);
      const on = isProtected(task, context.clock.now());
      const expirationDate = on ? new Date(task.protectedUntil ?? 0) : undefined;
      protectedTasks.push({ taskArn: arn, protectionEnabled: on, expirationDate });
    }
  }
  return { protectedTasks, failures };
}

/** The scheduler may have been waiting for the end of the protection. */
function reconcileLater(context: EcsContext, scheduler: Scheduler, cluster: Cluster, task: Task): void {
  const left = Math.max(0, (task.protectedUntil ?? 0) - context.clock.now());
  context.clock.after(left, () => {
    const service = cluster.services.get(task.service ?? '');
    if (service) scheduler.reconcile(cluster, service);
  });
}

/** Protection of a service's tasks against being stopped by the scheduler; two hours unless told otherwise. */
export function taskProtectionOperations(context: EcsContext, scheduler: Scheduler): Record<string, Operation> {
  return {
    UpdateTaskProtection: (input: Request) => {
      const cluster = clusterNamed(context, input.cluster);
      const until = context.clock.now() + (input.expiresInMinutes ?? 120) * 60_000;
      return answer(context, cluster, input.tasks ?? [], (task) => {
        task.protectedUntil = input.protectionEnabled ? until : undefined;
        reconcileLater(context, scheduler, cluster, task);
      });
    },
    GetTaskProtection: (input: Request) => {
      const cluster = clusterNamed(context, input.cluster);
      const all = [...cluster.tasks.values()].filter(({ service }) => service !== undefined).map(({ arn }) => arn);
      return answer(context, cluster, input.tasks ?? all, () => undefined);
    },
  };
}
