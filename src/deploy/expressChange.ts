import { isDeepStrictEqual } from 'node:util';
import type { ExpressChange, ExpressService } from '../ecs/express';
import type { RawTaskDefinition } from '../ecs/gateway';
import { containersOf } from '../ecs/taskDefinition';

type Json = Readonly<Record<string, unknown>>;

/** Members of a container that Express Mode takes under the same names as a task definition. */
const containerMembers = ['image', 'command', 'environment', 'secrets', 'repositoryCredentials'] as const;

/** Members of a task definition that Express Mode takes under the same names. */
const taskMembers = ['cpu', 'memory', 'executionRoleArn', 'taskRoleArn'] as const;

/**
 * What UpdateExpressGatewayService has to be told so that the service runs a task definition. Express Mode registers its
 * task definitions itself, from this; members that stay as they are stay out of the request. Empty when nothing changes.
 * @param container the name of the primary container
 */
export function expressChange(
  definition: RawTaskDefinition,
  container: string | undefined,
  current: ExpressService,
): ExpressChange {
  const containers = containersOf(definition);
  const wanted = containers.find(({ name }) => name === container) ?? containers[0] ?? {};
  const changed = containerMembers.filter((name) => !isSame(wanted[name], current.primaryContainer[name]));
  const members = Object.fromEntries(changed.map((name) => [name, wanted[name] ?? []]));
  return {
    // The image is required, and what AWS makes of a container that is named in part is nowhere written.
    ...(changed.length > 0 ? { primaryContainer: { ...current.primaryContainer, ...members } } : {}),
    ...Object.fromEntries(
      taskMembers
        .filter((name) => definition[name] !== undefined && definition[name] !== current[name])
        .map((name) => [name, definition[name]]),
    ),
  };
}

/** A list that is empty is one that is not there; variables and secrets have no order. */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

function plain(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (value.length === 0) return undefined;
  const isNamed = value.every((item): item is Json => typeof item === 'object' && item !== null && 'name' in item);
  return isNamed ? [...value].sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1)) : value;
}
