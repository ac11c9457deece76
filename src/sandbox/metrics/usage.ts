import { createHash } from 'node:crypto';
import type { EcsContext } from '../ecsService/context';
import type { Cluster, Task } from '../ecsService/types';
import type { Usage } from '../runtime/runtime';
import type { MetricStore } from './metricStore';

/** ECS tells of its services once a minute. In seconds. */
const interval = 60;
const hour = 3600_000;
const mebibyte = 1024 * 1024;

/** Writes CPUUtilization and MemoryUtilization of services and clusters, in percent of what their tasks reserve. */
export class UsageCollector {
  readonly #ecs: EcsContext;
  readonly #store: MetricStore;

  constructor(ecs: EcsContext, store: MetricStore) {
    this.#ecs = ecs;
    this.#store = store;
  }

  start(): void {
    const again = (): void => {
      this.collect()
        .catch((error: unknown) => this.#ecs.log(`no metrics: ${String(error)}`))
        .finally(() => this.#ecs.clock.after(interval * this.#store.second, again));
    };
    this.#ecs.clock.after(interval * this.#store.second, again);
  }

  async collect(): Promise<void> {
    const clusters = [...this.#ecs.state.clusters.values()];
    const running = clusters.map((cluster) => ({ cluster, tasks: [...cluster.tasks.values()].filter(isRunning) }));
    const ids = running.flatMap(({ tasks }) =>
      tasks.flatMap(({ containers }) => containers.map((c) => c.runtimeId ?? '')),
    );
    if (ids.length === 0) return;
    const measured = this.#ecs.runtime.usage ? await this.#ecs.runtime.usage(ids.filter((id) => id !== '')) : undefined;
    for (const { cluster, tasks } of running) {
      this.#cluster(cluster, tasks, (task, peers) =>
        measured ? measuredUse(task, measured) : simulatedUse(task, peers, this.#ecs.clock.now()),
      );
    }
  }

  #cluster(cluster: Cluster, tasks: readonly Task[], useOf: (task: Task, peers: number) => Usage): void {
    const byService = new Map<string, Task[]>();
    for (const task of tasks) {
      if (task.service !== undefined) byService.set(task.service, [...(byService.get(task.service) ?? []), task]);
    }
    for (const [service, own] of byService) {
      this.#put({ ClusterName: cluster.name, ServiceName: service }, own, (task) => useOf(task, own.length));
    }
    // AWS has no such metrics of clusters that have no container instances.
    const placed = tasks.filter(({ containerInstance }) => containerInstance !== undefined);
    if (placed.length === 0) return;
    const peersOf = ({ service }: Task): number => byService.get(service ?? '')?.length ?? 1;
    const instances = [...cluster.instances.values()];
    const total = {
      cpu: instances.reduce((sum, { cpu }) => sum + cpu / 1024, 0),
      memory: instances.reduce((sum, { memory }) => sum + memory * mebibyte, 0),
    };
    this.#put({ ClusterName: cluster.name }, placed, (task) => useOf(task, peersOf(task)), total);
  }

  #put(
    dimensions: Readonly<Record<string, string>>,
    tasks: readonly Task[],
    useOf: (task: Task) => Usage,
    total?: Usage,
  ): void {
    const used = sum(tasks.map(useOf));
    const reserved = total ?? sum(tasks.map(reservedOf));
    const percent = (part: number, whole: number): number => (whole > 0 ? (100 * part) / whole : 0);
    const id = (name: string) => ({ namespace: 'AWS/ECS', name, dimensions });
    this.#store.put(id('CPUUtilization'), 'Percent', percent(used.cpu, reserved.cpu));
    this.#store.put(id('MemoryUtilization'), 'Percent', percent(used.memory, reserved.memory));
  }
}

const isRunning = ({ lastStatus }: Task): boolean => lastStatus === 'RUNNING';

function sum(all: readonly Usage[]): Usage {
  return all.reduce((a, b) => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory }), { cpu: 0, memory: 0 });
}

/** What a task reserves: its own size, or that of its containers. Without any, as much CPU as one core. */
function reservedOf({ taskDefinition: { registered } }: Task): Usage {
  const containers = registered.containerDefinitions;
  const cpu = Number(registered.cpu ?? 0) || containers.reduce((total, container) => total + (container.cpu ?? 0), 0);
  const memory =
    Number(registered.memory ?? 0) ||
    containers.reduce((total, container) => total + (container.memoryReservation ?? container.memory ?? 0), 0);
  return { cpu: (cpu || 1024) / 1024, memory: (memory || 512) * mebibyte };
}

function measuredUse({ containers }: Task, measured: ReadonlyMap<string, Usage>): Usage {
  return sum(containers.map(({ runtimeId = '' }) => measured.get(runtimeId) ?? { cpu: 0, memory: 0 }));
}

/** For a simulated service: the same load at the same time, shared by its tasks, rising and falling by the hour. */
export function simulatedUse(task: Task, peers: number, now: number): Usage {
  const reserved = reservedOf(task);
  const [first = 0, second = 0] = createHash('sha256')
    .update(task.service ?? task.taskDefinition.family)
    .digest();
  const wave = 1 + 0.25 * Math.sin(((now % hour) / hour + first / 256) * 2 * Math.PI);
  const wanted = task.taskDefinition.registered.containerDefinitions
    .map(({ dockerLabels }) => Number(dockerLabels?.['gantry.sandbox.load'] ?? Number.NaN))
    .find((load) => !Number.isNaN(load));
  // In percent of one task: from 40 to 80, unless a label says how much.
  const load = wanted ?? (40 + (40 * first) / 256) * wave;
  return {
    cpu: (Math.min(100, load / peers) / 100) * reserved.cpu,
    memory: ((25 + (30 * second) / 256) / 100) * reserved.memory,
  };
}
