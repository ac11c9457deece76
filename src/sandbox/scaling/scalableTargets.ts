import { randomBytes } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { type ScalingContext, pageOf, policyOperations, removePolicy } from './policies';
import { scalingTagOperations } from './tags';

export interface ScalableTarget {
  readonly resource: string;
  readonly arn: string;
  readonly createdAt: number;
  min: number;
  max: number;
  suspended?: SuspendedState;
  tags?: Readonly<Record<string, string>> | undefined;
}

export interface SuspendedState {
  readonly DynamicScalingInSuspended?: boolean;
  readonly DynamicScalingOutSuspended?: boolean;
  readonly ScheduledScalingSuspended?: boolean;
}

/** By resource id: `service/CLUSTER/NAME`. */
export type ScalableTargets = Map<string, ScalableTarget>;

interface RegisterRequest {
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
  readonly MinCapacity?: number;
  readonly MaxCapacity?: number;
  readonly SuspendedState?: SuspendedState;
  readonly Tags?: Readonly<Record<string, string>>;
}

interface DescribeRequest {
  readonly ServiceNamespace: string;
  readonly ResourceIds?: readonly string[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const invalid = (text: string): ApiError => new ApiError('ValidationException', text);

/** Application Auto Scaling for services of ECS. */
export function scalingOperations(context: ScalingContext): Record<string, Operation> {
  const { targets, ecs } = context;
  const { region, account } = ecs.place;
  const register = ({ ResourceId: resource, ...input }: RegisterRequest): unknown => {
    if (input.ServiceNamespace !== 'ecs' || input.ScalableDimension !== 'ecs:service:DesiredCount') {
      throw invalid('The sandbox scales services of ECS only.');
    }
    const [kind, cluster = '', service = ''] = resource.split('/');
    const found = ecs.state.clusters.get(cluster)?.services.get(service);
    if (kind !== 'service' || found?.status !== 'ACTIVE') throw invalid(`ECS service doesn't exist: ${resource}`);
    const former = targets.get(resource);
    const min = input.MinCapacity ?? former?.min;
    const max = input.MaxCapacity ?? former?.max;
    if (min === undefined || max === undefined) throw invalid('MinCapacity and MaxCapacity must be given.');
    if (min > max || min < 0) throw invalid('Maximum capacity cannot be less than minimum capacity');
    const id = randomBytes(16).toString('hex');
    const arn = former?.arn ?? `arn:aws:application-autoscaling:${region}:${account}:scalable-target/${id}`;
    const suspended = { ...former?.suspended, ...input.SuspendedState };
    const createdAt = former?.createdAt ?? ecs.clock.now();
    targets.set(resource, { resource, arn, createdAt, min, max, suspended, tags: former?.tags ?? input.Tags });
    return { ScalableTargetARN: arn };
  };
  return {
    ...policyOperations(context),
    ...scalingTagOperations(targets),
    RegisterScalableTarget: (input: RegisterRequest) => register(input),
    DescribeScalableTargets: (input: DescribeRequest) => {
      const all = input.ServiceNamespace === 'ecs' ? [...targets.values()] : [];
      const wanted = all.filter(({ resource }) => !input.ResourceIds?.length || input.ResourceIds.includes(resource));
      const { items, nextToken } = pageOf(wanted, input);
      const ScalableTargets = items.map(({ resource, arn, createdAt, min, max, suspended }) => ({
        ServiceNamespace: 'ecs',
        ResourceId: resource,
        ScalableDimension: 'ecs:service:DesiredCount',
        MinCapacity: min,
        MaxCapacity: max,
        RoleARN: `arn:aws:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
        CreationTime: new Date(createdAt),
        ScalableTargetARN: arn,
        SuspendedState: {
          DynamicScalingInSuspended: false,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: false,
          ...suspended,
        },
      }));
      return { ScalableTargets, NextToken: nextToken };
    },
    DeregisterScalableTarget: ({ ResourceId }: RegisterRequest) => {
      for (const policy of context.state.policies.values()) {
        if (policy.resource === ResourceId) removePolicy(context, policy);
      }
      if (targets.delete(ResourceId)) return {};
      throw new ApiError('ObjectNotFoundException', `No scalable target found for resource ID: ${ResourceId}`);
    },
  };
}
