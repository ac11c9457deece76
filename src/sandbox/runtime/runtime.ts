import type { Inside } from './exec';
import type { ContainerDefinition, NetworkBinding, Task } from '../ecsService/types';

/** One container of a task that is about to start. */
export interface ContainerLaunch {
  readonly definition: ContainerDefinition;
  /** The definition's command, environment and so on, with the task's overrides applied. */
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Hard limit in MiB. */
  readonly memory: number | undefined;
  /** The digest that the deployment has settled on, for an image of the sandbox's own registry. */
  readonly digest: string | undefined;
}

export interface TaskLaunch {
  readonly task: Task;
  readonly containers: readonly ContainerLaunch[];
  /** One network for all containers of the task, with random host ports. */
  readonly sharedNetwork: boolean;
}

/** What happens to a task's containers, in the order in which it happens. */
export type RuntimeReport =
  | { readonly kind: 'pulled' }
  | {
      readonly kind: 'started';
      readonly container: string;
      readonly runtimeId: string;
      readonly bindings: readonly NetworkBinding[];
    }
  /** A line of output, without its end; `at` in milliseconds since the Unix epoch. Only with the awslogs driver. */
  | { readonly kind: 'output'; readonly container: string; readonly line: string; readonly at: number }
  | { readonly kind: 'failed'; readonly container: string; readonly reason: string }
  | { readonly kind: 'exited'; readonly container: string; readonly exitCode: number; readonly reason?: string }
  | { readonly kind: 'health'; readonly container: string; readonly health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' };

export interface RunningTask {
  /**
   * SIGTERM, then SIGKILL after the container's stop timeout. Every container that was started reports `exited`.
   * A start that is still going on is given up.
   */
  stop(done: () => void): void;
}

/** What a container uses. */
export interface Usage {
  /** In cores. */
  readonly cpu: number;
  /** In bytes. */
  readonly memory: number;
}

/** Where the containers of tasks run. */
export interface TaskRuntime {
  readonly kind: 'engine' | 'simulated';
  readonly engine: string | null;
  start(launch: TaskLaunch, report: (report: RuntimeReport) => void): RunningTask;
  /** The way into the containers, for Session Manager's agent. */
  readonly inside: Inside;
  /** What these containers use now, by id. Absent where nothing really runs. */
  usage?(containers: readonly string[]): Promise<ReadonlyMap<string, Usage>>;
  /** Removes everything that it has started. */
  close(): Promise<void>;
}
