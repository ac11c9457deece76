import type { Timer } from '../../core/clock';
import type { RunningTask, RuntimeReport } from '../runtime/runtime';
import type { EcsContext } from './context';
import { openStreams, writeLine } from '../logs/awslogs';
import { fetchSecrets } from '../secrets/containerSecrets';
import { containerLaunch } from './newTask';
import { visibleAfterEnd } from './pace';
import { removeTask } from './taskIndex';
import type { ContainerState, Task, TaskStatus } from './types';

/** Container name → digest that the task's deployment has settled on; filled by the first task that finds one. */
export type Digests = Map<string, string>;

/**
 * Moves tasks through AWS's states: PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING,
 * DEPROVISIONING, STOPPED. Says so to `onChange` after every step that a service cares about.
 */
export class TaskLife {
  readonly #context: EcsContext;
  readonly #onChange: (task: Task) => void;
  readonly #running = new Map<string, RunningTask>();
  readonly #settling = new Map<string, Timer>();

  constructor(context: EcsContext, onChange: (task: Task) => void) {
    this.#context = context;
    this.#onChange = onChange;
    context.balancing.listen((task, unhealthyIn) => this.#onTarget(task, unhealthyIn));
  }

  /** Starts a new task. A tag is resolved to a digest here, once for all tasks that share `digests`. */
  start(task: Task, digests: Digests): void {
    const { clock, pace, runtime } = this.#context;
    if (task.eni) task.eni.status = 'ATTACHING';
    clock.after(pace.provisioning, () => {
      if (task.desiredStatus === 'STOPPED') return;
      this.#move(task, 'PENDING');
      if (task.eni) task.eni.status = 'ATTACHED';
      task.pullStartedAt = clock.now();
      const problem = openStreams(this.#context.logs, task);
      if (problem) return this.#onReport(task, { kind: 'failed', ...problem });
      const secrets = fetchSecrets(this.#context.secrets, task);
      if ('problem' in secrets) return this.#onReport(task, { kind: 'failed', ...secrets.problem });
      const containers = task.taskDefinition.registered.containerDefinitions.map((definition) => {
        const digest = this.#digest(task, definition, digests);
        return containerLaunch(task, definition, digest, secrets.values.get(definition.name) ?? {});
      });
      const sharedNetwork = task.taskDefinition.registered.networkMode === 'awsvpc';
      const handle = runtime.start({ task, containers, sharedNetwork }, (report) => this.#onReport(task, report));
      this.#running.set(task.id, handle);
    });
  }

  /**
   * Asks a task to stop. `drain` gives load balancers time to let go of it first.
   * A task that is stopping already keeps its first reason.
   */
  stop(task: Task, stopCode: string, stoppedReason: string, drain: boolean): void {
    if (task.desiredStatus === 'STOPPED') return;
    const { clock, pace } = this.#context;
    this.#settling.get(task.id)?.cancel();
    task.desiredStatus = 'STOPPED';
    task.stopCode = stopCode;
    task.stoppedReason = stoppedReason;
    task.stoppingAt = clock.now();
    const connections = this.#context.balancing.detach(task);
    if (drain && task.lastStatus === 'RUNNING') {
      this.#move(task, 'DEACTIVATING');
      this.#onChange(task);
      clock.after(Math.max(pace.draining, connections), () => this.#stopContainers(task));
    } else {
      this.#stopContainers(task);
    }
  }

  /** Lets a finished task go after an hour. Also for tasks that were read from a saved state. */
  forgetLater(task: Task): void {
    const { clock, state } = this.#context;
    const left = (task.stoppedAt ?? clock.now()) + visibleAfterEnd - clock.now();
    clock.after(Math.max(0, left), () => {
      const cluster = state.clusters.get(task.cluster);
      if (cluster) removeTask(cluster, task);
    });
  }

  #digest(task: Task, { name, image }: { name: string; image: string }, digests: Digests): string | undefined {
    const known = digests.get(name);
    const resolution = this.#context.images.resolve(image, known);
    if (resolution.kind !== 'found') return known;
    digests.set(name, resolution.digest);
    const container = containerOf(task, name);
    if (container) container.imageDigest = resolution.digest;
    return resolution.digest;
  }

  #onReport(task: Task, report: RuntimeReport): void {
    if (report.kind === 'pulled') {
      task.pullStoppedAt = this.#context.clock.now();
      return;
    }
    if (report.kind === 'output') {
      return writeLine(this.#context.logs, task, report.container, report.line, report.at);
    }
    const container = containerOf(task, report.container);
    if (!container) return;
    switch (report.kind) {
      case 'started':
        // What ends at once may be told of before its start is.
        if (container.exitCode === undefined) container.lastStatus = 'RUNNING';
        container.runtimeId = report.runtimeId;
        container.bindings = report.bindings;
        return this.#activateWhenAllStarted(task);
      case 'health':
        container.health = report.health;
        return this.#onHealth(task, container);
      case 'failed':
        container.lastStatus = 'STOPPED';
        container.reason = report.reason;
        return this.stop(task, 'TaskFailedToStart', startFailure(task, report.reason), false);
      case 'exited':
        container.lastStatus = 'STOPPED';
        container.exitCode = report.exitCode;
        if (report.reason !== undefined) container.reason = report.reason;
        return this.#onExit(task, container);
    }
  }

  #onExit(task: Task, container: ContainerState): void {
    task.version += 1;
    const definition = task.taskDefinition.registered.containerDefinitions.find(({ name }) => name === container.name);
    const last = task.containers.every(({ lastStatus }) => lastStatus === 'STOPPED');
    if ((definition?.essential ?? true) || last) {
      this.stop(task, 'EssentialContainerExited', 'Essential container in task exited', false);
    } else {
      this.#activateWhenAllStarted(task);
    }
  }

  #onHealth(task: Task, container: ContainerState): void {
    task.version += 1;
    const definition = task.taskDefinition.registered.containerDefinitions.find(({ name }) => name === container.name);
    const essential = definition?.essential ?? true;
    if (container.health === 'UNHEALTHY' && essential && task.service !== undefined) {
      return this.stop(task, 'ServiceSchedulerInitiated', 'Task failed container health checks', true);
    }
    this.#settleLater(task);
    this.#onChange(task);
  }

  #onTarget(task: Task, unhealthyIn: string | undefined): void {
    if (task.desiredStatus === 'STOPPED') return;
    if (unhealthyIn === undefined) return this.#settleLater(task);
    this.stop(
      task,
      'ServiceSchedulerInitiated',
      `Task failed ELB health checks in (target-group ${unhealthyIn})`,
      true,
    );
  }

  #activateWhenAllStarted(task: Task): void {
    if (task.lastStatus !== 'PENDING' || task.desiredStatus === 'STOPPED') return;
    if (task.containers.some(({ lastStatus }) => lastStatus === 'PENDING')) return;
    const { clock, pace } = this.#context;
    this.#move(task, 'ACTIVATING');
    this.#context.balancing.attach(task);
    clock.after(pace.activating, () => {
      if (task.desiredStatus === 'STOPPED') return;
      task.startedAt = clock.now();
      this.#move(task, 'RUNNING');
      this.#settleLater(task);
      this.#onChange(task);
    });
  }

