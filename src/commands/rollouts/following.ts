import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import type { Clock } from '../../core/clock';
import type { RolloutResult, RolloutStart } from '../../deploy/rollout';
import type { RolloutRecord, RolloutSubject } from '../../deploy/rolloutRecord';
import { fractionOf } from '../../deploy/rolloutState';
import type { Service } from '../../ecs/model';
import type { OutputTerminal } from '../../ui/outputTerminal';
import type { Progress } from '../../ui/progress';
import { sayCause, verdictText } from '../../ui/verdictMessage';
import { lessonsOf } from '../../deploy/lessons';
import { learned } from '../../ui/learned';
import { announce } from './announce';
import type { Rollouts } from './rollouts';

/** Where the person who asked for a rollout looks. */
export interface Audience {
  readonly progress: Progress;
  readonly output?: OutputTerminal | undefined;
  readonly signal: AbortSignal;
}

/** What is brought, in the words of the person who asked for it. */
export interface Brought {
  /** In a few words: `demo/web:v2`. */
  readonly image: string;
  readonly container?: string | undefined;
  /** When the person asked for it (milliseconds since the epoch). */
  readonly startedAt: number;
}

/** Follows deployments for a person who waits: with progress, a verdict in words, and the next step. */
export class Following {
  constructor(
    private readonly rollouts: Rollouts,
    private readonly clock: Clock,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Follows a deployment that has just begun. */
  async follow(
    connection: Connection,
    start: RolloutStart,
    service: Service,
    brought: Brought,
    audience: Audience,
  ): Promise<RolloutResult> {
    const subject = await this.subjectOf(connection, service, brought, audience.signal);
    const report = (record: RolloutRecord): void => reportProgress(record, audience.progress);
    const { record, result } = await this.rollouts.follow(connection, start, subject, audience.signal, report);
    return this.end(record, result, audience.output);
  }

  /** Goes on following a rollout; without an audience only its verdict is announced. */
  async continue(
    connection: Connection,
    begun: RolloutRecord,
    signal: AbortSignal,
    progress?: Progress,
  ): Promise<RolloutResult> {
    const report = (record: RolloutRecord): void => progress && reportProgress(record, progress);
    const { record, result } = await this.rollouts.continue(connection, begun, signal, report);
    return this.end(record, result, undefined);
  }

  now(): number {
    return this.clock.now();
  }

  private end(record: RolloutRecord, result: RolloutResult, output: OutputTerminal | undefined): RolloutResult {
    this.log.info(verdictText(record), record.address ?? '');
    output?.heading(verdictText(record));
    announce(record);
    void this.rollouts.all().then((known) => learned(...lessonsOf(record, known)));
    return result;
  }

  private async subjectOf(
    connection: Connection,
    service: Service,
    { image, container, startedAt }: Brought,
    signal: AbortSignal,
  ): Promise<RolloutSubject> {
    const { account, region } = await connection.identity(signal);
    const from = service.taskDefinition;
    return { spec: connection.spec, account, region, serviceArn: service.arn, container, image, from, startedAt };
  }
}

function reportProgress(record: RolloutRecord, progress: Progress): void {
  const { state, findings, start } = record;
  if (!state) return progress.report(vscode.l10n.t('Rolling out “{0}”', start.service));
  const { target, failed, failureThreshold, rollingBack, hook } = state;
  const counts = vscode.l10n.t(
    '{0}/{1} running, {2} pending',
    target?.running ?? 0,
    target?.desired ?? 0,
    target?.pending ?? 0,
  );
  const failures =
    failed > 0 ? vscode.l10n.t('{0} failed', failureThreshold ? `${failed}/${failureThreshold}` : failed) : '';
  const waits = hook ? vscode.l10n.t('waits for a person to continue it') : '';
  const cause = findings[0] ? sayCause(findings[0]) : '';
  const head = rollingBack ? vscode.l10n.t('Rolling back') : vscode.l10n.t('Rolling out');
  progress.report([`${head}: ${counts}`, waits, failures, cause].filter(Boolean).join(' · '), fractionOf(state));
}
