import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock';
import type { Certificates } from '../acm/certificates';
import type { Network } from '../ec2/network';
import { ApiError } from '../http/apiError';
import { page } from '../paging';
import type { Place } from '../place';
import type { ListenerSockets } from './listenerSockets';
import type { TargetHealth } from './targetHealth';
import type { ElbState, Json, Listener, LoadBalancer, TargetGroup } from './types';

/** What ELBv2's operations work with. */
export interface ElbContext {
  readonly clock: Clock;
  readonly place: Place;
  readonly state: ElbState;
  readonly network: Network;
  readonly certificates: Certificates;
  readonly health: TargetHealth;
  readonly sockets: ListenerSockets;
}

export function elbArn(place: Place, resource: string): string {
  return `arn:aws:elasticloadbalancing:${place.region}:${place.account}:${resource}`;
}

/** 16 hexadecimal digits, as in the ids of load balancers, target groups, listeners and rules. */
export function elbId(): string {
  return randomBytes(8).toString('hex');
}

/** @throws ApiError when there is none of this ARN. */
export function groupOf(state: ElbState, arn: string): TargetGroup {
  const group = state.groups.get(arn);
  if (!group) throw new ApiError('TargetGroupNotFoundException', `Target groups '${arn}' not found`);
  return group;
}

/** @throws ApiError when there is none of this ARN. */
export function balancerOf(state: ElbState, arn: string): LoadBalancer {
  const balancer = state.balancers.get(arn);
  if (!balancer) throw new ApiError('LoadBalancerNotFoundException', `Load balancers '[${arn}]' not found`);
  return balancer;
}

/** @throws ApiError when there is none of this ARN. */
export function listenerOf(state: ElbState, arn: string): Listener {
  const listener = state.listeners.get(arn);
  if (!listener) throw new ApiError('ListenerNotFoundException', `One or more listeners not found`);
  return listener;
}

export function validation(message: string): ApiError {
  return new ApiError('ValidationError', message);
}

interface GroupTuple {
  readonly TargetGroupArn?: string | undefined;
  readonly Weight?: number;
}

/** The target groups that an action forwards to, with their weights. */
export function forwardsTo(action: Json): { readonly arn: string; readonly weight: number }[] {
  if (action['Type'] !== 'forward') return [];
  const config = action['ForwardConfig'] as { TargetGroups?: readonly GroupTuple[] } | undefined;
  const single: GroupTuple = { TargetGroupArn: action['TargetGroupArn'] as string | undefined };
  const tuples = config?.TargetGroups ?? [single];
  return tuples.flatMap(({ TargetGroupArn: arn, Weight: weight = 1 }) => (arn === undefined ? [] : [{ arn, weight }]));
}

/** Load balancers whose listeners or rules forward to a target group. */
export function balancersOf(state: ElbState, group: string): string[] {
  const arns = [...state.listeners.values()]
    .filter(({ actions, rules }) =>
      [...actions, ...rules.flatMap((rule) => rule.actions)].some((action) =>
        forwardsTo(action).some(({ arn }) => arn === group),
      ),
    )
    .map(({ balancer }) => balancer);
  return [...new Set(arns)];
}

/** A page in ELBv2's words: `Marker` and `NextMarker`. */
export function elbPage<T>(
  all: readonly T[],
  { PageSize, Marker }: { readonly PageSize?: number; readonly Marker?: string },
  filters: unknown,
): { items: readonly T[]; NextMarker: string | undefined } {
  try {
    const { items, nextToken } = page(all, PageSize ?? 400, Marker, filters);
    return { items, NextMarker: nextToken };
  } catch {
    throw validation(`Invalid marker: ${Marker ?? ''}`);
  }
}
