import type { ConnectionSpec } from '../core/connection';
import type { ServiceEvent, Task } from '../ecs/model';
import type { Finding } from './finding';
import type { RolloutResult, RolloutStart } from './rollout';
import type { RolloutState } from './rolloutState';
import type { Verdict } from './verdict';

/** What a rollout was started for, in the words of whoever started it. */
export interface RolloutSubject {
  readonly spec: ConnectionSpec;
  readonly account: string;
  readonly region: string;
  readonly serviceArn: string;
  /** The container that got a new image, where one did. */
  readonly container: string | undefined;
  /** What was deployed, in a few words: `demo/web:v2`. */
  readonly image: string;
  /** ARN of the task definition that ran before. */
  readonly from: string | undefined;
  /** When the person asked for it (milliseconds since the epoch, by the clock of this machine). */
  readonly startedAt: number;
}

/** A moment worth a line. Times are milliseconds since the epoch. */
export type Moment =
  | { readonly at: number; readonly kind: 'event'; readonly text: string }
  | { readonly at: number; readonly kind: 'stage'; readonly text: string }
  | { readonly at: number; readonly kind: 'rollback' };

/** A task as far as the document of a rollout shows it. */
export type RolloutTask = Pick<
  Task,
  'id' | 'taskDefinition' | 'startedBy' | 'lastStatus' | 'health' | 'stoppedReason' | 'createdAt' | 'privateAddress'
> & { readonly containers: readonly { readonly name: string; readonly status: string; readonly exitCode?: number }[] };

/** Everything that is known of one rollout: plain data, so that it outlives the window and AWS's one hour. */
export interface RolloutRecord {
  readonly start: RolloutStart;
  readonly subject: RolloutSubject;
  readonly state: RolloutState | undefined;
  readonly moments: readonly Moment[];
  readonly tasks: readonly RolloutTask[];
  readonly findings: readonly Finding[];
  /** Undefined while it goes on. */
  readonly verdict: Verdict | undefined;
  /** When the verdict fell (milliseconds since the epoch). */
  readonly endedAt: number | undefined;
  /** Where the service answers, once it is healthy. */
  readonly address: string | undefined;
}

/** More moments than anybody reads; the newest ones are kept. */
const mostMoments = 400;

/** More tasks than a document shows. */
const mostTasks = 100;

export function beginRecord(start: RolloutStart, subject: RolloutSubject): RolloutRecord {
  return {
    ...{ start, subject, state: undefined, moments: [], tasks: [], findings: [] },
    ...{ verdict: undefined, endedAt: undefined, address: undefined },
  };
}

/** What a rollout is known by: the id of its deployment is unique within an account and Region. */
export function idOf({ start }: RolloutRecord): string {
  return start.deploymentId.replace(/^.*\//, '');
}

export function withState(record: RolloutRecord, state: RolloutState, now: number): RolloutRecord {
  const moments: Moment[] = [];
  const { stage, rollingBack } = state;
  if (stage !== undefined && stage !== record.state?.stage) moments.push({ at: now, kind: 'stage', text: stage });
  if (rollingBack && !record.state?.rollingBack) moments.push({ at: now, kind: 'rollback' });
  return { ...record, state, moments: addMoments(record.moments, moments) };
}

export function withEvents(record: RolloutRecord, events: readonly ServiceEvent[]): RolloutRecord {
  const moments = events.map(({ at, text }) => ({ at, kind: 'event', text }) as const);
  const knownEvents = [...record.start.knownEvents, ...events.map(({ id }) => id)];
  return { ...record, start: { ...record.start, knownEvents }, moments: addMoments(record.moments, moments) };
}

export function withFindings(record: RolloutRecord, findings: readonly Finding[]): RolloutRecord {
  return { ...record, findings };
}

/** Tasks that were there before the deployment and stopped before it are none of its own. */
export function withTasks(record: RolloutRecord, tasks: readonly Task[]): RolloutRecord {
  const known = new Map(record.tasks.map((task) => [task.id, task]));
  for (const task of tasks) {
    const { id, taskDefinition, startedBy, lastStatus, health, stoppedReason, createdAt, privateAddress } = task;
    if (task.stoppedAt !== undefined && task.stoppedAt < record.start.createdAt) continue;
    const containers = task.containers.map(({ name, status, exitCode }) => ({
      ...{ name, status },
      ...(exitCode === undefined ? {} : { exitCode }),
    }));
    known.set(id, {
      ...{ id, taskDefinition, startedBy, lastStatus, health, stoppedReason, createdAt, privateAddress },
      containers,
    });
  }
  const newestFirst = [...known.values()].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  return { ...record, tasks: newestFirst.slice(0, mostTasks) };
}

export function withResult(record: RolloutRecord, result: RolloutResult, now: number): RolloutRecord {
  const findings = result.findings.length > 0 ? result.findings : record.findings;
  return { ...record, findings, verdict: result.verdict, endedAt: now };
}

function addMoments(known: readonly Moment[], more: readonly Moment[]): readonly Moment[] {
  if (more.length === 0) return known;
  return [...known, ...more].sort((a, b) => a.at - b.at).slice(-mostMoments);
}
