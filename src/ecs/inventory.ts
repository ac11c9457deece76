import { groupOfService } from './taskGroup';
import { compareNames } from '../core/names';
import { Emitter } from '../core/emitter';
import { describeAll, Listings, type Reading } from '../core/listing';
import type { EcsGateway, ListTasksFilter } from './gateway';
import type { Cluster, Service, Task } from './model';
import { NamedImages } from './namedImages';
import { ServiceList, type ServiceNews } from './serviceList';

/** News about the services of one cluster. */
export interface ClusterNews extends ServiceNews {
  readonly cluster: string;
}

/** What is known of ECS over one connection. */
export class EcsInventory {
  private readonly changed = new Emitter<ClusterNews>();
  /** Fires when services have come or gone or are known to look different. */
  readonly onDidChange = this.changed.on;
  private readonly lists = new Map<string, ServiceList>();
  private readonly listings = new Listings();

  /** Running tasks that a listing has shown, by ARN. */
  private readonly seen = new Map<string, Task>();
  private allSeenAt: number | undefined;

  /** What services would start, as of `allTasksSeenAt`. */
  readonly named: NamedImages;

  /** @param breathe see `ServiceList` */
  constructor(
    private readonly ecs: EcsGateway,
    private readonly breathe?: () => Promise<void>,
  ) {
    this.named = new NamedImages(ecs);
  }

  /** The running tasks that have been seen, from whatever has been opened. */
  get seenTasks(): readonly Task[] {
    return [...this.seen.values()];
  }

  /** When the tasks of all clusters were asked for: milliseconds since the epoch. */
  get allTasksSeenAt(): number | undefined {
    return this.allSeenAt;
  }

  /**
   * Reads what uses images: the running tasks of all clusters, two calls for a hundred tasks of a cluster, and what
   * the services name (see `NamedImages`).
   * @throws whatever reading the tasks threw; what is unknown of services is in `named.error`
   */
  async seeAllUses(signal: AbortSignal): Promise<void> {
    const { items, error } = await this.listClusters(signal);
    const busy = items.filter(({ runningTasks, pendingTasks }) => runningTasks + pendingTasks > 0);
    const readings = await Promise.all(busy.map(({ arn }) => this.listTasks(arn, {}, signal)));
    const failure = error ?? readings.find((reading) => reading.error)?.error;
    if (failure) throw failure;
    await this.named.read(items, this.seenTasks, signal);
    this.allSeenAt = Date.now();
  }

  /** All clusters, by name: one DescribeClusters for a hundred gives the totals of every row. */
  async listClusters(signal: AbortSignal): Promise<Reading<Cluster>> {
    const arns = await this.listings.read('clusters', (token, own) => this.ecs.listClusters(token, own), signal);
    const { items, error } = await describeAll(arns, 100, (batch) => this.ecs.describeClusters(batch, signal));
    return { items: items.filter(({ status }) => status === 'ACTIVE').sort(byName), error };
  }

  /** The services of a cluster. Nothing is asked before the list is opened. */
  services(cluster: string): ServiceList {
    const list =
      this.lists.get(cluster) ??
      new ServiceList(this.ecs, cluster, (news) => this.changed.fire({ cluster, ...news }), this.breathe);
    this.lists.set(cluster, list);
    return list;
  }

  /** Takes in what somebody else learned about a service of a cluster that has been opened. */
  put(service: Service): void {
    this.lists.get(service.clusterArn)?.put(service);
  }

  /** Everything is read again; what is known stays until then. */
  renew(): void {
    this.seen.clear();
    this.allSeenAt = undefined;
    for (const list of this.lists.values()) list.renew();
    this.listings.forget();
  }

  /** The tasks of a cluster that a filter selects, the newest first: ⌈N/100⌉ ListTasks and as many DescribeTasks. */
  async listTasks(cluster: string, filter: ListTasksFilter, signal: AbortSignal): Promise<Reading<Task>> {
    const name = `tasks ${cluster} ${JSON.stringify(filter)}`;
    const page = (token: string | undefined, own: AbortSignal): ReturnType<EcsGateway['listTasks']> =>
      this.ecs.listTasks(cluster, filter, token, own);
    const arns = await this.listings.read(name, page, signal);
    const { items, error } = await describeAll(arns, 100, (batch) => this.ecs.describeTasks(cluster, batch, signal));
    if (filter.desiredStatus !== 'STOPPED') this.see(cluster, filter, items, error === undefined);
    return { items: [...items].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0)), error };
  }

  /** Remembers what runs; a whole listing takes the place of what was seen before. */
  private see(cluster: string, filter: ListTasksFilter, tasks: readonly Task[], whole: boolean): void {
    if (whole && !filter.containerInstance) {
      const group = filter.serviceName && groupOfService(filter.serviceName);
      for (const task of this.seenTasks) {
        if (task.clusterArn === cluster && (!group || task.group === group)) this.seen.delete(task.arn);
      }
    }
    for (const task of tasks) this.seen.set(task.arn, task);
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareNames(a.name, b.name);
}