  /** A task that dies at once must not count as a success, so it has to stay up for a while. */
  #settleLater(task: Task): void {
    if (task.settled || task.lastStatus !== 'RUNNING' || !this.#fit(task)) return;
    const { clock, pace } = this.#context;
    this.#settling.get(task.id)?.cancel();
    const timer = clock.after(pace.settling, () => {
      this.#settling.delete(task.id);
      if (task.desiredStatus === 'STOPPED' || !this.#fit(task)) return;
      task.settled = true;
      this.#onChange(task);
    });
    this.#settling.set(task.id, timer);
  }

  #fit(task: Task): boolean {
    return isHealthy(task) && this.#context.balancing.isHealthy(task);
  }

  #stopContainers(task: Task): void {
    this.#move(task, 'STOPPING');
    this.#onChange(task);
    const handle = this.#running.get(task.id);
    if (!handle) return this.#deprovision(task);
    handle.stop(() => {
      this.#running.delete(task.id);
      this.#deprovision(task);
    });
  }

  #deprovision(task: Task): void {
    const { clock, pace } = this.#context;
    task.executionStoppedAt = clock.now();
    for (const container of task.containers) container.lastStatus = 'STOPPED';
    this.#move(task, 'DEPROVISIONING');
    if (task.eni) task.eni.status = 'DETACHING';
    clock.after(pace.deprovisioning, () => {
      if (task.eni) task.eni.status = 'DELETED';
      task.stoppedAt = clock.now();
      this.#move(task, 'STOPPED');
      this.forgetLater(task);
      this.#onChange(task);
    });
  }

  #move(task: Task, status: TaskStatus): void {
    task.lastStatus = status;
    task.version += 1;
  }
}

function containerOf(task: Task, name: string): ContainerState | undefined {
  return task.containers.find((container) => container.name === name);
}

/** On Fargate the task carries the container's reason; on EC2 it says only that the start failed. */
function startFailure(task: Task, reason: string): string {
  return task.launchType === 'FARGATE' || reason.startsWith('ResourceInit') ? reason : 'Task failed to start';
}

/** Every container with a health check has passed it. */
export function isHealthy(task: Task): boolean {
  return task.taskDefinition.registered.containerDefinitions.every(
    ({ name, healthCheck }) => !healthCheck || containerOf(task, name)?.health === 'HEALTHY',
  );
}
