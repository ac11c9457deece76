import type { RawTaskDefinition } from './gateway';
import { containersOf } from './taskDefinition';

/** A log group that a container writes to by the awslogs driver. */
export interface LogGroupNeed {
  readonly name: string;
  /** Undefined where the driver's option is missing. */
  readonly region: string | undefined;
  /** The driver makes the group if it is missing (`awslogs-create-group`). */
  readonly isCreated: boolean;
}

/** Something secret that ECS fetches for a container before it starts. */
export interface SecretNeed {
  readonly container: string;
  /** An ARN, or the name of a parameter. */
  readonly valueFrom: string;
}

/** What the tasks of a task definition need besides their images. */
export interface TaskNeeds {
  readonly networkMode: string;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly operatingSystem: string | undefined;
  readonly executionRole: string | undefined;
  readonly taskRole: string | undefined;
  readonly logGroups: readonly LogGroupNeed[];
  readonly secrets: readonly SecretNeed[];
  readonly containers: readonly {
    readonly name: string;
    readonly image: string;
    /** TCP ports of its mappings. */
    readonly ports: readonly number[];
    /** The environment variable `PORT`, by which many programs are told where to listen. */
    readonly portVariable: string | undefined;
  }[];
}

type Json = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);

/** Reads them off a task definition (ECS RegisterTaskDefinition). */
export function needsOf(definition: RawTaskDefinition): TaskNeeds {
  const containers = containersOf(definition);
  const platform = definition['runtimePlatform'] as Json | undefined;
  return {
    networkMode: textOf(definition['networkMode']) ?? 'bridge',
    cpu: textOf(definition['cpu']),
    memory: textOf(definition['memory']),
    operatingSystem: textOf(platform?.['operatingSystemFamily']),
    executionRole: textOf(definition['executionRoleArn']),
    taskRole: textOf(definition['taskRoleArn']),
    logGroups: distinct(containers.flatMap(logGroupOf), ({ name, region }) => `${region ?? ''} ${name}`),
    secrets: containers.flatMap(secretsOf),
    containers: containers.map((container) => ({
      ...{ name: textOf(container['name']) ?? '', image: textOf(container['image']) ?? '' },
      ports: listOf(container['portMappings']).flatMap(({ containerPort, protocol }) =>
        typeof containerPort === 'number' && protocol !== 'udp' ? [containerPort] : [],
      ),
      portVariable: textOf(listOf(container['environment']).find(({ name }) => name === 'PORT')?.['value']),
    })),
  };
}

function logGroupOf(container: Json): LogGroupNeed[] {
  const { logDriver, options } = (container['logConfiguration'] ?? {}) as { logDriver?: unknown; options?: Json };
  const name = logDriver === 'awslogs' ? textOf(options?.['awslogs-group']) : undefined;
  if (name === undefined) return [];
  return [
    { name, region: textOf(options?.['awslogs-region']), isCreated: options?.['awslogs-create-group'] === 'true' },
  ];
}

function secretsOf(container: Json): SecretNeed[] {
  const logging = (container['logConfiguration'] ?? {}) as Json;
  const credentials = (container['repositoryCredentials'] ?? {}) as Json;
  const sources = [
    ...[...listOf(container['secrets']), ...listOf(logging['secretOptions'])].map(({ valueFrom }) => valueFrom),
    credentials['credentialsParameter'],
  ];
  const name = textOf(container['name']) ?? '';
  return sources.flatMap((source) => {
    const valueFrom = textOf(source);
    return valueFrom === undefined ? [] : [{ container: name, valueFrom }];
  });
}

function distinct<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
