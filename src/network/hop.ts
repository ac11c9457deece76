import { message, type Message } from '../core/message';
import type { Gap } from './known';

export type HopState = 'open' | 'blocked' | 'unknown';

/** Whether traffic gets through one thing, and why. */
export interface Verdict {
  readonly state: HopState;
  readonly reason: Message;
  /** The action that the user would have to be allowed to call for Gantry to know. */
  readonly permission?: string;
}

export type HopKind =
  | 'client'
  | 'dnsName'
  | 'loadBalancer'
  | 'listener'
  | 'rule'
  | 'targetGroup'
  | 'targetHealth'
  | 'subnet'
  | 'networkAcl'
  | 'securityGroup'
  | 'networkInterface'
  | 'task'
  | 'containerPort'
  | 'route'
  | 'internetGateway'
  | 'natGateway'
  | 'endpoint'
  | 'otherGateway'
  | 'service';

/** One station on the way of a packet. */
export interface Hop extends Verdict {
  readonly kind: HopKind;
  /** AWS's id or ARN; a name where it has none. Several are joined by a comma. */
  readonly id: string;
}

/** Which hop is meant, whatever its state is by now. */
export type HopRef = Pick<Hop, 'kind' | 'id'>;

export const open = (reason: Message): Verdict => ({ state: 'open', reason });
export const blocked = (reason: Message): Verdict => ({ state: 'blocked', reason });
export const unknown = (reason: Message): Verdict => ({ state: 'unknown', reason });

/** Not known for want of an answer. */
export function unread({ reason, permission }: Gap): Verdict {
  return { state: 'unknown', reason, ...(permission ? { permission } : {}) };
}

/** Something that was asked for and is not there. */
export function absent(id: string): Verdict {
  return unknown(message('{0} was not found.', id));
}

export function hop(kind: HopKind, id: string, verdict: Verdict): Hop {
  return { kind, id, ...verdict };
}

/** The state of a whole way: blocked where one hop is, else unknown where one is. */
export function stateOf(hops: readonly Verdict[]): HopState {
  if (hops.some(({ state }) => state === 'blocked')) return 'blocked';
  return hops.some(({ state }) => state === 'unknown') ? 'unknown' : 'open';
}

/** The verdict that decides: the first that is blocked, else the first that is unknown, else the first. */
export function decisive<T extends Verdict>(verdicts: readonly T[]): T | undefined {
  return (
    verdicts.find(({ state }) => state === 'blocked') ??
    verdicts.find(({ state }) => state === 'unknown') ??
    verdicts[0]
  );
}
