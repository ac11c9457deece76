import { parse as parseYaml } from 'yaml';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Service } from '../ecs/model';

interface AppSpec {
  readonly version?: unknown;
  readonly Resources?: readonly { readonly TargetService?: { readonly Properties?: Record<string, unknown> } }[];
}

/**
 * The AppSpec of the next deployment: the last one with another task definition, so that its hooks and settings stay;
 * without a last one what CodeDeploy needs and no more (CodeDeploy user guide, "AppSpec file structure for Amazon ECS").
 * @param last undefined where CodeDeploy does not show it
 * @throws GantryError refused when it cannot be carried over, or the service has no load balancer
 */
export function nextAppSpec(
  { name, targetGroups: [behind] }: Pick<Service, 'name' | 'targetGroups'>,
  taskDefinition: string,
  last: string | undefined,
): string {
  const parsed = last === undefined ? undefined : parse(last);
  if (last !== undefined && !parsed) {
    throw new GantryError(
      'refused',
      message('The AppSpec of “{0}” cannot be read, so Gantry cannot keep its hooks: deploy it as before.', name),
    );
  }
  const before = parsed?.Resources?.[0]?.TargetService?.Properties;
  if (!behind?.container && !before?.['LoadBalancerInfo']) {
    throw new GantryError(
      'refused',
      message('“{0}” has no load balancer, without which CodeDeploy cannot deploy it.', name),
    );
  }
  const info = { ContainerName: behind?.container, ContainerPort: behind?.containerPort };
  const properties = { LoadBalancerInfo: info, ...before, TaskDefinition: taskDefinition };
  const resource = { TargetService: { Type: 'AWS::ECS::Service', Properties: properties } };
  return JSON.stringify({ version: 0.0, ...parsed, Resources: [resource] });
}

/** The task definition that an AppSpec deploys; undefined where it does not say. */
export function taskDefinitionOf(appSpec: string | undefined): string | undefined {
  const properties = parse(appSpec ?? '')?.Resources?.[0]?.TargetService?.Properties;
  const taskDefinition = properties?.['TaskDefinition'];
  return typeof taskDefinition === 'string' ? taskDefinition : undefined;
}

/** CodeDeploy takes YAML and JSON, and JSON is YAML too. */
function parse(text: string): AppSpec | undefined {
  try {
    const parsed = parseYaml(text) as unknown;
    const isMap = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isMap ? withLists(parsed) : undefined;
  } catch {
    return undefined;
  }
}

/** What is no list where one belongs is read as none. */
function withLists(appSpec: AppSpec): AppSpec | undefined {
  const { Resources: resources } = appSpec;
  return resources === undefined || Array.isArray(resources) ? appSpec : undefined;
}
