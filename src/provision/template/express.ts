import type { ExpressChoices } from '../choices';
import { getAtt, ref, type Resource } from './ast';
import { clusterName, newCluster } from './cluster';
import { repositoryResources } from './repository';
import { expressRole, taskRoles } from './roles';
import { environmentOf, logGroup, secretsOf } from './taskDefinition';

/** A service of Express Mode: it needs an image from its first moment, so it comes when there is one. */
export function expressResources(choices: ExpressChoices): Record<string, Resource> {
  const { name, repository, cluster, container, cpu, memory, healthCheckPath, scaling } = choices;
  const environment = environmentOf(container);
  const secrets = secretsOf(container);
  return {
    ...repositoryResources(repository),
    ...newCluster(cluster),
    ...logGroup(name, choices.logRetention),
    ...taskRoles({ repository, containers: [container], exec: false }),
    ...expressRole(),
    Service: {
      type: 'AWS::ECS::ExpressGatewayService',
      comment: 'Express Mode makes the load balancer, the certificate, the address and the scaling by itself.',
      condition: 'HasImage',
      properties: {
        ServiceName: name,
        Cluster: clusterName(cluster),
        Cpu: String(cpu),
        Memory: String(memory),
        HealthCheckPath: healthCheckPath,
        ExecutionRoleArn: getAtt('ExecutionRole', 'Arn'),
        TaskRoleArn: getAtt('TaskRole', 'Arn'),
        InfrastructureRoleArn: getAtt('InfrastructureRole', 'Arn'),
        PrimaryContainer: {
          Image: ref('Image'),
          ...(container.ports[0] === undefined ? {} : { ContainerPort: container.ports[0] }),
          ...(environment.length > 0 ? { Environment: environment } : {}),
          ...(secrets.length > 0 ? { Secrets: secrets } : {}),
          AwsLogsConfiguration: { LogGroup: ref('LogGroup'), LogStreamPrefix: container.name },
        },
        ...(scaling
          ? {
              ScalingTarget: {
                AutoScalingMetric: 'AVERAGE_CPU',
                AutoScalingTargetValue: scaling.cpuTarget,
                MinTaskCount: scaling.minimum,
                MaxTaskCount: scaling.maximum,
              },
            }
          : {}),
      },
    },
  };
}
