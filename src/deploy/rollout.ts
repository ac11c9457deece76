import { sleep, type Clock } from '../core/clock';
import { isCancelled, reasonOf } from '../core/errors';
import { message } from '../core/message';
import type { EcsGateway } from '../ecs/gateway';
import type { Service, ServiceEvent, Task } from '../ecs/model';
import { EcsObserver } from './ecsObserver';
import type { Finding } from './finding';
import { Investigator } from './investigation';
import type { Look, RolloutObserver } from './rolloutObserver';
import { waitsByPlan, type RolloutState } from './rolloutState';
import { tasksOfService } from './rolloutTasks';
import { isTransient } from './transient';
import type { Verdict } from './verdict';

/** The one deployment that a ship started. */
export interface RolloutStart {
  readonly cluster: string;
  readonly service: string;
  /** `ecs-svc/…`, or CodeDeploy's `d-…`. */
  readonly deploymentId: string;
  /** Who carries it out, where that is not ECS itself. */
  readonly controller?: 'CODE_DEPLOY';
  /** AWS's own time of the deployment (milliseconds since the epoch): the clock of this machine may be wrong. */
  readonly createdAt: number;
  /** Events that were there before the deployment started. */
  readonly knownEvents: readonly string[];
}

export interface RolloutListener {
  onState(state: RolloutState, service: Service): void;
  /** New service events, oldest first. */
  onEvents(events: readonly ServiceEvent[]): void;
  /** All findings so far, each time that there is a new one. */
  onFindings(findings: readonly Finding[]): void;
  /** Whether somebody looks at the single tasks: they cost two more calls whenever their counts have changed. */
  readonly wantsTasks?: boolean;
  onTasks?(tasks: readonly Task[]): void;
}

export interface RolloutResult {
  readonly verdict: Verdict;
  readonly service: Service | undefined;
  readonly findings: readonly Finding[];
}

interface Observed {
  readonly service: Service | undefined;
  readonly verdict: Verdict | undefined;
  /** Whether the deployment goes on waiting because somebody planned it so. */
  readonly waits: boolean;
}

/** Milliseconds between two looks: quick at first, every 5 s while something moves, every 10 s after two minutes. */
function pause(elapsed: number): number {
  if (elapsed < 4_000) return 1_500;
  return elapsed < 120_000 ? 5_000 : 10_000;
}

/** Milliseconds for which AWS may be out of reach before the watch gives up. */
const patience = 120_000;

/** Looks in a row without the service after which it counts as deleted. */
const goneAfter = 3;

/** Follows one deployment to its verdict. */
export class RolloutWatch {
  private readonly seen: Set<string>;
  private findings: readonly Finding[] = [];
  private failed = 0;
  private counts = '';
  /** Looks in a row in which ECS did not find the service. */
  private missed = 0;

  constructor(
    private readonly ecs: EcsGateway,
    private readonly clock: Clock,
    private readonly start: RolloutStart,
    private readonly listener: RolloutListener,
    private readonly investigator: Pick<Investigator, 'investigate'> = new Investigator({ ecs }),
    private readonly observer: RolloutObserver = new EcsObserver(ecs, start),
  ) {
    this.seen = new Set(start.knownEvents);
  }

  /**
   * Looks until there is a verdict. Cancelling ends the watch with the verdict `unknown`; so does AWS being out of
   * reach for two minutes, or `limit` milliseconds, in which waits that somebody has planned do not count.
   */
  async run(limit: number, signal: AbortSignal): Promise<RolloutResult> {
    const startedAt = this.clock.now();
    let lastAnswer = startedAt;
    let planned = 0;
    let service: Service | undefined;
    try {
      while (this.clock.now() - startedAt - planned < limit) {
        const lookedAt = this.clock.now();
        let waits = false;
        try {
          const observed = await this.look(signal);
          waits = observed.waits;
          service = observed.service ?? service;
          lastAnswer = this.clock.now();
          if (observed.verdict) return { verdict: observed.verdict, service, findings: this.findings };
        } catch (error) {
          // Who is throttled has been answered.
          if (reasonOf(error) === 'throttled') lastAnswer = this.clock.now();
          if (!isTransient(error) || this.clock.now() - lastAnswer > patience) throw error;
        }
        await sleep(this.clock, pause(this.clock.now() - startedAt), signal);
        if (waits) planned += this.clock.now() - lookedAt;
      }
      return this.unknown(service, message('It did not end within {0} minutes.', Math.round(limit / 60_000)));
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return this.unknown(service, undefined);
      return this.unknown(service, message('{0}', error instanceof Error ? error.message : String(error)));
    }
  }

  private unknown(service: Service | undefined, reason: Verdict['reason']): RolloutResult {
    return { verdict: { kind: 'unknown', reason }, service, findings: this.findings };
  }

  private async look(signal: AbortSignal): Promise<Observed> {
    const look = await this.observer.look(signal);
    const { service, state } = look;
    if (service && state) {
      this.reportEvents(service);
      await this.reportFailures(look, service, signal);
      this.listener.onState(state, service);
      await this.reportTasks(service, signal);
    }
    this.missed = service ? 0 : this.missed + 1;
    // ECS is eventually consistent: a service that it does not find once is not gone yet.
    const verdict = service || this.missed >= goneAfter ? look.verdict : undefined;
    if (verdict && verdict.kind !== 'healthy' && service) await this.gather(look, service, signal);
    return { service, verdict, waits: state !== undefined && waitsByPlan(state) };
  }

  private reportEvents(service: Service): void {
    const fresh = service.events.filter(({ id }) => !this.seen.has(id)).reverse();
    for (const { id } of fresh) this.seen.add(id);
    if (fresh.length > 0) this.listener.onEvents(fresh);
  }

  /** The single tasks, for whoever looks at them; their absence decides nothing. */
  private async reportTasks(service: Service, signal: AbortSignal): Promise<void> {
    if (!this.listener.wantsTasks) return;
    const counts = service.deployments.map(({ running, pending, failed }) => [running, pending, failed].join()).join();
    if (counts === this.counts) return;
    const tasks = await tasksOfService(this.ecs, this.start.cluster, service.name, signal).catch((error: unknown) => {
      if (isCancelled(error)) throw error;
      return undefined;
    });
    if (!tasks) return;
    this.counts = counts;
    this.listener.onTasks?.(tasks);
  }

  private async reportFailures(look: Look, service: Service, signal: AbortSignal): Promise<void> {
    const rising = look.failed > this.failed;
    this.failed = look.failed;
    if (rising) await this.gather(look, service, signal);
  }

  /** Reads the evidence at once: ECS shows stopped tasks for about an hour, and the next ones may hide the cause. */
  private async gather({ tasksBy, said }: Look, service: Service, signal: AbortSignal): Promise<void> {
    const { cluster, deploymentId, createdAt } = this.start;
    const subject = { cluster, service, deploymentId: tasksBy ?? deploymentId, since: createdAt, said };
    const findings = await this.investigator.investigate(subject, signal);
    if (findings.length === 0) return;
    this.findings = findings;
    this.listener.onFindings(findings);
  }
}
