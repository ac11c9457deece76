import { isCancelled } from '../core/errors';
import { describeAll, Listings, type Reading } from '../core/listing';
import type { EcsGateway } from './gateway';
import type { Cluster, Service, Task } from './model';
import { summarize } from './taskDefinition';

/** The images that a service starts from one task definition, whether it runs tasks now or not. */
export interface ServiceImages {
  readonly service: string;
  readonly clusterArn: string;
  /** ARN of a revision. */
  readonly taskDefinition: string;
  /** References as the task definition has them. */
  readonly images: readonly string[];
}

/** What all services would start: one that is scaled to 0 or deploys needs its images too. */
export class NamedImages {
  private readonly listings = new Listings();
  /** Images by ARN of a revision; a revision never changes. */
  private readonly known = new Map<string, readonly string[]>();
  private named: readonly ServiceImages[] = [];
  private failure: unknown;

  constructor(private readonly ecs: EcsGateway) {}

  /** As far as the last reading came. */
  get all(): readonly ServiceImages[] {
    return this.named;
  }

  /** Why it is not all of them. */
  get error(): unknown {
    return this.failure;
  }

  /**
   * Reads the services of clusters, ⌈N/100⌉ ListServices and ⌈N/10⌉ DescribeServices, and with one
   * DescribeTaskDefinition each the revisions that no task shows and that have not been read before. Who may not ask
   * gets what there is, and the error beside it.
   * @throws GantryError cancelled
   */
  async read(clusters: readonly Cluster[], tasks: readonly Task[], signal: AbortSignal): Promise<void> {
    for (const { taskDefinition, containers } of tasks) {
      const images = containers.map(({ image }) => image);
      if (images.length > 0 && !this.known.has(taskDefinition)) this.known.set(taskDefinition, images);
    }
    const busy = clusters.filter(({ activeServices }) => activeServices > 0);
    const readings = await Promise.all(busy.map(({ arn }) => this.servicesOf(arn, signal)));
    const services = readings.flatMap(({ items }) => items).filter(({ status }) => status !== 'INACTIVE');
    const unread = [...new Set(services.flatMap(revisionsOf))].filter((arn) => !this.known.has(arn));
    const failures = await Promise.all(unread.map((arn) => this.readRevision(arn, signal)));
    const errors = [...readings.map(({ error }) => error), ...failures].filter((error) => error !== undefined);
    const stopped = errors.find(isCancelled);
    if (stopped) throw stopped;
    [this.failure] = errors;
    this.named = services.flatMap((service) =>
      revisionsOf(service).map((taskDefinition) => ({
        ...{ service: service.name, clusterArn: service.clusterArn, taskDefinition },
        images: this.known.get(taskDefinition) ?? [],
      })),
    );
  }

  private async servicesOf(cluster: string, signal: AbortSignal): Promise<Reading<Service>> {
    try {
      const page = (token: string | undefined, own: AbortSignal): ReturnType<EcsGateway['listServices']> =>
        this.ecs.listServices(cluster, token, own);
      const arns = await this.listings.read(cluster, page, signal);
      return await describeAll(arns, 10, (batch) => this.ecs.describeServices(cluster, batch, signal));
    } catch (error) {
      return { items: [], error };
    }
  }

  /** @returns why a revision could not be read */
  private async readRevision(arn: string, signal: AbortSignal): Promise<unknown> {
    try {
      const { containers } = summarize(await this.ecs.describeTaskDefinition(arn, signal));
      this.known.set(
        arn,
        containers.map(({ image }) => image),
      );
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

/** The revisions that a service runs, brings out, or goes back to. */
function revisionsOf({ taskDefinition, deployments }: Service): string[] {
  const all = [taskDefinition, ...deployments.map((deployment) => deployment.taskDefinition)];
  return [...new Set(all.filter((arn) => arn !== undefined && arn !== ''))] as string[];
}
