import { nameOf } from '../core/arn';
import { Emitter } from '../core/emitter';
import { allPages, batches } from '../core/paging';
import type { EcsGateway } from './gateway';
import type { Cluster, Service, Task } from './model';

/** How many services are described at once when a cluster is opened; the rest waits for "Load more". */
const servicesAtOnce = 100;

/** The services of a cluster: all names, and the details of those that were asked for. */
export interface ServiceListing {
  readonly described: readonly Service[];
  /** How many more there are. */
  readonly remaining: number;
}

/**
 * What is known of ECS over one connection. N services cost ⌈N/100⌉ ListServices and ⌈N/10⌉ DescribeServices; a
 * listing is read once and kept until it is dropped.
 */
export class EcsInventory {
  private readonly changed = new Emitter<Service>();
  /** Fires when a service is known to look different. */
  readonly onDidChangeService = this.changed.on;
  private readonly services = new Map<string, Service>();
  private readonly names = new Map<string, readonly string[]>();
  private readonly wanted = new Map<string, number>();

  constructor(private readonly ecs: EcsGateway) {}

  /** All clusters, by name: one DescribeClusters for a hundred gives the totals of every row. */
  async listClusters(signal: AbortSignal): Promise<Cluster[]> {
    const arns = await allPages((token) => this.ecs.listClusters(token, signal));
    const described = await Promise.all(batches(arns, 100).map((batch) => this.ecs.describeClusters(batch, signal)));
    return described
      .flatMap(({ found }) => found)
      .filter(({ status }) => status === 'ACTIVE')
      .sort(byName);
  }

  /** The services of a cluster by name, as many as were asked for so far. */
  async listServices(cluster: string, signal: AbortSignal): Promise<ServiceListing> {
    const names = this.names.get(cluster) ?? (await this.readNames(cluster, signal));
    this.names.set(cluster, names);
    const wanted = names.slice(0, this.wanted.get(cluster) ?? servicesAtOnce);
    const unknown = wanted.filter((arn) => !this.services.has(arn));
    const described = await Promise.all(
      batches(unknown, 10).map((batch) => this.ecs.describeServices(cluster, batch, signal)),
    );
    for (const service of described.flatMap(({ found }) => found)) this.services.set(service.arn, trim(service));
    return {
      // A service that was deleted between the two calls is simply not there.
      described: wanted.flatMap((arn) => this.services.get(arn) ?? []).filter(({ status }) => status !== 'INACTIVE'),
      remaining: names.length - wanted.length,
    };
  }

  /** Asks for the next hundred services of a cluster. */
  wantMore(cluster: string): void {
    this.wanted.set(cluster, (this.wanted.get(cluster) ?? servicesAtOnce) + servicesAtOnce);
  }

  /** What is known of a service. */
  service(arn: string): Service | undefined {
    return this.services.get(arn);
  }

  /** Takes in what somebody else learned about a service. */
  put(service: Service): void {
    this.services.set(service.arn, trim(service));
    this.changed.fire(service);
  }

  /** Reads services of one cluster again, ten with a call. */
  async refreshServices(cluster: string, arns: readonly string[], signal: AbortSignal): Promise<void> {
    for (const batch of batches(arns, 10)) {
      const { found } = await this.ecs.describeServices(cluster, batch, signal);
      for (const service of found) this.put(service);
    }
  }

  /** Forgets the services of a cluster, or everything. */
  drop(cluster?: string): void {
    for (const key of cluster ? [cluster] : [...this.names.keys()]) {
      for (const arn of this.names.get(key) ?? []) this.services.delete(arn);
      this.names.delete(key);
    }
  }

  /** The tasks of a service that run or are about to. */
  async listTasks(cluster: string, service: string, signal: AbortSignal): Promise<Task[]> {
    const arns = await allPages((token) => this.ecs.listTasks(cluster, { serviceName: service }, token, signal));
    const described = await Promise.all(
      batches(arns, 100).map((batch) => this.ecs.describeTasks(cluster, batch, signal)),
    );
    return described.flatMap(({ found }) => found).sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  }

  private async readNames(cluster: string, signal: AbortSignal): Promise<string[]> {
    const arns = await allPages((token) => this.ecs.listServices(cluster, token, signal));
    return arns.sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true }));
  }
}

/** Events are four fifths of a service's size and nobody reads old ones. */
function trim(service: Service): Service {
  return { ...service, events: [] };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
