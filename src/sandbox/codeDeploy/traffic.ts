import { forwardsTo, type ElbContext } from '../elb/context';
import { setWeights } from '../elb/weights';

/**
 * Lets everything behind some listeners that forwards to one of two target groups give the first one `percent` of the
 * traffic.
 */
export function routeTraffic(
  { state, health }: ElbContext,
  listeners: readonly string[],
  groups: readonly [string, string],
  percent: number,
): void {
  for (const arn of listeners) {
    const listener = state.listeners.get(arn);
    if (!listener) continue;
    for (const place of [listener, ...listener.rules]) {
      const targets = place.actions.flatMap(forwardsTo);
      if (targets.some((target) => groups.includes(target.arn))) setWeights(state, place.arn, groups, percent);
    }
  }
  health.refresh();
}
