import { nextGroup, nextInGroup } from './balance';
import { forwardsTo } from './context';
import type { ElbState, Json, Target, TargetGroup } from './types';
import { targetKey } from './targetHealth';

/** A choice, and the cookies that make the next request come to the same target. */
export interface StickyChoice {
  readonly target: Target | undefined;
  readonly group: TargetGroup | undefined;
  readonly cookies: readonly string[];
}

/** How long a client stays with its target, in seconds; undefined when it need not. */
function cookieDuration({ attributes }: TargetGroup): number | undefined {
  if (attributes.get('stickiness.enabled') !== 'true') return undefined;
  return Number(attributes.get('stickiness.lb_cookie.duration_seconds') ?? 86_400);
}

function groupDuration(action: Json): number | undefined {
  const config = action['ForwardConfig'] as
    { TargetGroupStickinessConfig?: { Enabled?: boolean; DurationSeconds?: number } } | undefined;
  const sticky = config?.TargetGroupStickinessConfig;
  return sticky?.Enabled ? (sticky.DurationSeconds ?? 3600) : undefined;
}

/**
 * The target for a request: the one of its cookies `AWSALB` and `AWSALBTG` while it is able, otherwise the one whose
 * turn it is. `now` in milliseconds since the Unix epoch.
 */
export function chooseTarget(
  state: ElbState,
  action: Json,
  cookieHeader: string | undefined,
  now: number,
): StickyChoice {
  const given = readCookies(cookieHeader, now);
  const stays = groupDuration(action);
  const possible = forwardsTo(action).map(({ arn }) => arn);
  const kept = stays === undefined ? undefined : possible.find((arn) => arn === given.get('AWSALBTG'));
  const arn = kept ?? nextGroup(action);
  const group = state.groups.get(arn ?? '');
  const duration = group && cookieDuration(group);
  const known = duration === undefined ? undefined : group?.targets.get(given.get('AWSALB') ?? '');
  const target = known && ['healthy', 'unhealthy'].includes(known.state) ? known : nextInGroup(state, arn);
  const cookies: string[] = [];
  if (duration !== undefined && target) cookies.push(...cookie('AWSALB', targetKey(target), now, duration));
  if (stays !== undefined && arn !== undefined) cookies.push(...cookie('AWSALBTG', arn, now, stays));
  return { target, group, cookies };
}

/** A cookie and its twin for requests from other sites. The value means something to the load balancer only. */
function cookie(name: string, value: string, now: number, duration: number): string[] {
  const until = now + duration * 1000;
  const text = Buffer.from(JSON.stringify([value, until])).toString('base64url');
  const rest = `Expires=${new Date(until).toUTCString()}; Path=/`;
  return [`${name}=${text}; ${rest}`, `${name}CORS=${text}; ${rest}; SameSite=None`];
}

function readCookies(header: string | undefined, now: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of (header ?? '').split(';')) {
    const [, name = '', text = ''] = /^\s*(AWSALB(?:TG)?)=([\w-]+)\s*$/.exec(part) ?? [];
    if (name === '') continue;
    try {
      const [value, until] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown];
      if (typeof value === 'string' && typeof until === 'number' && until > now) found.set(name, value);
    } catch {
      // A cookie of somebody else.
    }
  }
  return found;
}
