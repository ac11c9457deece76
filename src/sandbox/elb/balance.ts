import { forwardsTo } from './context';
import type { ElbState, Json, Target } from './types';

const turns = new Map<string, number>();

/** The next turn under a key, so that equal choices take turns. */
function turn(key: string): number {
  const next = (turns.get(key) ?? -1) + 1;
  turns.set(key, next);
  return next;
}

/** What each choice is owed, by key. */
const owed = new Map<string, Map<string, number>>();

/** Chooses by weight, evenly spread: 1 of 20 comes once in every 20 turns. A weight of 0 is never chosen. */
function byWeight(choices: readonly { readonly arn: string; readonly weight: number }[]): string | undefined {
  const key = choices.map(({ arn, weight }) => `${arn}=${weight}`).join(' ');
  const credits = owed.get(key) ?? new Map<string, number>();
  owed.set(key, credits);
  let best: string | undefined;
  let total = 0;
  for (const { arn, weight } of choices) {
    if (weight <= 0) continue;
    total += weight;
    const credit = (credits.get(arn) ?? 0) + weight;
    credits.set(arn, credit);
    if (best === undefined || credit > (credits.get(best) ?? 0)) best = arn;
  }
  if (best !== undefined) credits.set(best, (credits.get(best) ?? 0) - total);
  return best;
}

/** The target group whose turn it is. */
export function nextGroup(action: Json): string | undefined {
  return byWeight(forwardsTo(action));
}

/**
 * The target of a group whose turn it is. Unhealthy targets serve only when there are no healthy ones: load balancers
 * fail open. Undefined when there is nobody.
 */
export function nextInGroup(state: ElbState, arn: string | undefined): Target | undefined {
  const targets = [...(state.groups.get(arn ?? '')?.targets.values() ?? [])];
  const healthy = targets.filter((target) => target.state === 'healthy');
  const able = healthy.length > 0 ? healthy : targets.filter((target) => target.state === 'unhealthy');
  return able[turn(arn ?? '') % Math.max(1, able.length)];
}
