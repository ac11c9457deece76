import type { EcsContext } from '../ecsService/context';
import type { ContainerState, Task } from '../ecsService/types';
import type { ExecRequest } from '../runtime/exec';

/** A container that the agent of ECS Exec runs beside. */
export interface SessionTarget {
  readonly task: Task;
  readonly container: ContainerState & { readonly runtimeId: string };
  /** `ecs:CLUSTER_TASK_RUNTIME`, as Session Manager names it. */
  readonly name: string;
}

/** The target of this container; undefined when nobody can go into it: it does not run, or has no agent. */
export function sessionTarget(task: Task, container: ContainerState): SessionTarget | undefined {
  const { runtimeId } = container;
  if (runtimeId === undefined || !isAlive(task, container)) return undefined;
  return { task, container: { ...container, runtimeId }, name: `ecs:${task.cluster}_${task.id}_${runtimeId}` };
}

/** The container behind `ecs:CLUSTER_TASK_RUNTIME`, if its agent is connected. */
export function targetNamed({ state }: EcsContext, name: string): SessionTarget | undefined {
  const [, cluster = '', id = '', runtime] = /^ecs:(.+)_([0-9a-f]{32})_(.+)$/.exec(name) ?? [];
  const task = state.clusters.get(cluster)?.tasks.get(id);
  const container = task?.containers.find(({ runtimeId }) => runtimeId !== undefined && runtimeId === runtime);
  return task && container && sessionTarget(task, container);
}

/** Whether the agent beside a container runs. Asked again while a session lasts. */
export function isAlive(task: Task, { name }: { readonly name: string }): boolean {
  const container = task.containers.find((candidate) => candidate.name === name);
  return task.enableExecuteCommand && task.lastStatus === 'RUNNING' && container?.lastStatus === 'RUNNING';
}

/** What is run in a container, for a runtime that may have to say that there is none. */
export function execRequest(
  { task, container }: SessionTarget,
  command: readonly string[],
  session: string,
): ExecRequest {
  const description = `There is no container ${container.name} of ${container.image} (task ${task.id}), and no shell in it.`;
  return { container: container.runtimeId, command, session, description };
}
