import { compareNames } from '../core/names';
import { nameOf } from '../core/arn';
import { isCancelled } from '../core/errors';
import { Listing } from '../core/listing';
import { batches } from '../core/paging';
import type { EcsGateway } from './gateway';
import type { Service } from './model';

/** DescribeServices takes ten (Amazon ECS API reference). */
const batchSize = 10;

/**
 * DescribeServices calls that are under way at once. More would not be faster, because the limiter lets ten a second
 * through, but whatever else a person asks for would have to wait behind them.
 */
const atOnce = 4;

/** What has become known about a list. */
export interface ServiceNews {
  /** True when rows have come or gone. */
  readonly rows: boolean;
  readonly services: readonly Service[];
}

/**
 * The services of one cluster: the names first, then the details, in the order of the rows. N services cost
 * ⌈N/100⌉ ListServices and ⌈N/10⌉ DescribeServices; what fails is asked for again and nothing else.
 */
export class ServiceList {
  private names: Listing<string>;
  private sorted: readonly string[] = [];
  private readonly known = new Map<string, Service>();
  /** From an earlier start; each gives way to what is read now. */
  private readonly old = new Map<string, Service>();
  /** When what is old was true: milliseconds since the epoch. */
  asOf: number | undefined;
  private readonly asked = new Set<string>();
  private working = 0;
  private paused = false;
  private failure: unknown;
  /** While names are being read: the first page of them. */
  private opening: Promise<void> | undefined;

  constructor(
    private readonly ecs: EcsGateway,
    readonly cluster: string,
    private readonly tell: (news: ServiceNews) => void,
    /** Awaited after the first page, so that its rows can be drawn before more work begins. */
    private readonly breathe: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.names = this.listing();
  }

  /** ARNs by name, as far as they are read. */
  get arns(): readonly string[] {
    return this.sorted;
  }

  /** Whether every name is read. */
  get isListed(): boolean {
    return this.names.complete;
  }

  /** Whether every name is read and every service described. */
  get complete(): boolean {
    return this.names.complete && this.sorted.every((arn) => this.known.has(arn));
  }

  /** Why reading stopped before it was complete. */
  get error(): unknown {
    const error = this.names.error ?? this.failure;
    return isCancelled(error) ? undefined : error;
  }

  /** What is known of a service, an old picture included. */
  get(arn: string): Service | undefined {
    return this.known.get(arn) ?? this.old.get(arn);
  }

  /** Whether a service is known from an earlier start only. */
  isOld(arn: string): boolean {
    return this.asOf !== undefined && !this.known.has(arn) && this.old.has(arn);
  }

  /** Reads everything again; what is known stays until then. */
  renew(): void {
    for (const [arn, service] of this.known) this.old.set(arn, service);
    this.known.clear();
    this.asked.clear();
    this.failure = undefined;
    this.names = this.listing();
    this.opening = undefined;
  }

  /** Starts with what an earlier start knew, until it is read again. */
  recall(services: readonly Service[], asOf: number): void {
    if (this.sorted.length > 0) return;
    for (const service of services) this.old.set(service.arn, service);
    this.asOf = asOf;
    this.sorted = byName([...this.old.keys()]);
  }

  /** The described services, by name. */
  get services(): readonly Service[] {
    return this.sorted.flatMap((arn) => this.known.get(arn) ?? []);
  }

  /**
   * Starts or continues reading; resolves with the first page of names (or its failure), while the rest follows in the
   * background as news. After a failure it goes on where it stopped.
   */
  open(signal: AbortSignal): Promise<void> {
    this.paused = false;
    this.failure = undefined;
    this.describeOn(signal);
    if (this.names.complete) return Promise.resolve();
    this.opening ??= this.readNames(signal);
    return this.old.size > 0 ? Promise.resolve() : this.opening;
  }

  /** Nobody looks any more: what is under way is taken in, nothing more is asked. */
  pause(): void {
    this.paused = true;
  }

  /** Takes in what somebody else learned about a service. */
  put(service: Service): void {
    if (service.status === 'INACTIVE') {
      this.remove([service.arn]);
      return;
    }
    if (JSON.stringify(this.known.get(service.arn)) === JSON.stringify(trim(service))) return;
    const isNew = !this.sorted.includes(service.arn);
    this.known.set(service.arn, trim(service));
    this.asked.add(service.arn);
    if (isNew) this.sorted = byName([...this.sorted, service.arn]);
    this.tell({ rows: isNew, services: [service] });
  }

