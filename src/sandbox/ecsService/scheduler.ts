import type { Timer } from '../../core/clock';
import { checkAlarms } from './alarms';
import { chooseProvider, launchTypeOf } from './capacity';
import { type EcsContext, nameOf } from './context';
import { keepDaemons } from './daemonScheduler';
import { finishRecord, isGoingOn, primaryOf } from './deployments';
import { addEvent, addEventOnce, taskList } from './events';
import { newTask } from './newTask';
import { visibleAfterEnd } from './pace';
import { scaleOut } from './scaleOut';
import { place } from './placement';
import { countFailure } from './rollback';
import { keepBothSides } from './shiftedRollout';
import { type Sides, sidesOf } from './stages';
import { tasksOf } from './taskIndex';
import { TaskLife } from './taskLife';
import { isProtected } from './taskProtection';
import { wantedOf } from './taskSetAnswer';
import { forgetDrained } from './drainedTaskSets';
import type { Cluster, Deployment, LaunchType, Service, Task, TaskSet, TaskSource } from './types';

const stuckText =
  'was unable to stop or start tasks during a deployment because of the service deployment configuration. ' +
  'Update the minimumHealthyPercent or maximumPercent value and try again.';

/** The bounds of a rolling deployment, in tasks. */
export function bounds(desired: number, service: Service): { lower: number; upper: number } {
  const daemon = service.schedulingStrategy === 'DAEMON';
  const { minimumHealthyPercent = daemon ? 0 : 100, maximumPercent = daemon ? 100 : 200 } = service.configuration;
  return {
    lower: Math.ceil((desired * minimumHealthyPercent) / 100),
    upper: Math.floor((desired * maximumPercent) / 100),
  };
}

/** How many tasks a service wants: for a DAEMON one on every active container instance. */
export function wanted(cluster: Cluster, service: Service): number {
  if (service.schedulingStrategy === 'REPLICA') return service.desiredCount;
  return [...cluster.instances.values()].filter(({ status }) => status === 'ACTIVE').length;
}

/** Keeps every service at what is wanted of it, and moves its deployments on. */
export class Scheduler {
  readonly life: TaskLife;
  readonly #context: EcsContext;
  readonly #retries = new Map<Service, { readonly at: number; readonly timer: Timer }>();
  readonly #counted = new WeakSet<Task>();
  readonly #busy = new Set<Service>();
  readonly #again = new Set<Service>();

