import type { EcsContext } from './context';
import { newTask } from './newTask';
import type { TaskLife } from './taskLife';
import type { Cluster, ContainerInstance, Daemon, Task } from './types';

/** Tasks of a daemon that are meant to run. */
export function tasksOfDaemon(cluster: Cluster, { name }: Daemon): Task[] {
  return [...cluster.tasks.values()].filter(
    ({ daemon, desiredStatus }) => daemon === name && desiredStatus === 'RUNNING',
  );
}

/** The instances that a daemon has to be on. */
export function instancesOf(cluster: Cluster, { providers }: Daemon): ContainerInstance[] {
  return [...cluster.instances.values()].filter(
    ({ status, capacityProvider }) => status === 'ACTIVE' && providers.includes(capacityProvider ?? ''),
  );
}

/**
 * Keeps one task of every daemon on each of its instances. AWS replaces the instances for a new revision; here its
 * task takes the place of the old one on the same instance.
 */
export function keepDaemons(context: EcsContext, life: TaskLife, cluster: Cluster): void {
  for (const daemon of [...(cluster.daemons?.values() ?? [])]) keep(context, life, cluster, daemon);
}

function keep(context: EcsContext, life: TaskLife, cluster: Cluster, daemon: Daemon): void {
  const { clock } = context;
  const instances = daemon.status === 'ACTIVE' ? instancesOf(cluster, daemon) : [];
  const isCurrent = ({ taskDefinition }: Task): boolean => taskDefinition === daemon.revision.definition;
  for (const task of tasksOfDaemon(cluster, daemon)) {
    if (isCurrent(task) && instances.some(({ arn }) => arn === task.containerInstance)) continue;
    life.stop(task, 'ServiceSchedulerInitiated', `Scaling activity initiated by (daemon ${daemon.name})`, true);
  }
  // A stop can have come round to here and started what is missing.
  const current = tasksOfDaemon(cluster, daemon).filter(isCurrent);
  if (daemon.notBefore > clock.now()) {
    return void clock.after(daemon.notBefore - clock.now(), () => keep(context, life, cluster, daemon));
  }
  for (const instance of instances) {
    if (current.some(({ containerInstance }) => containerInstance === instance.arn)) continue;
    start(context, life, cluster, daemon, instance);
  }
  finish(context, cluster, daemon, instances);
}

function start(
  context: EcsContext,
  life: TaskLife,
  cluster: Cluster,
  daemon: Daemon,
  instance: ContainerInstance,
): void {
  const task = newTask(context, cluster, {
    taskDefinition: daemon.revision.definition,
    launchType: 'MANAGED_INSTANCES',
    containerInstance: instance.arn,
    capacityProvider: instance.capacityProvider,
    daemon: daemon.name,
    startedBy: daemon.deployments[0]?.arn.split('/').at(-1),
    group: `daemon:${daemon.name}`,
    enableExecuteCommand: daemon.revision.enableExecuteCommand,
    tags: daemon.revision.propagateTags === 'DAEMON' ? daemon.tags : new Map(),
  });
  life.start(task, daemon.revision.digests);
}

/** Ends the deployment once the daemon runs on every instance, and forgets a deleted one without tasks. */
function finish(
  { clock }: EcsContext,
  cluster: Cluster,
  daemon: Daemon,
  instances: readonly ContainerInstance[],
): void {
  const [deployment] = daemon.deployments;
  const settled = tasksOfDaemon(cluster, daemon).filter(
    ({ taskDefinition, settled: up }) => up && taskDefinition === daemon.revision.definition,
  );
  if (deployment?.status === 'IN_PROGRESS' && settled.length === instances.length && daemon.status === 'ACTIVE') {
    deployment.status = 'SUCCESSFUL';
    deployment.finishedAt = clock.now();
  }
  const gone = [...cluster.tasks.values()].every(
    (task) => task.daemon !== daemon.name || task.lastStatus === 'STOPPED',
  );
  if (daemon.status === 'DELETE_IN_PROGRESS' && gone) cluster.daemons?.delete(daemon.name);
}
