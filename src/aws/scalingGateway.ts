import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  type ApplicationAutoScalingClient,
} from '@aws-sdk/client-application-auto-scaling';
import type { Scaling, ScalingGateway } from '../ecs/scaling';
import type { Caller } from './caller';

/** Application Auto Scaling over the AWS SDK. */
export class SdkScalingGateway implements ScalingGateway {
  constructor(
    private readonly client: ApplicationAutoScalingClient,
    private readonly caller: Caller,
  ) {}

  async scalingOf(cluster: string, service: string, signal: AbortSignal): Promise<Scaling | undefined> {
    const resource = `service/${cluster}/${service}`;
    const targets = await this.caller.call(
      'application-autoscaling:DescribeScalableTargets',
      'other',
      signal,
      (options) =>
        this.client.send(
          new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', ResourceIds: [resource] }),
          options,
        ),
    );
    const target = targets.ScalableTargets?.find(
      ({ ScalableDimension }) => ScalableDimension === 'ecs:service:DesiredCount',
    );
    if (!target) return undefined;
    const policies = await this.caller.call(
      'application-autoscaling:DescribeScalingPolicies',
      'other',
      signal,
      (options) =>
        this.client.send(
          new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs', ResourceId: resource }),
          options,
        ),
    );
    const { DynamicScalingInSuspended: inward, DynamicScalingOutSuspended: outward } = target.SuspendedState ?? {};
    return {
      minimum: target.MinCapacity ?? 0,
      maximum: target.MaxCapacity ?? 0,
      suspended: inward === true || outward === true,
      policies: (policies.ScalingPolicies ?? []).map((policy) => {
        const tracking = policy.TargetTrackingScalingPolicyConfiguration;
        return {
          arn: policy.PolicyARN ?? '',
          name: policy.PolicyName ?? '',
          type: policy.PolicyType ?? '',
          metric:
            tracking?.PredefinedMetricSpecification?.PredefinedMetricType ??
            tracking?.CustomizedMetricSpecification?.MetricName,
          target: tracking?.TargetValue,
        };
      }),
    };
  }
}
