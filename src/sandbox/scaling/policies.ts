import { randomUUID } from 'node:crypto';
import type { EcsContext } from '../ecsService/context';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { type PutAlarmRequest, alarmArn, newAlarm } from '../metrics/alarmOperations';
import type { Alarms } from '../metrics/alarms';
import { type AwsDimension, awsDimensions } from '../metrics/metricStore';
import { page } from '../paging';
import type { ScalableTargets } from './scalableTargets';

export interface TargetTracking {
  readonly TargetValue: number;
  readonly PredefinedMetricSpecification?: { readonly PredefinedMetricType: string };
  readonly CustomizedMetricSpecification?: {
    readonly MetricName?: string;
    readonly Namespace?: string;
    readonly Dimensions?: readonly AwsDimension[];
    readonly Statistic?: string;
    readonly Metrics?: unknown;
  };
  readonly ScaleOutCooldown?: number;
  readonly ScaleInCooldown?: number;
  readonly DisableScaleIn?: boolean;
}

export interface StepScaling {
  readonly AdjustmentType?: 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity';
  readonly StepAdjustments?: readonly {
    readonly MetricIntervalLowerBound?: number;
    readonly MetricIntervalUpperBound?: number;
    readonly ScalingAdjustment: number;
  }[];
  readonly MinAdjustmentMagnitude?: number;
  readonly Cooldown?: number;
}

export interface ScalingPolicy {
  readonly arn: string;
  readonly name: string;
  readonly resource: string;
  readonly createdAt: number;
  readonly type: 'TargetTrackingScaling' | 'StepScaling';
  readonly tracking?: TargetTracking | undefined;
  readonly steps?: StepScaling | undefined;
  /** Names of the alarms that belong to it and go with it. */
  readonly alarms: readonly string[];
}

export interface ScalingActivity {
  readonly id: string;
  readonly resource: string;
  readonly at: number;
  readonly description: string;
  readonly cause: string;
  readonly message: string;
}

/** What Application Auto Scaling keeps apart from its targets. Policies by ARN; activities newest first. */
export interface ScalingState {
  readonly policies: Map<string, ScalingPolicy>;
  activities: ScalingActivity[];
}

export function emptyScaling(): ScalingState {
  return { policies: new Map(), activities: [] };
}

export interface ScalingContext {
  readonly targets: ScalableTargets;
  readonly state: ScalingState;
  readonly alarms: Alarms;
  readonly ecs: EcsContext;
}

interface PutRequest {
  readonly PolicyName: string;
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
  readonly PolicyType?: string;
  readonly TargetTrackingScalingPolicyConfiguration?: TargetTracking;
  readonly StepScalingPolicyConfiguration?: StepScaling;
}

const invalid = (text: string): ApiError => new ApiError('ValidationException', text);

const predefined: Readonly<Record<string, string>> = {
  ECSServiceAverageCPUUtilization: 'CPUUtilization',
  ECSServiceAverageMemoryUtilization: 'MemoryUtilization',
};

/** The metric that a policy tracks, as an alarm names it. @throws ApiError when there is none in the sandbox. */
function trackedMetric(tracking: TargetTracking, resource: string): Partial<PutAlarmRequest> {
  const { PredefinedMetricSpecification: given, CustomizedMetricSpecification: custom } = tracking;
  if ((given === undefined) === (custom === undefined)) {
    throw invalid('Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be given.');
  }
  if (given) {
    const MetricName = predefined[given.PredefinedMetricType];
    if (MetricName === undefined) throw invalid(`The metric ${given.PredefinedMetricType} is not in the sandbox.`);
    const [, ClusterName = '', ServiceName = ''] = resource.split('/');
    const Dimensions = awsDimensions({ ClusterName, ServiceName });
    return { MetricName, Namespace: 'AWS/ECS', Statistic: 'Average', Dimensions };
  }
  const { MetricName, Namespace, Statistic, Dimensions = [], Metrics } = custom ?? {};
  if (Metrics !== undefined || MetricName === undefined || Namespace === undefined || Statistic === undefined) {
    throw invalid('MetricName, Namespace and Statistic must be given; expressions are not in the sandbox.');
  }
  return { MetricName, Namespace, Statistic, Dimensions };
}

