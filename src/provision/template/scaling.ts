import type { ClusterChoice, ScalingChoice } from '../choices';
import { getAtt, ref, sub, type Resource } from './ast';

/** Scaling by CPU (Application Auto Scaling, target tracking). */
export function scalingResources(scaling: ScalingChoice | undefined, cluster: ClusterChoice): Record<string, Resource> {
  if (!scaling) return {};
  const name = cluster.kind === 'new' ? '${Cluster}' : cluster.name;
  return {
    ScalableTarget: {
      type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      comment: 'Between which numbers of tasks scaling moves.',
      properties: {
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceId: sub(`service/${name}/\${Service.Name}`),
        MinCapacity: ref('MinimumTasks'),
        MaxCapacity: scaling.maximum,
      },
    },
    ScalingPolicy: {
      type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      comment: 'Starts and stops tasks so that their CPU stays near the target.',
      properties: {
        PolicyName: sub('${Service.Name}-cpu'),
        PolicyType: 'TargetTrackingScaling',
        ScalingTargetId: ref('ScalableTarget'),
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
          TargetValue: scaling.cpuTarget,
        },
      },
    },
  };
}

/** The service's name, for outputs. */
export const serviceName = getAtt('Service', 'Name');
