import type { ContainerLaunch } from './runtime';

/** How far a container of a task has come. */
export interface Progress {
  readonly started: boolean;
  readonly healthy: boolean;
  /** Set once it has ended. */
  readonly exitCode?: number | undefined;
}

/** Where a container's dependencies stand: it may start, it has to wait, or it never can. */
export type Readiness = { readonly kind: 'ready' | 'waiting' } | { readonly kind: 'never'; readonly reason: string };

/** Looks at a container's `dependsOn`: START, COMPLETE, SUCCESS and HEALTHY. */
export function readiness(
  { definition }: ContainerLaunch,
  progressOf: (container: string) => Progress | undefined,
): Readiness {
  let waiting = false;
  for (const { containerName, condition } of definition.dependsOn ?? []) {
    const progress = progressOf(containerName);
    const ended = progress?.exitCode !== undefined;
    if (condition === 'SUCCESS' && ended && progress.exitCode !== 0) {
      return never(definition.name, `${containerName} exited with code ${progress.exitCode ?? 0} instead of 0`);
    }
    if (condition === 'HEALTHY' && ended) return never(definition.name, `${containerName} ended before it was healthy`);
    const met = {
      START: progress?.started ?? false,
      COMPLETE: ended,
      SUCCESS: ended,
      HEALTHY: progress?.healthy ?? false,
    }[condition];
    if (!met) waiting = true;
  }
  return { kind: waiting ? 'waiting' : 'ready' };
}

function never(container: string, why: string): Readiness {
  return { kind: 'never', reason: `TaskDependencyError: container ${container} cannot start: dependency ${why}` };
}

/** Containers that others wait for to end: they run before the task does. */
export function isWaitedForToEnd(name: string, containers: readonly ContainerLaunch[]): boolean {
  return containers.some(({ definition }) =>
    definition.dependsOn?.some(
      ({ containerName, condition }) => containerName === name && ['COMPLETE', 'SUCCESS'].includes(condition),
    ),
  );
}

/** Seconds that a container waits for its dependencies when its definition says nothing. */
export const defaultStartTimeout = 180;
