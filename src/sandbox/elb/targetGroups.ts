import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { type Attributes, describeAttributes, groupAttributes, setAttributes } from './attributes';
import { type ElbContext, balancersOf, elbArn, elbId, elbPage, groupOf, validation } from './context';
import type { TargetGroup } from './types';

interface HealthRequest {
  readonly HealthCheckProtocol?: string;
  readonly HealthCheckPort?: string;
  readonly HealthCheckPath?: string;
  readonly HealthCheckIntervalSeconds?: number;
  readonly HealthCheckTimeoutSeconds?: number;
  readonly HealthyThresholdCount?: number;
  readonly UnhealthyThresholdCount?: number;
  readonly Matcher?: { readonly HttpCode?: string };
}

export interface CreateTargetGroupRequest extends HealthRequest {
  readonly Name: string;
  readonly Protocol?: string;
  readonly ProtocolVersion?: string;
  readonly Port?: number;
  readonly VpcId?: string;
  readonly TargetType?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
}

interface DescribeRequest {
  readonly LoadBalancerArn?: string;
  readonly TargetGroupArns?: readonly string[];
  readonly Names?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

/** AWS's defaults for a health check; those of TCP differ from those of HTTP. */
function healthFrom(request: HealthRequest, protocol: string, former?: TargetGroup['health']): TargetGroup['health'] {
  const layer7 = ['HTTP', 'HTTPS'].includes(protocol);
  const checked = request.HealthCheckProtocol ?? former?.protocol ?? (layer7 ? protocol : 'TCP');
  const http = ['HTTP', 'HTTPS'].includes(checked);
  const path = request.HealthCheckPath ?? former?.path ?? '/';
  if (http && !path.startsWith('/')) throw validation(`Health check path '${path}' must begin with a '/' character`);
  const matcher = request.Matcher?.HttpCode ?? former?.matcher ?? (layer7 ? '200' : '200-399');
  if (http && !/^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/.test(matcher)) {
    throw validation(`Health check matcher HTTP code '${matcher}' is not valid`);
  }
  const interval = request.HealthCheckIntervalSeconds ?? former?.interval ?? 30;
  const timeout = request.HealthCheckTimeoutSeconds ?? former?.timeout ?? (layer7 ? 5 : 10);
  if (layer7 && timeout >= interval) {
    throw validation(`Health check timeout '${timeout}' must be smaller than the interval '${interval}'`);
  }
  return {
    protocol: checked,
    port: request.HealthCheckPort ?? former?.port ?? 'traffic-port',
    ...(http ? { path, matcher } : {}),
    interval,
    timeout,
    healthy: request.HealthyThresholdCount ?? former?.healthy ?? 5,
    unhealthy: request.UnhealthyThresholdCount ?? former?.unhealthy ?? 2,
  };
}

/** Creates a target group. Also used by the seeds. */
export function newTargetGroup(context: ElbContext, request: CreateTargetGroupRequest): TargetGroup {
  const { Name: name, Protocol: protocol, Port: port, TargetType: targetType = 'instance', Tags: tags = [] } = request;
  if (!/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name)) {
    throw validation(`Target group name '${name}' is not valid: letters, digits and inner hyphens, at most 32`);
  }
  if (targetType !== 'instance' && targetType !== 'ip') {
    throw new ApiError('InvalidConfigurationRequestException', `Target type '${targetType}' is not in the sandbox`);
  }
  if (protocol === undefined) throw validation('A protocol must be specified');
  if (!['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP'].includes(protocol)) {
    throw new ApiError('InvalidConfigurationRequestException', `Protocol '${protocol}' is not in the sandbox`);
  }
  if (port === undefined) throw validation('A port must be specified');
  const vpc = request.VpcId;
  if (vpc === undefined) throw validation('A VPC ID must be specified');
  if (!context.network.vpcs.has(vpc)) throw validation(`The VPC ID '${vpc}' is not found`);
  if ([...context.state.groups.values()].some((group) => group.name === name)) {
    throw new ApiError(
      'DuplicateTargetGroupNameException',
      `A target group with the same name '${name}' exists, but with different settings`,
    );
  }
  const group: TargetGroup = {
    arn: elbArn(context.place, `targetgroup/${name}/${elbId()}`),
    name,
    protocol,
    ...(protocol.startsWith('HTTP') ? { protocolVersion: request.ProtocolVersion ?? 'HTTP1' } : {}),
    port,
    vpc,
    targetType,
    health: healthFrom(request, protocol),
    attributes: new Map([['deregistration_delay.timeout_seconds', '300']]),
    tags: new Map(tags.map(({ Key, Value = '' }) => [Key, Value])),
    targets: new Map(),
  };
  context.state.groups.set(group.arn, group);
  return group;
}