/** AWS watches a target with two alarms: three minutes above it, a quarter of an hour well below it. */
function trackingAlarms({ alarms, ecs }: ScalingContext, policy: ScalingPolicy, tracking: TargetTracking): string[] {
  const metric = trackedMetric(tracking, policy.resource);
  const make = (side: 'High' | 'Low'): string => {
    const AlarmName = `TargetTracking-${policy.resource}-Alarm${side}-${randomUUID()}`;
    const high = side === 'High';
    const request: PutAlarmRequest = {
      ...metric,
      AlarmName,
      AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.arn}.`,
      AlarmActions: [policy.arn],
      Period: 60,
      EvaluationPeriods: high ? 3 : 15,
      Threshold: high ? tracking.TargetValue : tracking.TargetValue * 0.9,
      ComparisonOperator: high ? 'GreaterThanThreshold' : 'LessThanThreshold',
    };
    alarms.put(newAlarm(ecs.clock.now(), ecs.place, request));
    return AlarmName;
  };
  return tracking.DisableScaleIn ? [make('High')] : [make('High'), make('Low')];
}

function checkSteps(steps: StepScaling | undefined): void {
  if (!steps?.AdjustmentType || !steps.StepAdjustments?.length) {
    throw invalid('AdjustmentType and StepAdjustments must be given.');
  }
  for (const { MetricIntervalLowerBound: low, MetricIntervalUpperBound: high } of steps.StepAdjustments) {
    if (low === undefined && high === undefined) throw invalid('At least one bound of a step must be specified.');
    if (low !== undefined && high !== undefined && low >= high) {
      throw invalid('Invalid StepAdjustment: the lower bound must be less than the upper bound.');
    }
  }
}

function put(context: ScalingContext, request: PutRequest): unknown {
  const { targets, state, alarms, ecs } = context;
  const { PolicyName: name, ResourceId: resource } = request;
  if (!targets.has(resource)) {
    throw new ApiError(
      'ObjectNotFoundException',
      `No scalable target registered for service namespace: ecs, resource ID: ${resource}, scalable dimension: ecs:service:DesiredCount`,
    );
  }
  const type = request.PolicyType ?? 'StepScaling';
  if (type !== 'TargetTrackingScaling' && type !== 'StepScaling') throw invalid(`${type} is not in the sandbox.`);
  const former = [...state.policies.values()].find((policy) => policy.resource === resource && policy.name === name);
  const { region, account } = ecs.place;
  const id = `${randomUUID()}:resource/ecs/${resource}:policyName/${name}`;
  const arn = former?.arn ?? `arn:aws:autoscaling:${region}:${account}:scalingPolicy:${id}`;
  const tracking = type === 'TargetTrackingScaling' ? request.TargetTrackingScalingPolicyConfiguration : undefined;
  const steps = type === 'StepScaling' ? request.StepScalingPolicyConfiguration : undefined;
  if (type === 'StepScaling') checkSteps(steps);
  else if (!tracking) throw invalid('TargetTrackingScalingPolicyConfiguration must be given.');
  const policy = {
    arn,
    name,
    resource,
    createdAt: former?.createdAt ?? ecs.clock.now(),
    type,
    tracking,
    steps,
  } as const;
  if (tracking) trackedMetric(tracking, resource);
  for (const alarm of former?.alarms ?? []) alarms.delete(alarm);
  const names = tracking ? trackingAlarms(context, { ...policy, alarms: [] }, tracking) : [];
  state.policies.set(arn, { ...policy, alarms: names });
  return { PolicyARN: arn, Alarms: describeAlarms(context, names) };
}

function describeAlarms({ ecs }: ScalingContext, names: readonly string[]): unknown[] {
  return names.map((AlarmName) => ({ AlarmName, AlarmARN: alarmArn(ecs.place, AlarmName) }));
}

/** Forgets a policy and its alarms. */
export function removePolicy({ state, alarms }: ScalingContext, policy: ScalingPolicy): void {
  for (const alarm of policy.alarms) alarms.delete(alarm);
  state.policies.delete(policy.arn);
}

interface DescribeRequest {
  readonly ServiceNamespace: string;
  readonly PolicyNames?: readonly string[];
  readonly ResourceId?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const common = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' };

/** A page in Application Auto Scaling's words. */
export function pageOf<T>(
  all: readonly T[],
  { MaxResults, NextToken, ...filters }: DescribeRequest,
): { items: readonly T[]; nextToken?: string } {
  try {
    return page(all, MaxResults ?? 50, NextToken, filters);
  } catch {
    throw new ApiError('InvalidNextTokenException', 'Invalid nextToken parameter.');
  }
}

function describePolicies(context: ScalingContext, request: DescribeRequest): unknown {
  const { PolicyNames: names, ResourceId, ServiceNamespace } = request;
  const found = [...context.state.policies.values()]
    .filter(() => ServiceNamespace === 'ecs')
    .filter(({ resource, name }) => (ResourceId ?? resource) === resource && (names?.includes(name) ?? true));
  const { items, nextToken } = pageOf(found, request);
  const ScalingPolicies = items.map((policy) => ({
    ...{
      ...common,
      PolicyARN: policy.arn,
      PolicyName: policy.name,
      ResourceId: policy.resource,
      PolicyType: policy.type,
    },
    TargetTrackingScalingPolicyConfiguration: policy.tracking,
    StepScalingPolicyConfiguration: policy.steps,
    Alarms: describeAlarms(context, policy.alarms),
    CreationTime: new Date(policy.createdAt),
  }));
  return { ScalingPolicies, NextToken: nextToken };
}

function describeActivities({ state }: ScalingContext, request: DescribeRequest): unknown {
  const { ResourceId, ServiceNamespace } = request;
  const found = state.activities.filter(
    ({ resource }) => ServiceNamespace === 'ecs' && (ResourceId ?? resource) === resource,
  );
  const { items, nextToken } = pageOf(found, request);
  const ScalingActivities = items.map(({ id, resource, at, description, cause, message }) => ({
    ...{ ...common, ActivityId: id, ResourceId: resource, Description: description, Cause: cause },
    ...{ StartTime: new Date(at), EndTime: new Date(at), StatusCode: 'Successful', StatusMessage: message },
  }));
  return { ScalingActivities, NextToken: nextToken };
}

export function policyOperations(context: ScalingContext): Record<string, Operation> {
  return {
    PutScalingPolicy: (input: PutRequest) => put(context, input),
    DescribeScalingPolicies: (input: DescribeRequest) => describePolicies(context, input),
    DescribeScalingActivities: (input: DescribeRequest) => describeActivities(context, input),
    DeleteScalingPolicy: ({ PolicyName, ResourceId }: PutRequest) => {
      const policy = [...context.state.policies.values()].find(
        ({ name, resource }) => name === PolicyName && resource === ResourceId,
      );
      if (!policy)
        throw new ApiError(
          'ObjectNotFoundException',
          `No scaling policy found for service namespace: ecs, resource ID: ${ResourceId}, policy name: ${PolicyName}`,
        );
      removePolicy(context, policy);
      return {};
    },
  };
}
