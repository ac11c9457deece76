import type { RuntimePlatform } from '../core/platform';
import type { DescribedTaskDefinition, RawTaskDefinition } from './gateway';
import type { ContainerDefinition, TaskDefinitionSummary } from './model';

/** What Gantry reads in a task definition. */
export function summarize({ taskDefinition }: DescribedTaskDefinition): TaskDefinitionSummary {
  return {
    arn: String(taskDefinition['taskDefinitionArn'] ?? ''),
    containers: containersOf(taskDefinition).map(toContainerDefinition),
    runtimePlatform: taskDefinition['runtimePlatform'] as RuntimePlatform | undefined,
  };
}

/** The container definitions of a task definition as JSON; changing one changes the task definition. */
export function containersOf(taskDefinition: RawTaskDefinition): Record<string, unknown>[] {
  const containers = taskDefinition['containerDefinitions'];
  return Array.isArray(containers) ? (containers as Record<string, unknown>[]) : [];
}

function toContainerDefinition(from: Record<string, unknown>): ContainerDefinition {
  const mappings = Array.isArray(from['portMappings']) ? (from['portMappings'] as Record<string, unknown>[]) : [];
  return {
    name: String(from['name'] ?? ''),
    image: String(from['image'] ?? ''),
    essential: from['essential'] !== false,
    ports: mappings.flatMap(({ containerPort, protocol }) =>
      typeof containerPort === 'number' && protocol !== 'udp' ? [containerPort] : [],
    ),
  };
}