  constructor(context: EcsContext) {
    this.#context = context;
    this.life = new TaskLife(context, (task) => this.#onTask(task));
    context.alarms.listen((name) => this.#onAlarm(name));
  }

  /**
   * Compares what is with what is wanted and starts and stops tasks, within the deployment's bounds.
   * A step can change a task, which asks for another step: that one comes after, never inside.
   */
  reconcile(cluster: Cluster, service: Service): void {
    if (this.#busy.has(service)) return void this.#again.add(service);
    this.#busy.add(service);
    try {
      do {
        this.#again.delete(service);
        this.#step(cluster, service);
      } while (this.#again.has(service));
    } finally {
      this.#busy.delete(service);
    }
  }

  /** Keeps a task of every daemon on each of its instances. */
  keepDaemons(cluster: Cluster): void {
    keepDaemons(this.#context, this.life, cluster);
  }

  #step(cluster: Cluster, service: Service): void {
    if (service.held || service.status === 'INACTIVE') return;
    if (service.status === 'DRAINING') return this.#drain(cluster, service);
    if (service.taskSets) return this.#taskSetStep(cluster, service, service.taskSets);
    checkAlarms(this.#context, service);
    const primary = primaryOf(service);
    if (!primary) return;
    const desired = wanted(cluster, service);
    const sides = sidesOf(service);
    if (sides) return this.#shiftStep(cluster, service, sides, desired);
    const live = tasksOf(cluster, service.name).filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
    // What runs on a draining instance is replaced like the tasks of an earlier deployment.
    const stays = (task: Task): boolean => task.startedBy === primary.id && !onDraining(cluster, task);
    const own = live.filter(stays);
    const old = live.filter((task) => !stays(task));
    const stopped =
      this.#stopSurplus(service, primary, own, desired) + this.#stopOld(service, primary, live, old, desired);
    const started = this.#startMissing(cluster, service, primary, own.length, live.length - stopped, desired);
    if (started + stopped > 0) service.steady = false;
    else this.#noteStandstill(service, primary, { own, old, live, desired });
    this.#complete(cluster, service, primary, desired);
  }

  /** A step of a blue/green, linear or canary deployment. */
  #shiftStep(cluster: Cluster, service: Service, sides: Sides, desired: number): void {
    const changed = keepBothSides(this.#context, cluster, service, sides, desired, {
      start: (deployment, count) => this.#startTasks(cluster, service, deployment, count),
      stop: (deployment, tasks) => this.#stop(service, deployment, this.#unprotected(tasks)),
      lookAgain: (at) => this.#retryAt(cluster, service, at),
      mayStay: (task) => !onDraining(cluster, task),
    });
    if (changed > 0) service.steady = false;
    const { plan, at } = sides.shift;
    const primary = primaryOf(service);
    if (primary && isGoingOn(sides.record) && plan[at]?.do === 'clean')
      this.#complete(cluster, service, primary, desired);
  }

  /** Keeps every task set at its part of what is wanted. */
  #taskSetStep(cluster: Cluster, service: Service, taskSets: readonly TaskSet[]): void {
    const now = this.#context.clock.now();
    for (const taskSet of taskSets) {
      const all = tasksOf(cluster, service.name, taskSet.id);
      const live = all.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
      const desired = wantedOf(service, taskSet);
      const surplus = this.#unprotected(live).sort((a, b) => Number(a.settled) - Number(b.settled));
      const stopped = this.#stop(service, taskSet, surplus.slice(0, Math.max(0, live.length - desired)));
      const missing = desired - live.length;
      const started = missing > 0 ? this.#startTasks(cluster, service, taskSet, missing) : 0;
      const moving = all.some(({ lastStatus }) => !['RUNNING', 'STOPPED'].includes(lastStatus));
      const stable = started + stopped === 0 && live.length === desired && !moving && live.every((one) => one.settled);
      if (stable === taskSet.stable) continue;
      taskSet.stable = stable;
      taskSet.stableAt = now;
      if (stable) addEvent(service, now, 'has reached a steady state.', taskSet);
    }
    forgetDrained(cluster, service);
  }

  #onTask(task: Task): void {
    const cluster = this.#context.state.clusters.get(task.cluster);
    if (cluster && task.daemon !== undefined) return this.#onDaemonTask(cluster, task, task.daemon);
    const service = cluster?.services.get(task.service ?? '');
    if (!cluster || !service) return;
    const taskSet = service.taskSets?.find(({ id }) => id === task.startedBy);
    if (taskSet) this.#countInTaskSet(task, taskSet);
    const deployment = service.deployments.find(({ id }) => id === task.startedBy);
    if (deployment && task.settled && task.desiredStatus === 'RUNNING') {
      deployment.failedTasks = 0;
      deployment.failuresInARow = 0;
    }
    const failed = task.desiredStatus === 'STOPPED' && isFailure(task) && !this.#counted.has(task);
    if (failed && deployment?.status === 'PRIMARY') {
      this.#counted.add(task);
      service.steady = false;
      countFailure(this.#context, service, deployment);
    } else if (failed && deployment) {
      this.#counted.add(task);
      deployment.notBefore = this.#context.clock.now() + this.#context.pace.backoff;
    }
    this.reconcile(cluster, service);
  }

  #onDaemonTask(cluster: Cluster, task: Task, name: string): void {
    const daemon = cluster.daemons?.get(name);
    const failed = task.desiredStatus === 'STOPPED' && isFailure(task) && !this.#counted.has(task);
    if (daemon && failed) {
      this.#counted.add(task);
      daemon.notBefore = this.#context.clock.now() + this.#context.pace.backoff * 5;
    }
    this.keepDaemons(cluster);
  }

  /** A task set is never given up; its failing tasks only come ever more slowly. */
  #countInTaskSet(task: Task, taskSet: TaskSet): void {
    if (task.settled && task.desiredStatus === 'RUNNING') taskSet.failuresInARow = 0;
    if (task.desiredStatus !== 'STOPPED' || !isFailure(task) || this.#counted.has(task)) return;
    this.#counted.add(task);
    const { clock, pace } = this.#context;
    const wait = Math.min(pace.maxBackoff, pace.backoff * 2 ** Math.min(20, taskSet.failuresInARow));
    taskSet.failuresInARow += 1;
    taskSet.notBefore = clock.now() + wait;
  }

  #onAlarm(name: string): void {
    for (const cluster of this.#context.state.clusters.values()) {
      for (const service of cluster.services.values()) {
        if (service.current?.alarms?.names.includes(name)) this.reconcile(cluster, service);
      }
    }
  }