  /** Reads services again, ten with a call. A service that ECS does not know any more goes. */
  async refresh(arns: readonly string[], signal: AbortSignal): Promise<void> {
    for (const batch of batches(arns, batchSize)) {
      const { found, missing } = await this.ecs.describeServices(this.cluster, batch, signal);
      for (const service of found) this.put(service);
      if (missing.length > 0) this.remove(missing.map(({ arn }) => arn));
    }
  }

  /** Reads the names again, and describes services that are new; those that are gone go. What is known stays meanwhile. */
  async relist(signal: AbortSignal): Promise<void> {
    const fresh = this.listing();
    await fresh.readOn(signal);
    if (fresh.error) throw fresh.error;
    this.names = fresh;
    const before = this.sorted;
    this.takeNames();
    for (const arn of before) if (!this.sorted.includes(arn)) this.forget(arn);
    this.describeOn(signal);
  }

  private listing(): Listing<string> {
    return new Listing((token, signal) => this.ecs.listServices(this.cluster, token, signal));
  }

  private readNames(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      let pages = 0;
      const onPage = async (): Promise<void> => {
        this.takeNames();
        resolve();
        if (pages++ === 0) await this.breathe();
        this.describeOn(signal);
      };
      void this.names.readOn(signal, onPage).then(() => {
        this.opening = undefined;
        if (this.error) this.tell({ rows: true, services: [] });
        resolve();
      });
    });
  }

  private takeNames(): void {
    const before = this.sorted;
    if (this.names.complete)
      for (const arn of this.old.keys()) if (!this.names.items.includes(arn)) this.old.delete(arn);
    this.sorted = byName([...new Set([...this.names.items, ...this.old.keys()])]);
    if (before.join() !== this.sorted.join()) this.tell({ rows: true, services: [] });
  }

  private remove(arns: readonly string[]): void {
    for (const arn of arns) this.forget(arn);
    this.sorted = this.sorted.filter((arn) => !arns.includes(arn));
    this.tell({ rows: true, services: [] });
  }

  private forget(arn: string): void {
    this.known.delete(arn);
    this.old.delete(arn);
    this.asked.delete(arn);
  }

  /** Keeps a few calls under way until everything is described. */
  private describeOn(signal: AbortSignal): void {
    while (this.working < atOnce && !this.paused && !this.failure && !signal.aborted) {
      const batch = this.nextBatch();
      if (batch.length === 0) return;
      for (const arn of batch) this.asked.add(arn);
      this.working++;
      void this.describe(batch, signal).finally(() => {
        this.working--;
        this.describeOn(signal);
      });
    }
  }

  /** The first ten that nobody asked for yet; fewer only at the very end, so that no call is wasted. */
  private nextBatch(): string[] {
    const batch: string[] = [];
    const alive = this.old.size > 0 && !this.names.complete ? new Set(this.names.items) : undefined;
    for (const arn of this.sorted) {
      // An old name that has not been read again may be gone.
      if (this.asked.has(arn) || (alive && !alive.has(arn))) continue;
      batch.push(arn);
      if (batch.length === batchSize) return batch;
    }
    return this.names.complete ? batch : [];
  }

  private async describe(batch: readonly string[], signal: AbortSignal): Promise<void> {
    try {
      const { found } = await this.ecs.describeServices(this.cluster, batch, signal);
      const alive = found.filter(({ status }) => status !== 'INACTIVE');
      for (const service of alive) this.known.set(service.arn, trim(service));
      // A service that was deleted between the two calls is simply not there.
      for (const arn of batch) this.old.delete(arn);
      const gone = batch.filter((arn) => !this.known.has(arn));
      if (gone.length > 0) this.sorted = this.sorted.filter((arn) => !gone.includes(arn));
      this.tell({ rows: gone.length > 0, services: alive });
    } catch (error) {
      for (const arn of batch) this.asked.delete(arn);
      this.failure = error;
      if (!isCancelled(error)) this.tell({ rows: true, services: [] });
    }
  }
}

/** Events are four fifths of a service's size and nobody reads old ones: only the newest few are kept. */
function trim(service: Service): Service {
  return { ...service, events: service.events.slice(0, 1) };
}

function byName(arns: readonly string[]): string[] {
  return [...arns].sort((a, b) => compareNames(nameOf(a), nameOf(b)));
}
