import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { describeAttributes, listenerAttributes, setAttributes, type Attributes } from './attributes';
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
import { type CertificateRef, defaultCertificate } from './listenerCertificates';
import { defaultPolicy, policyNamed } from './sslPolicies';
import { isSecure } from './tlsFront';
import type { Json, Listener, LoadBalancer } from './types';

export interface CreateListenerRequest {
  readonly LoadBalancerArn: string;
  readonly Protocol?: string;
  readonly Port?: number;
  readonly DefaultActions: readonly Json[];
  readonly Certificates?: readonly CertificateRef[];
  readonly SslPolicy?: string;
  readonly AlpnPolicy?: readonly string[];
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
}

interface ModifyRequest extends Partial<CreateListenerRequest> {
  readonly ListenerArn: string;
}

interface DescribeRequest {
  readonly LoadBalancerArn?: string;
  readonly ListenerArns?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

/** Actions that the sandbox can carry out, to target groups that exist. @throws ApiError */
export function checkActions({ state }: ElbContext, actions: readonly Json[], { type: balancer }: LoadBalancer): void {
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
    for (const { arn } of groups) {
      const { protocol } = groupOf(state, arn);
      if (isHttp(protocol) === (balancer === 'application')) continue;
      const text = `Target group protocol '${protocol}' does not fit a load balancer of type '${balancer}'`;
      throw new ApiError('InvalidConfigurationRequestException', text);
    }
  }
}

type Protocol = Listener['protocol'];

/** @throws ApiError unless a load balancer of this type can have, and the sandbox has, listeners of the protocol. */
function checkProtocol(balancer: LoadBalancer, protocol: string): asserts protocol is Protocol {
  if (!['HTTP', 'HTTPS', 'TCP', 'TLS'].includes(protocol)) {
    const text = `Protocol '${protocol}' is not in the sandbox: HTTP, HTTPS, TCP and TLS are`;
    throw new ApiError('UnsupportedProtocolException', text);
  }
  if (isHttp(protocol) === (balancer.type === 'application')) return;
  throw new ApiError(
    'InvalidConfigurationRequestException',
    `Protocol '${protocol}' is not supported for load balancers of type '${balancer.type}'`,
  );
}

const isHttp = (protocol: string): boolean => protocol === 'HTTP' || protocol === 'HTTPS';

/** What a listener on which TLS ends has, over what it had. @throws ApiError */
function tlsSettings(
  context: ElbContext,
  listener: Pick<Listener, 'protocol' | 'certificates' | 'sslPolicy'>,
  { Certificates, SslPolicy, AlpnPolicy }: Partial<CreateListenerRequest>,
): Pick<Listener, 'certificates' | 'sslPolicy' | 'alpnPolicy'> {
  const { protocol, certificates = [], sslPolicy = defaultPolicy } = listener;
  if (SslPolicy !== undefined) policyNamed(SslPolicy);
  if (AlpnPolicy && protocol !== 'TLS') {
    throw new ApiError('ALPNPolicyNotSupportedException', 'ALPN policies are for TLS listeners');
  }
  if (!isSecure(listener)) {
    defaultCertificate(context, listener, Certificates ?? []);
    return { certificates: [] };
  }
  const [first] = certificates;
  const known = first === undefined ? [] : [{ CertificateArn: first }];
  const [chosen = ''] = defaultCertificate(context, listener, Certificates ?? known);
  return {
    certificates: [chosen, ...certificates.slice(1).filter((arn) => arn !== chosen)],
    sslPolicy: SslPolicy ?? sslPolicy,
    ...(AlpnPolicy ? { alpnPolicy: AlpnPolicy } : {}),
  };
}

/** A listener whose port is not open yet. Also used by the seeds. */
export function newListener(context: ElbContext, request: CreateListenerRequest): Listener {
  const balancer = balancerOf(context.state, request.LoadBalancerArn);
  const { Protocol: protocol, Port: port, DefaultActions: actions } = request;
  if (protocol === undefined || port === undefined) throw validation('A protocol and a port must be specified');
  checkProtocol(balancer, protocol);
  checkActions(context, actions, balancer);
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
    ...tlsSettings(context, { protocol }, request),
    tags: new Map((request.Tags ?? []).map(({ Key, Value = '' }) => [Key, Value])),
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
    ...(isSecure(listener) ? { SslPolicy: listener.sslPolicy } : {}),
    Certificates: listener.certificates?.slice(0, 1).map((CertificateArn) => ({ CertificateArn })),
    AlpnPolicy: listener.alpnPolicy,
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

/** What a listener is afterwards; its port is opened anew where that makes a difference. */
async function modify(context: ElbContext, request: ModifyRequest): Promise<unknown> {
  const { state, sockets, health } = context;
  const listener = listenerOf(state, request.ListenerArn);
  const balancer = balancerOf(state, listener.balancer);
  const { Protocol: protocol = listener.protocol, Port: port = listener.port, DefaultActions: actions } = request;
  checkProtocol(balancer, protocol);
  if (actions) checkActions(context, actions, balancer);
  const moved = port !== listener.port && port !== listener.wantedPort;
  const twin = [...state.listeners.values()].some(
    (other) => other !== listener && other.balancer === balancer.arn && other.wantedPort === port,
  );
  if (moved && twin) {
    throw new ApiError('DuplicateListenerException', 'A listener already exists on this port for this load balancer');
  }
  const settings = tlsSettings(context, { ...listener, protocol }, request);
  const anew = moved || protocol !== listener.protocol || settings.sslPolicy !== listener.sslPolicy;
  Object.assign(listener, { protocol, actions: actions ?? listener.actions }, settings);
  if (anew) {
    sockets.close(listener.arn);
    if (moved) Object.assign(listener, { wantedPort: port, port: 0 });
    await sockets.open(listener);
  }
  health.refresh();
  return { Listeners: [describe(listener)] };
}

export function listenerOperations(context: ElbContext): Record<string, Operation> {
  const { state, sockets, health } = context;
  return {
    CreateListener: (input: CreateListenerRequest) => create(context, input),
    DescribeListeners: (input: DescribeRequest) => describeMany(context, input),
    ModifyListener: (input: ModifyRequest) => modify(context, input),
    DescribeListenerAttributes: ({ ListenerArn }: { ListenerArn: string }) => {
      const listener = listenerOf(state, ListenerArn);
      return describeAttributes(listenerAttributes(listener), (listener.attributes ??= new Map()));
    },
    ModifyListenerAttributes: (input: { ListenerArn: string; Attributes: Attributes }) => {
      const listener = listenerOf(state, input.ListenerArn);
      const attributes = (listener.attributes ??= new Map());
      setAttributes(listenerAttributes(listener), attributes, input.Attributes);
      return describeAttributes(listenerAttributes(listener), attributes);
    },
    DeleteListener: ({ ListenerArn }: { ListenerArn: string }) => {
      sockets.close(listenerOf(state, ListenerArn).arn);
      state.listeners.delete(ListenerArn);
      health.refresh();
    },
  };
}
