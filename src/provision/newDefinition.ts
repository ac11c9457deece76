import { parseImageReference } from '../core/imageRef';
import { runtimePlatformOf } from '../core/platform';
import type { RawTaskDefinition } from '../ecs/gateway';

/** What is asked for a new task definition of one container; everything else is written in the editor. */
export interface DefinitionChoices {
  readonly image: string;
  readonly family: string;
  /** CPU units and MiB of a size that Fargate has. */
  readonly cpu: number;
  readonly memory: number;
  /** In Docker's words: `linux/arm64`. */
  readonly platform: string;
  readonly port: number | undefined;
  readonly logGroup: string | undefined;
  readonly region: string;
  readonly executionRole: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** The input of RegisterTaskDefinition, in the order in which people read it. */
export function definitionInput(choices: DefinitionChoices): RawTaskDefinition {
  const { family, cpu, memory, platform, executionRole } = choices;
  return {
    family,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: String(cpu),
    memory: String(memory),
    runtimePlatform: runtimePlatformOf(platform),
    ...(executionRole === undefined ? {} : { executionRoleArn: executionRole }),
    containerDefinitions: [containerOf(choices)],
  };
}

function containerOf({ family, image, port, environment, logGroup, region }: DefinitionChoices): RawTaskDefinition {
  const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
  return {
    ...{ name: family, image, essential: true },
    ...(port === undefined ? {} : { portMappings: [{ containerPort: port, protocol: 'tcp' }] }),
    ...(variables.length > 0 ? { environment: variables } : {}),
    ...(logGroup === undefined
      ? {}
      : {
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': logGroup, 'awslogs-region': region, 'awslogs-stream-prefix': family },
          },
        }),
  };
}

/** A name for the family that runs an image: the last part of its repository. */
export function familyLike(image: string): string {
  const last = parseImageReference(image)?.repository.split('/').at(-1) ?? '';
  return last.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 255) || 'app';
}

/**
 * Whether ECS needs an execution role on Fargate: to write logs by awslogs, and to pull from a private repository of
 * ECR (Amazon ECS Developer Guide, "Amazon ECS task execution IAM role").
 * @param isPrivate whether the image lies in ECR
 */
export function needsExecutionRole(logGroup: string | undefined, isPrivate: boolean): boolean {
  return logGroup !== undefined || isPrivate;
}
