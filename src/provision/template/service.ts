import type { ServiceChoices } from '../choices';
import { ref, when, type Resource } from './ast';
import { capacityDependencies, clusterName, launchProperties } from './cluster';
import { balancerProperties, listenerDependencies } from './loadBalancer';
import { ruleDependencies, taskGroups } from './network';

/** There is nothing to go back to until an image was healthy. */
const breaker = { Enable: true, Rollback: when('HasImage', true, false) };

/** The service itself. */
export function serviceResource(choices: ServiceChoices): Record<string, Resource> {
  const { name, cluster, capacity, network, exec, deployment } = choices;
  const dependsOn = [...listenerDependencies(choices), ...ruleDependencies(choices), ...capacityDependencies(choices)];
  return {
    Service: {
      type: 'AWS::ECS::Service',
      comment:
        'Keeps the tasks running, and takes a deployment back whose tasks do not come up. Without an image: none, and nothing to go back to.',
      ...(dependsOn.length > 0 ? { dependsOn } : {}),
      properties: {
        ServiceName: name,
        Cluster: clusterName(cluster),
        TaskDefinition: ref('TaskDefinition'),
        DesiredCount: when('HasImage', ref('DesiredCount'), 0),
        ...launchProperties(capacity),
        DeploymentConfiguration: {
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
          ...(deployment === 'blueGreen'
            ? { Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 0 }
            : { DeploymentCircuitBreaker: breaker }),
        },
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            Subnets: ref('TaskSubnets'),
            SecurityGroups: taskGroups(choices),
            AssignPublicIp: network.publicAddress ? 'ENABLED' : 'DISABLED',
          },
        },
        ...balancerProperties(choices),
        EnableExecuteCommand: exec,
        EnableECSManagedTags: true,
        PropagateTags: 'SERVICE',
      },
    },
  };
}
