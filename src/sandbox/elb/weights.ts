import { forwardsTo } from './context';
import type { ElbState, Json, Listener, Rule } from './types';

type Forwarding = Pick<Listener | Rule, 'actions'> & { actions: readonly Json[] };

/** The rule, or the listener for its default rule or its own ARN, that an ARN names, if it forwards. */
function forwarding(state: ElbState, arn: string): Forwarding | undefined {
  for (const listener of state.listeners.values()) {
    const isDefault = arn === `${listener.arn.replace(':listener/', ':listener-rule/')}/${listener.arn.slice(-16)}`;
    const found = arn === listener.arn || isDefault ? listener : listener.rules.find((rule) => rule.arn === arn);
    if (found) return found.actions.some((action) => forwardsTo(action).length > 0) ? found : undefined;
  }
  return undefined;
}

/** Target groups and weights that a listener rule forwards to; undefined when it does not exist or does not forward. */
export function weightsOf(state: ElbState, arn: string): { arn: string; weight: number }[] | undefined {
  return forwarding(state, arn)?.actions.flatMap(forwardsTo);
}

/**
 * Lets a rule forward `percent` of the traffic to the first group and the rest to the second. A percent with a digit
 * behind the point makes weights out of a thousand: ELB knows whole ones only.
 */
export function setWeights(
  state: ElbState,
  arn: string | undefined,
  [first, second]: readonly [string | undefined, string | undefined],
  percent: number,
): void {
  const rule = arn === undefined ? undefined : forwarding(state, arn);
  if (!rule || first === undefined || second === undefined) return;
  const scale = Number.isInteger(percent) ? 1 : 10;
  const groups = [
    { TargetGroupArn: first, Weight: Math.round(percent * scale) },
    { TargetGroupArn: second, Weight: Math.round((100 - percent) * scale) },
  ];
  rule.actions = rule.actions.map((action) => {
    if (forwardsTo(action).length === 0) return action;
    const config = { ...(action['ForwardConfig'] as Json | undefined), TargetGroups: groups };
    return { ...action, TargetGroupArn: undefined, ForwardConfig: config };
  });
}
