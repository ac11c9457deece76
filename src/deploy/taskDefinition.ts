import { GantryError } from '../core/errors';
import { parseImageReference, sameRepository, type ImageReference } from '../core/imageRef';
import { message } from '../core/message';
import type { DescribedTaskDefinition, RawTaskDefinition } from '../ecs/gateway';
import type { ContainerDefinition } from '../ecs/model';
import { containersOf } from '../ecs/taskDefinition';
import { sizeNumber } from './memorySize';

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
  const own = tags.filter(isOwnTag);
  // An empty list of tags is refused.
  return own.length > 0 ? { ...input, tags: own } : input;
}

/** Tags of AWS's own, such as CloudFormation's, are refused from anybody else (ECS RegisterTaskDefinition, `tags`). */
function isOwnTag({ key = '' }: { readonly key?: string | undefined }): boolean {
  return !key.toLowerCase().startsWith('aws:');
}

/**
 * The input for the next revision: the described one with another image in one container.
 * @throws GantryError taskDefinitionChanged when the container is gone
 */
export function nextRevision(described: DescribedTaskDefinition, container: string, image: string): RawTaskDefinition {
  return withImage(revisionInput(described), container, image);
}

/**
 * The same input with another image in one container.
 * @throws GantryError taskDefinitionChanged when there is no such container
 */
export function withImage(input: RawTaskDefinition, container: string, image: string): RawTaskDefinition {
  const next = structuredClone(input);
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

/** One member that a registered revision has otherwise than it was asked for. */
export interface Difference {
  /** `containerDefinitions[0].image` */
  readonly path: string;
  /** Undefined where nobody asked for it. */
  readonly asked: unknown;
  /** Undefined where it is not there. */
  readonly registered: unknown;
}

/**
 * Where a registered revision differs from what was asked for. What ECS fills in by itself is no difference: an empty
 * value (`systemControls: []`, `enableFaultInjection: false` came with the years, and old revisions lack them) and the
 * defaults of the API. Anything that is lost, changed or filled in with another value is one.
 */
export function differencesOf(asked: RawTaskDefinition, registered: DescribedTaskDefinition): Difference[] {
  const got: Json = { ...registered.taskDefinition };
  for (const member of revisionMembers) Reflect.deleteProperty(got, member);
  const { tags, ...wanted } = asked;
  return [...differences(wanted, got, ''), ...differences(sortTags(tags), sortTags(registered.tags), 'tags')];
}

/** The paths of the differences. */
export function unexpectedDifferences(asked: RawTaskDefinition, registered: DescribedTaskDefinition): string[] {
  return differencesOf(asked, registered).map(({ path }) => path);
}

function sortTags(tags: unknown): unknown[] {
  const list = Array.isArray(tags) ? (tags as { key?: string }[]) : [];
  return list.filter(isOwnTag).sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
}

function differences(asked: unknown, registered: unknown, path: string): Difference[] {
  if (Array.isArray(asked) && Array.isArray(registered)) {
    if (asked.length !== registered.length) return [{ path, asked, registered }];
    const [wanted, got] = isUnordered.test(path) ? [byName(asked), byName(registered)] : [asked, registered];
    return wanted.flatMap((item, index) => differences(item, got[index], `${path}[${index}]`));
  }
  if (isObject(asked) && isObject(registered)) {
    const keys = new Set([...Object.keys(asked), ...Object.keys(registered)]);
    return [...keys].flatMap((key) => {
      const [wanted, got] = [asked[key], registered[key]];
      if (wanted === undefined && isDefault(path, key, got, asked)) return [];
      if (path === '' && (key === 'cpu' || key === 'memory') && sameSize(wanted, got)) return [];
      return differences(wanted, got, path ? `${path}.${key}` : key);
    });
  }
  return Object.is(asked, registered) || (asked === undefined && isEmptyDefault(registered))
    ? []
    : [{ path, asked, registered }];
}

/** Lists of names and values, which ECS gives in an order of its own. */
const isUnordered = /^containerDefinitions\[\d+\]\.(environment|secrets)$/;

/** A name that stands there twice keeps its order: the later value counts. */
function byName(list: readonly unknown[]): unknown[] {
  const nameOf = (item: unknown): string => (isObject(item) ? String(item['name']) : '');
  return [...list].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

/** Defaults that ECS writes into a revision that says nothing (ECS API: ContainerDefinition, PortMapping, HealthCheck). */
const defaults: readonly (readonly [place: RegExp, values: Readonly<Record<string, unknown>>])[] = [
  [/^containerDefinitions\[\d+\]$/, { essential: true }],
  [/\.portMappings\[\d+\]$/, { protocol: 'tcp', hostPort: 0 }],
  [/\]\.healthCheck$/, { interval: 30, timeout: 5, retries: 3 }],
];

function isDefault(place: string, member: string, value: unknown, beside: Json): boolean {
  const found = defaults.find(([pattern]) => pattern.test(place))?.[1];
  if (!found || !(member in found)) return false;
  // In awsvpc and host mode the host port is the container port.
  return Object.is(found[member], value) || (member === 'hostPort' && value === beside['containerPort']);
}

/** ECS turns `1 vCPU` into `1024` and `2 GB` into `2048`. */
function sameSize(asked: unknown, registered: unknown): boolean {
  return asked !== undefined && sizeNumber(asked) !== undefined && sizeNumber(asked) === sizeNumber(registered);
}

function isEmptyDefault(value: unknown): boolean {
  return value === false || value === 0 || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
