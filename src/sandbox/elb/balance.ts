import { forwardsTo } from './context';
import type { ElbState, Json, Target } from './types';

const turns = new Map<string, number>();

/** The next turn under a key, so that equal choices take turns. */
function turn(key: string): number {
  const next = (turns.get(key) ?? -1) + 1;
  turns.set(key, next);
  return next;
}

/**
 * The target whose turn it is. Unhealthy targets serve only when there are no healthy ones: load balancers fail open.
 * Undefined when there is nobody.
 */
export function nextTarget(state: ElbState, action: Json): Target | undefined {
  const groups = forwardsTo(action).filter(({ weight }) => weight > 0);
  const wheel = groups.flatMap(({ arn, weight }) => Array.from({ length: weight }, () => arn));
  const arn = wheel[turn(groups.map((group) => group.arn).join(' ')) % Math.max(1, wheel.length)];
  const targets = [...(state.groups.get(arn ?? '')?.targets.values() ?? [])];
  const healthy = targets.filter((target) => target.state === 'healthy');
  const able = healthy.length > 0 ? healthy : targets.filter((target) => target.state === 'unhealthy');
  return able[turn(arn ?? '') % Math.max(1, able.length)];
}
