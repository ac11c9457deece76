import { GantryError } from '../core/errors';
import { parseImageReference, sameRepository, type ImageReference } from '../core/imageRef';
import { message } from '../core/message';
import type { DescribedTaskDefinition, RawTaskDefinition } from '../ecs/gateway';
import type { ContainerDefinition } from '../ecs/model';
import { containersOf } from '../ecs/taskDefinition';

/** The members that DescribeTaskDefinition returns and RegisterTaskDefinition refuses. Everything else must survive. */
const revisionMembers = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
] as const;

type Json = Record<string, unknown>;

/**
 * The container that runs images of a repository: the only one whose image names it. Undefined when there is none or
 * several, and somebody has to be asked; sidecars are never retagged.
 */
export function containerFor(
  containers: readonly ContainerDefinition[],
  repository: ImageReference,
): ContainerDefinition | undefined {
  const matching = containers.filter(({ image }) => {
    const reference = parseImageReference(image);
    return reference && sameRepository(reference, repository);
  });
  return matching.length === 1 ? matching[0] : undefined;
}

/** The input of RegisterTaskDefinition that makes a described revision again: without the nine members of a revision. */
export function revisionInput({ taskDefinition, tags }: DescribedTaskDefinition): RawTaskDefinition {
  const input: Json = structuredClone(taskDefinition);
  for (const member of revisionMembers) Reflect.deleteProperty(input, member);
  // An empty list of tags is refused.
  return tags.length > 0 ? { ...input, tags } : input;
}

/**
 * The input for the next revision: the described one with another image in one container.
 * @throws GantryError taskDefinitionChanged when the container is gone
 */
export function nextRevision(described: DescribedTaskDefinition, container: string, image: string): RawTaskDefinition {
  const next = revisionInput(described);
  const definition = containersOf(next).find(({ name }) => name === container);
  if (!definition) {
    throw new GantryError(
      'taskDefinitionChanged',
      message('The task definition has no container “{0}” any more.', container),
    );
  }
  definition['image'] = image;
  return next;
}

/**
 * Paths at which a registered revision differs from what was asked for. Members that ECS fills in with an empty default
 * (`systemControls: []`, `enableFaultInjection: false` came with the years, and old revisions lack them) are none;
 * anything that is lost, changed or filled in with a value is.
 */
export function unexpectedDifferences(asked: RawTaskDefinition, registered: DescribedTaskDefinition): string[] {
  const got: Json = { ...registered.taskDefinition };
  for (const member of revisionMembers) Reflect.deleteProperty(got, member);
  const { tags, ...wanted } = asked;
  return [...differences(wanted, got, ''), ...differences(sortTags(tags), sortTags(registered.tags), 'tags')];
}

function sortTags(tags: unknown): unknown[] {
  const list = Array.isArray(tags) ? (tags as { key?: string }[]) : [];
  return [...list].sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
}

function differences(a: unknown, b: unknown, path: string): string[] {
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return [path];
    return a.flatMap((item, index) => differences(item, b[index], `${path}[${index}]`));
  }
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key));
  }
  return Object.is(a, b) || (a === undefined && isEmptyDefault(b)) ? [] : [path];
}

function isEmptyDefault(value: unknown): boolean {
  return value === false || value === 0 || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