function describe(context: ElbContext, group: TargetGroup): Record<string, unknown> {
  const { health } = group;
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    Port: group.port,
    VpcId: group.vpc,
    HealthCheckProtocol: health.protocol,
    HealthCheckPort: health.port,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: health.interval,
    HealthCheckTimeoutSeconds: health.timeout,
    HealthyThresholdCount: health.healthy,
    UnhealthyThresholdCount: health.unhealthy,
    HealthCheckPath: health.path,
    Matcher: health.matcher === undefined ? undefined : { HttpCode: health.matcher },
    LoadBalancerArns: balancersOf(context.state, group.arn),
    TargetType: group.targetType,
    ProtocolVersion: group.protocolVersion,
    IpAddressType: 'ipv4',
  };
}

function describeMany(context: ElbContext, request: DescribeRequest): unknown {
  const { LoadBalancerArn: balancer, TargetGroupArns: arns, Names: names } = request;
  const all = [...context.state.groups.values()];
  for (const arn of arns ?? []) groupOf(context.state, arn);
  for (const name of names ?? []) {
    if (all.some((group) => group.name === name)) continue;
    throw new ApiError('TargetGroupNotFoundException', 'One or more target groups not found');
  }
  const found = all
    .filter(({ arn }) => !arns?.length || arns.includes(arn))
    .filter(({ name }) => !names?.length || names.includes(name))
    .filter(({ arn }) => balancer === undefined || balancersOf(context.state, arn).includes(balancer));
  const { items, NextMarker } = elbPage(found, request, [balancer, arns, names]);
  return { TargetGroups: items.map((group) => describe(context, group)), NextMarker };
}

function remove({ state, health }: ElbContext, arn: string): void {
  const group = state.groups.get(arn);
  // Deleting what is not there is a success, as on AWS.
  if (!group) return;
  if (balancersOf(state, arn).length > 0) {
    throw new ApiError('ResourceInUseException', `Target group '${arn}' is currently in use by a listener or a rule`);
  }
  health.forgetAll(group);
  state.groups.delete(arn);
}

export function targetGroupOperations(context: ElbContext): Record<string, Operation> {
  const { state } = context;
  return {
    CreateTargetGroup: (input: CreateTargetGroupRequest) => ({
      TargetGroups: [describe(context, newTargetGroup(context, input))],
    }),
    DescribeTargetGroups: (input: DescribeRequest) => describeMany(context, input),
    ModifyTargetGroup: (input: HealthRequest & { TargetGroupArn: string }) => {
      const group = groupOf(state, input.TargetGroupArn);
      group.health = healthFrom(input, group.protocol, group.health);
      return { TargetGroups: [describe(context, group)] };
    },
    DeleteTargetGroup: (input: { TargetGroupArn: string }) => remove(context, input.TargetGroupArn),
    DescribeTargetGroupAttributes: (input: { TargetGroupArn: string }) =>
      describeAttributes(groupAttributes, groupOf(state, input.TargetGroupArn).attributes),
    ModifyTargetGroupAttributes: (input: { TargetGroupArn: string; Attributes: Attributes }) => {
      const { attributes } = groupOf(state, input.TargetGroupArn);
      setAttributes(groupAttributes, attributes, input.Attributes);
      return describeAttributes(groupAttributes, attributes);
    },
  };
}
