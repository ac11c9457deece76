import type { Lesson } from '../core/contributions';
import { idOf, type RolloutRecord } from './rolloutRecord';

/** What a rollout that has ended shows to a learner, after the rollouts that this machine has seen before. */
export function lessonsOf(ended: RolloutRecord, known: readonly RolloutRecord[]): Lesson[] {
  const kind = ended.verdict?.kind;
  if (kind === 'failed' || kind === 'rolledBack') return ['failed'];
  if (kind !== 'healthy') return [];
  const before = known
    .filter(({ subject }) => subject.serviceArn === ended.subject.serviceArn)
    .filter((each) => idOf(each) !== idOf(ended) && each.subject.startedAt < ended.subject.startedAt)
    .sort((a, b) => b.subject.startedAt - a.subject.startedAt)
    .map(({ verdict }) => verdict?.kind);
  const wasHealthy = before.includes('healthy');
  const hadFailed = before[0] === 'failed' || before[0] === 'rolledBack';
  return ['service', ...(wasHealthy ? (['shipped'] as const) : []), ...(hadFailed ? (['mended'] as const) : [])];
}
