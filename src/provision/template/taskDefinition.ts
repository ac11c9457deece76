import { runtimePlatformOf } from '../../core/platform';
import { noImage } from '../../deploy/beginning';
import type { ContainerChoice, ServiceChoices } from '../choices';
import { getAtt, ref, when, type Resource, type Value } from './ast';
import { imageOf } from './repository';
import { isFargate } from '../rules';

/** The log group of the containers. */
export function logGroup(name: string, retention: number): Record<string, Resource> {
  return {
    LogGroup: {
      type: 'AWS::Logs::LogGroup',
      comment: 'What the containers print.',
      properties: { LogGroupName: `/ecs/${name}`, RetentionInDays: retention },
    },
  };
}

/** The task definition of an ordinary service. */
export function taskDefinition(choices: ServiceChoices): Record<string, Resource> {
  const { name, cpu, memory, platform, containers } = choices;
  const { cpuArchitecture, operatingSystemFamily } = runtimePlatformOf(platform);
  return {
    TaskDefinition: {
      type: 'AWS::ECS::TaskDefinition',
      comment: 'Which containers make a task, and how large it is.',
      properties: {
        Family: name,
        RequiresCompatibilities: [compatibility(choices)],
        NetworkMode: 'awsvpc',
        Cpu: String(cpu),
        Memory: String(memory),
        RuntimePlatform: {
          CpuArchitecture: cpuArchitecture,
          OperatingSystemFamily: operatingSystemFamily,
        },
        ExecutionRoleArn: getAtt('ExecutionRole', 'Arn'),
        TaskRoleArn: getAtt('TaskRole', 'Arn'),
        ContainerDefinitions: containers.map((container) => containerDefinition(choices, container)),
      },
    },
  };
}

/** `environment` of a container, as CloudFormation writes it. */
export function environmentOf({ environment }: ContainerChoice): Value[] {
  return Object.entries(environment).map(([key, value]) => ({ Name: key, Value: value }));
}

export function secretsOf({ secrets }: ContainerChoice): Value[] {
  return secrets.map(({ name, valueFrom }) => ({ Name: name, ValueFrom: valueFrom }));
}

function compatibility(choices: ServiceChoices): string {
  if (choices.capacity.kind === 'managedInstances') return 'MANAGED_INSTANCES';
  return isFargate(choices) ? 'FARGATE' : 'EC2';
}

function containerDefinition({ repository }: ServiceChoices, container: ContainerChoice): Value {
  const { name, image, ports, healthCheck, essential } = container;
  const environment = environmentOf(container);
  const secrets = secretsOf(container);
  return {
    Name: name,
    Image: image ?? when('HasImage', ref('Image'), imageOf(repository, noImage)),
    Essential: essential,
    ...(ports.length > 0 ? { PortMappings: ports.map((port) => ({ ContainerPort: port, Protocol: 'tcp' })) } : {}),
    ...(environment.length > 0 ? { Environment: environment } : {}),
    ...(secrets.length > 0 ? { Secrets: secrets } : {}),
    ...(healthCheck
      ? {
          HealthCheck: {
            Command: ['CMD-SHELL', healthCheck.command],
            Interval: healthCheck.interval,
            Timeout: healthCheck.timeout,
            Retries: healthCheck.retries,
            StartPeriod: healthCheck.startPeriod,
          },
        }
      : {}),
    LogConfiguration: {
      LogDriver: 'awslogs',
      Options: {
        'awslogs-group': ref('LogGroup'),
        'awslogs-region': ref('AWS::Region'),
        'awslogs-stream-prefix': name,
      },
    },
  };
}