  #stopSurplus(service: Service, primary: Deployment, own: readonly Task[], desired: number): number {
    const surplus = this.#unprotected(own).sort(
      (a, b) => Number(a.settled) - Number(b.settled) || b.createdAt - a.createdAt,
    );
    return this.#stop(service, primary, surplus.slice(0, Math.max(0, own.length - desired)));
  }

  /** Old tasks go as soon as enough others are up; those that are not up themselves go at once. */
  #stopOld(
    service: Service,
    primary: Deployment,
    live: readonly Task[],
    old: readonly Task[],
    desired: number,
  ): number {
    if (primary.rolloutState === 'FAILED') return 0;
    const { lower } = bounds(desired, service);
    const free = this.#unprotected(old);
    const idle = free.filter((task) => !task.settled);
    const spare = live.filter(({ settled }) => settled).length - lower;
    const up = free.filter(({ settled }) => settled).slice(0, Math.max(0, spare));
    return this.#stop(service, primary, [...idle, ...up]);
  }

  #unprotected(tasks: readonly Task[]): Task[] {
    const now = this.#context.clock.now();
    return tasks.filter((task) => !isProtected(task, now));
  }

  #stop(service: Service, primary: TaskSource, tasks: readonly Task[]): number {
    if (tasks.length === 0) return 0;
    const ids = tasks.map(({ id }) => id);
    const text = `has stopped ${tasks.length} running tasks: ${taskList(ids)}.`;
    addEvent(service, this.#context.clock.now(), text, taskSetOf(service, primary));
    const reason = `Scaling activity initiated by (deployment ${primary.id})`;
    for (const task of tasks) this.life.stop(task, 'ServiceSchedulerInitiated', reason, true);
    return tasks.length;
  }

  #startMissing(
    cluster: Cluster,
    service: Service,
    primary: Deployment,
    own: number,
    live: number,
    desired: number,
  ): number {
    const { upper } = bounds(desired, service);
    const missing = Math.min(desired - own, Math.max(upper, 0) - live);
    return missing > 0 ? this.#startTasks(cluster, service, primary, missing) : 0;
  }

  #startTasks(cluster: Cluster, service: Service, primary: TaskSource, missing: number): number {
    const { clock } = this.#context;
    if (primary.rolloutState === 'FAILED') return 0;
    if (primary.notBefore > clock.now()) {
      this.#retryAt(cluster, service, primary.notBefore);
      return 0;
    }
    const ids: string[] = [];
    while (ids.length < missing) {
      const task = this.#startOne(cluster, service, primary);
      if (!task) break;
      ids.push(task.id);
    }
    const text = `has started ${ids.length} tasks: ${taskList(ids)}.`;
    if (ids.length > 0) addEvent(service, clock.now(), text, taskSetOf(service, primary));
    return ids.length;
  }

  #startOne(cluster: Cluster, service: Service, primary: TaskSource): Task | undefined {
    const { clock, pace } = this.#context;
    const { settings, digests } = primary.revision;
    const { launchType, capacityProvider } = this.#capacity(cluster, service, primary);
    const placement = place(cluster, settings.taskDefinition, launchType, capacityProvider);
    if (placement && !('instance' in placement)) {
      if (capacityProvider === undefined || !this.#scaleOut(cluster, capacityProvider)) {
        addEventOnce(service, clock.now(), placement.event);
      }
      primary.notBefore = clock.now() + pace.backoff * 5;
      this.#retryAt(cluster, service, primary.notBefore);
      return undefined;
    }
    const task = newTask(this.#context, cluster, {
      taskDefinition: settings.taskDefinition,
      launchType,
      capacityProvider,
      ...(placement ? { containerInstance: placement.instance.arn } : {}),
      platformVersion: settings.platformVersion,
      networkConfiguration: settings.networkConfiguration,
      service: service.name,
      startedBy: primary.id,
      group: `service:${service.name}`,
      enableExecuteCommand: service.enableExecuteCommand,
      ...this.#taskTags(service, settings.taskDefinition.tags),
    });
    this.life.start(task, digests);
    return task;
  }

  #scaleOut(cluster: Cluster, provider: string): boolean {
    return scaleOut(this.#context, cluster, provider, () => this.keepDaemons(cluster));
  }

  /** Without a launch type the capacity provider whose turn it is decides. */
  #capacity(
    cluster: Cluster,
    service: Service,
    { id, revision: { settings } }: TaskSource,
  ): { launchType: LaunchType; capacityProvider: string | undefined } {
    const { launchType, capacityProviderStrategy: strategy } = settings;
    if (launchType !== undefined || !strategy) return { launchType: launchType ?? 'EC2', capacityProvider: undefined };
    const live = tasksOf(cluster, service.name, id).filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
    const capacityProvider = chooseProvider(strategy, live);
    return { launchType: launchTypeOf(this.#context, capacityProvider ?? ''), capacityProvider };
  }

  #taskTags(service: Service, definitionTags: ReadonlyMap<string, string>): { tags?: ReadonlyMap<string, string> } {
    if (service.propagateTags === 'SERVICE') return { tags: service.tags };
    return service.propagateTags === 'TASK_DEFINITION' ? { tags: definitionTags } : {};
  }

  /** Looks at a service again then, or earlier if somebody has asked for that. */
  #retryAt(cluster: Cluster, service: Service, at: number): void {
    const now = this.#context.clock.now();
    const former = this.#retries.get(service);
    if (former && former.at > now && former.at <= at) return;
    former?.timer.cancel();
    const timer = this.#context.clock.after(Math.max(0, at - now), () => {
      if (this.#retries.get(service)?.timer === timer) this.#retries.delete(service);
      this.reconcile(cluster, service);
    });
    this.#retries.set(service, { at, timer });
  }

  /** Says so when the percents leave no room for a step, instead of waiting for ever without a word. */
  #noteStandstill(
    service: Service,
    primary: Deployment,
    { own, old, live, desired }: { own: readonly Task[]; old: readonly Task[]; live: readonly Task[]; desired: number },
  ): void {
    if (primary.rolloutState !== 'IN_PROGRESS' || own.length >= desired || old.length === 0) return;
    const { clock } = this.#context;
    const moving = live.some(({ settled }) => !settled) || primary.notBefore > clock.now();
    const { lower, upper } = bounds(desired, service);
    const room = upper > live.length || live.length > lower;
    if (!moving && !room) addEventOnce(service, clock.now(), stuckText);
  }

  #complete(cluster: Cluster, service: Service, primary: Deployment, desired: number): void {
    const tasks = tasksOf(cluster, service.name);
    const current = tasks.filter(({ startedBy }) => startedBy === primary.id);
    const live = current.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
    const oldRunning = tasks.some(
      ({ startedBy, desiredStatus, lastStatus }) =>
        startedBy !== primary.id && (desiredStatus === 'RUNNING' || lastStatus === 'RUNNING'),
    );
    if (live.length !== desired || oldRunning || live.some(({ settled }) => !settled)) return;
    const now = this.#context.clock.now();
    if (primary.openUntil > now) return this.#retryAt(cluster, service, primary.openUntil);
    if (primary.rolloutState === 'IN_PROGRESS') this.#finish(service, primary, now);
    // What only waits for its containers to end is out of service already.
    const draining = tasks.some(({ lastStatus }) => lastStatus === 'DEACTIVATING');
    if (primary.rolloutState !== 'COMPLETED' || service.steady || draining) return;
    service.steady = true;
    addEvent(service, now, 'has reached a steady state.');
  }

  #finish(service: Service, primary: Deployment, now: number): void {
    primary.rolloutState = 'COMPLETED';
    primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
    primary.updatedAt = now;
    service.deployments.splice(0, Infinity, primary);
    addEvent(service, now, `(deployment ${primary.id}) deployment completed.`);
    const { current } = service;
    if (!current || !isGoingOn(current)) return;
    finishRecord(current, current.status === 'ROLLBACK_IN_PROGRESS' ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL', now);
  }

  #drain(cluster: Cluster, service: Service): void {
    const { clock } = this.#context;
    const tasks = tasksOf(cluster, service.name);
    const live = tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
    const [primary] = service.deployments;
    if (primary) this.#stop(service, primary, live);
    for (const taskSet of service.taskSets ?? []) {
      this.#stop(
        service,
        taskSet,
        live.filter(({ startedBy }) => startedBy === taskSet.id),
      );
    }
    if (service.status !== 'DRAINING') return;
    if (tasks.some(({ lastStatus }) => lastStatus !== 'STOPPED')) return;
    service.status = 'INACTIVE';
    service.inactiveAt = clock.now();
    service.deployments.length = 0;
    if (service.taskSets) service.taskSets = [];
    this.forgetLater(cluster, service);
  }

  /** Lets a deleted service go after an hour. Also for services that were read from a saved state. */
  forgetLater(cluster: Cluster, service: Service): void {
    const now = this.#context.clock.now();
    const left = (service.inactiveAt ?? now) + visibleAfterEnd - now;
    this.#context.clock.after(Math.max(0, left), () => {
      if (cluster.services.get(service.name) === service) cluster.services.delete(service.name);
    });
  }
}

/** Tasks that end by themselves or fail their health check; not those that somebody asked to stop. */
function isFailure({ stopCode, stoppedReason }: Task): boolean {
  if (stopCode === 'TaskFailedToStart' || stopCode === 'EssentialContainerExited') return true;
  return stoppedReason?.includes('health checks') ?? false;
}

function taskSetOf({ taskSets }: Service, { id }: TaskSource): TaskSet | undefined {
  return taskSets?.find((taskSet) => taskSet.id === id);
}

function onDraining({ instances }: Cluster, { containerInstance }: Task): boolean {
  if (containerInstance === undefined) return false;
  return instances.get(nameOf(containerInstance))?.status === 'DRAINING';
}
