import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import type { Clock } from '../../core/clock';
import { sameSpec } from '../../core/connection';
import { Setting } from '../../core/contributions';
import { evidenceText } from '../../deploy/finding';
import { investigatorFor } from '../../deploy/investigatorFor';
import { observerFor } from '../../deploy/observerFor';
import { RolloutWatch, type RolloutListener, type RolloutResult, type RolloutStart } from '../../deploy/rollout';
import {
  beginRecord,
  idOf,
  withEvents,
  withFindings,
  withResult,
  withState,
  withTasks,
  type RolloutRecord,
  type RolloutSubject,
} from '../../deploy/rolloutRecord';
import { serviceAddress } from '../../network/address';
import type { Connections } from '../../ui/connections';
import type { KeptFindings } from '../../ui/keptFindings';
import type { RolloutFiles } from '../../ui/rolloutFiles';
import { sayFinding } from '../../ui/verdictMessage';

/** Milliseconds for finding the address of a service that is healthy already. */
const addressLimit = 8_000;

/** A rollout that this window watches. */
interface Live {
  record: RolloutRecord;
  readonly stop: AbortController;
}

/** A rollout with the verdict that ended it. */
export interface EndedRollout {
  readonly record: RolloutRecord;
  readonly result: RolloutResult;
}

/** The rollouts of this window: followed to their verdicts, kept on the disk, shown wherever somebody looks. */
export class Rollouts implements vscode.Disposable {
  private readonly live = new Map<string, Live>();
  private readonly changed = new vscode.EventEmitter<RolloutRecord>();
  /** A rollout has begun, moved or ended. */
  readonly onDidChange = this.changed.event;

  /** @param isShown whether somebody looks at the document of a rollout */
  constructor(
    private readonly connections: Connections,
    private readonly clock: Clock,
    private readonly log: vscode.LogOutputChannel,
    private readonly files: RolloutFiles,
    private readonly kept: Pick<KeptFindings, 'add'>,
    private readonly isShown: (id: string) => boolean,
  ) {}

  /** Those that go on, the newest first. */
  get going(): readonly RolloutRecord[] {
    const records = [...this.live.values()].map(({ record }) => record);
    return records.sort((a, b) => b.subject.startedAt - a.subject.startedAt);
  }

  /** What is known of a rollout, also of one that an earlier window started. */
  async find(id: string): Promise<RolloutRecord | undefined> {
    return this.live.get(id)?.record ?? (await this.files.read(id))?.record;
  }

  /** The newest rollout of a service that this machine has seen. */
  async newestOf(serviceArn: string): Promise<RolloutRecord | undefined> {
    return (await this.all()).find(({ subject }) => subject.serviceArn === serviceArn);
  }

  /** All that are known, the newest first. */
  async all(): Promise<readonly RolloutRecord[]> {
    return (await this.files.list()).map(({ record }) => this.live.get(idOf(record))?.record ?? record);
  }

  /** Whether this window follows that deployment already. */
  isWatched({ deploymentId }: RolloutStart): boolean {
    return this.going.some(({ start }) => start.deploymentId === deploymentId);
  }

  /** Ends the watch, not the deployment. */
  stopWatching(id: string): void {
    this.live.get(id)?.stop.abort();
  }

  dispose(): void {
    // Without a verdict they are taken up again by the next window.
    this.live.clear();
    this.changed.dispose();
  }

  /** Follows a deployment to its verdict, which it does not announce. */
  async follow(
    connection: Connection,
    start: RolloutStart,
    subject: RolloutSubject,
    signal: AbortSignal,
    onChange: (record: RolloutRecord) => void = () => undefined,
  ): Promise<EndedRollout> {
    return this.continue(connection, beginRecord(start, subject), signal, onChange);
  }

  /** Goes on following a rollout that was begun before. */
  async continue(
    connection: Connection,
    begun: RolloutRecord,
    signal: AbortSignal,
    onChange: (record: RolloutRecord) => void = () => undefined,
  ): Promise<EndedRollout> {
    const id = idOf(begun);
    const live: Live = { record: { ...begun, verdict: undefined, endedAt: undefined }, stop: new AbortController() };
    this.live.set(id, live);
    const update = (record: RolloutRecord): void => {
      live.record = record;
      onChange(record);
      this.publish(live);
    };
    update(live.record);
    this.log.info(vscode.l10n.t('Deployment {0} of “{1}” has started', begun.start.deploymentId, begun.start.service));
    const listener = this.listener(connection, live, update);
    const observer = observerFor(connection, this.clock, begun.start);
    const watch = new RolloutWatch(
      ...([connection.ecs, this.clock, begun.start, listener, investigatorFor(connection), observer] as const),
    );
    const result = await watch.run(timeLimit(), AbortSignal.any([signal, live.stop.signal]));
    void this.kept.add(begun.subject.serviceArn, begun.start.deploymentId, result.findings);
    const record = withResult(live.record, result, this.clock.now());
    const address = await this.address(connection, record, result);
    this.live.delete(id);
    update({ ...record, address });
    return { record: live.record, result };
  }

  private publish(live: Live): void {
    void this.files.write(live.record);
    this.changed.fire(live.record);
  }

  private listener(connection: Connection, live: Live, update: (record: RolloutRecord) => void): RolloutListener {
    const { log, clock, connections, isShown } = this;
    return {
      get wantsTasks() {
        return isShown(idOf(live.record));
      },
      onState(state, service) {
        // The row in the tree moves with the rollout, unless the tree shows other connections by now.
        connections.sessions.find(({ spec }) => sameSpec(spec, connection.spec))?.ecs.put(service);
        update(withState(live.record, state, clock.now()));
      },
      onEvents(events) {
        for (const { text } of events) log.info(text);
        update(withEvents(live.record, events));
      },
      onFindings(findings) {
        for (const finding of findings) log.warn(sayFinding(finding), '\n', evidenceText(finding));
        update(withFindings(live.record, findings));
      },
      onTasks(tasks) {
        update(withTasks(live.record, tasks));
      },
    };
  }

  /** The way in is worth a look, never a failed ship. */
  private async address(
    connection: Connection,
    { subject }: RolloutRecord,
    { verdict, service }: RolloutResult,
  ): Promise<string | undefined> {
    if (verdict.kind !== 'healthy' || !service) return undefined;
    const { ecs, network } = connection;
    try {
      const limit = AbortSignal.timeout(addressLimit);
      return (await serviceAddress({ ecs, network }, service, subject.container, limit)).address;
    } catch (error) {
      this.log.debug(String(error));
      return undefined;
    }
  }
}

/** Milliseconds after which the watch gives up. */
function timeLimit(): number {
  const minutes = vscode.workspace.getConfiguration('gantry').get<number>(Setting.rolloutTimeout) ?? 30;
  return Math.max(1, minutes) * 60_000;
}
