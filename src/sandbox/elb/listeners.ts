import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import {
  type ElbContext,
  balancerOf,
  elbArn,
  elbId,
  elbPage,
  forwardsTo,
  groupOf,
  listenerOf,
  validation,
} from './context';
import type { Json, Listener, LoadBalancer } from './types';

export interface CreateListenerRequest {
  readonly LoadBalancerArn: string;
  readonly Protocol?: string;
  readonly Port?: number;
  readonly DefaultActions: readonly Json[];
}

interface DescribeRequest {
  readonly LoadBalancerArn?: string;
  readonly ListenerArns?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

/** Actions that the sandbox can carry out, to target groups that exist. @throws ApiError */
export function checkActions({ state }: ElbContext, actions: readonly Json[]): void {
  if (actions.length === 0) throw validation('At least one action must be specified');
  for (const action of actions) {
    const type = String(action['Type']);
    if (!['forward', 'fixed-response', 'redirect'].includes(type)) {
      throw new ApiError('InvalidLoadBalancerActionException', `Action type '${type}' is not in the sandbox`);
    }
    const config = { redirect: 'RedirectConfig', 'fixed-response': 'FixedResponseConfig' }[type];
    if (config !== undefined && action[config] === undefined) throw validation(`${config} must be specified`);
    const code = (action['FixedResponseConfig'] as { StatusCode?: string } | undefined)?.StatusCode;
    if (code !== undefined && !/^[245]\d\d$/.test(code)) throw validation(`Status code '${code}' is not valid`);
    const groups = forwardsTo(action);
    if (type === 'forward' && groups.length === 0) throw validation('A target group ARN must be specified');
    for (const { arn } of groups) groupOf(state, arn);
  }
}

/** A listener whose port is not open yet. Also used by the seeds. */
export function newListener(context: ElbContext, request: CreateListenerRequest): Listener {
  const balancer = balancerOf(context.state, request.LoadBalancerArn);
  const { Protocol: protocol, Port: port, DefaultActions: actions } = request;
  if (protocol === undefined || port === undefined) throw validation('A protocol and a port must be specified');
  if (protocol !== 'HTTP' && protocol !== 'TCP') {
    throw new ApiError(
      'UnsupportedProtocolException',
      `Protocol '${protocol}' is not in the sandbox: HTTP and TCP are`,
    );
  }
  if ((protocol === 'HTTP') !== (balancer.type === 'application')) {
    throw new ApiError(
      'InvalidConfigurationRequestException',
      `Protocol '${protocol}' is not supported for load balancers of type '${balancer.type}'`,
    );
  }
  checkActions(context, actions);
  const taken = [...context.state.listeners.values()].some(
    (other) => other.balancer === balancer.arn && other.wantedPort === port,
  );
  if (taken) {
    throw new ApiError('DuplicateListenerException', 'A listener already exists on this port for this load balancer');
  }
  const listener: Listener = {
    arn: elbArn(context.place, `listener/${path(balancer)}/${elbId()}`),
    balancer: balancer.arn,
    protocol,
    wantedPort: port,
    port: 0,
    actions,
    rules: [],
  };
  context.state.listeners.set(listener.arn, listener);
  return listener;
}

/** The port that a listener has, or the one that it wants before it is open. */
export function elbPort({ port, wantedPort }: Listener): number {
  return port || wantedPort;
}

function path({ arn }: LoadBalancer): string {
  return arn.slice(arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
}

function stickinessOf(action: Json): unknown {
  const config = action['ForwardConfig'] as { TargetGroupStickinessConfig?: unknown } | undefined;
  return config?.TargetGroupStickinessConfig ?? { Enabled: false };
}

/** AWS gives a forward in both forms. */
export function describeAction(action: Json): Json {
  const [only, ...more] = forwardsTo(action);
  if (!only) return action;
  const groups = [only, ...more].map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight }));
  const config = { TargetGroups: groups, TargetGroupStickinessConfig: stickinessOf(action) };
  return { ...action, ...(more.length > 0 ? {} : { TargetGroupArn: only.arn }), ForwardConfig: config };
}

function describe(listener: Listener): Record<string, unknown> {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.balancer,
    Port: listener.port,
    Protocol: listener.protocol,
    DefaultActions: listener.actions.map(describeAction),
  };
}

async function create(context: ElbContext, request: CreateListenerRequest): Promise<unknown> {
  const listener = newListener(context, request);
  await context.sockets.open(listener);
  context.health.refresh();
  return { Listeners: [describe(listener)] };
}

function describeMany({ state }: ElbContext, request: DescribeRequest): unknown {
  const { LoadBalancerArn: balancer, ListenerArns: arns } = request;
  if (balancer === undefined && !arns?.length) {
    throw validation('You must specify either listener ARNs or a load balancer ARN');
  }
  if (balancer !== undefined) balancerOf(state, balancer);
  for (const arn of arns ?? []) listenerOf(state, arn);
  const found = [...state.listeners.values()]
    .filter((listener) => balancer === undefined || listener.balancer === balancer)
    .filter(({ arn }) => !arns?.length || arns.includes(arn));
  const { items, NextMarker } = elbPage(found, request, [balancer, arns]);
  return { Listeners: items.map(describe), NextMarker };
}

export function listenerOperations(context: ElbContext): Record<string, Operation> {
  const { state, sockets, health } = context;
  return {
    CreateListener: (input: CreateListenerRequest) => create(context, input),
    DescribeListeners: (input: DescribeRequest) => describeMany(context, input),
    ModifyListener: (input: { ListenerArn: string; Port?: number; DefaultActions?: readonly Json[] }) => {
      const listener = listenerOf(state, input.ListenerArn);
      if (input.Port !== undefined && input.Port !== listener.port) {
        throw validation('The sandbox cannot move a listener to another port');
      }
      if (input.DefaultActions) {
        checkActions(context, input.DefaultActions);
        listener.actions = input.DefaultActions;
        health.refresh();
      }
      return { Listeners: [describe(listener)] };
    },
    DeleteListener: ({ ListenerArn }: { ListenerArn: string }) => {
      sockets.close(listenerOf(state, ListenerArn).arn);
      state.listeners.delete(ListenerArn);
      health.refresh();
    },
  };
}
