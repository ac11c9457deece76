import { clientException, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { ecsArn } from '../place';
import { type EcsContext, nameOf } from './context';
import { tagMap } from './tags';
import type { ContainerDefinition, Json, Tag, TaskDefinition } from './types';

interface RegisterRequest extends Json {
  readonly family: string;
  readonly containerDefinitions: readonly (Partial<ContainerDefinition> & { readonly image: string })[];
  readonly tags?: readonly Tag[];
}

interface ListRequest {
  readonly familyPrefix?: string;
  readonly family?: string;
  readonly revision?: string;
  readonly status?: string;
  readonly sort?: 'ASC' | 'DESC';
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** Daemon task definitions are kept like others, in families of their own. */
function register(context: EcsContext, { tags, ...given }: RegisterRequest): unknown {
  const { containerDefinitions: containers, family } = given;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(family)) throw clientException('Family contains invalid characters.');
  if (containers.length === 0) throw clientException('Container list cannot be empty.');
  const named = containers.map((container, index) => ({
    essential: true,
    ...container,
    name: container.name ?? `container-${index + 1}`,
  }));
  const revisions = context.state.daemonFamilies.get(family) ?? [];
  const revision = revisions.length + 1;
  const definition: TaskDefinition = {
    arn: ecsArn(context.place, `daemon-task-definition/${family}:${revision}`),
    family,
    revision,
    status: 'ACTIVE',
    registered: { ...given, containerDefinitions: named },
    compatibilities: ['MANAGED_INSTANCES'],
    registeredAt: context.clock.now(),
    registeredBy: `arn:aws:iam::${context.place.account}:user/sandbox`,
    tags: tagMap(tags),
  };
  revisions.push(definition);
  context.state.daemonFamilies.set(family, revisions);
  return { daemonTaskDefinitionArn: definition.arn };
}

/** `family`, `family:revision` or an ARN. @throws ApiError when there is none. */
export function daemonTaskDefinition({ state }: EcsContext, reference: string): TaskDefinition {
  const [family = '', revision] = nameOf(reference).split(':');
  const revisions = state.daemonFamilies.get(family) ?? [];
  const found =
    revision === undefined
      ? revisions.findLast(({ status }) => status === 'ACTIVE')
      : revisions.find((candidate) => candidate.revision === Number(revision));
  if (found) return found;
  throw clientException('The specified daemon task definition does not exist.');
}

const at = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

function describe(definition: TaskDefinition): Record<string, unknown> {
  const { registered } = definition;
  return {
    daemonTaskDefinitionArn: definition.arn,
    family: definition.family,
    revision: definition.revision,
    taskRoleArn: registered['taskRoleArn'],
    executionRoleArn: registered['executionRoleArn'],
    containerDefinitions: registered.containerDefinitions,
    volumes: registered['volumes'] ?? [],
    cpu: registered.cpu,
    memory: registered.memory,
    status: definition.status,
    registeredAt: at(definition.registeredAt),
    deleteRequestedAt: at(definition.deleteRequestedAt),
    registeredBy: definition.registeredBy,
  };
}

function list({ state }: EcsContext, request: ListRequest): unknown {
  const { familyPrefix = '', family, revision, status = 'ACTIVE', sort = 'ASC', maxResults, nextToken } = request;
  const families = [...state.daemonFamilies]
    .filter(([name]) => name.startsWith(familyPrefix) && (family === undefined || name === family))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, revisions]) => revisions.filter((one) => status === 'ALL' || one.status === status));
  const found = families.flatMap((revisions) => (revision === 'LAST_REGISTERED' ? revisions.slice(-1) : revisions));
  if (sort === 'DESC') found.reverse();
  const filters = [familyPrefix, family ?? null, revision ?? null, status, sort];
  const cut = page(found, maxResults ?? 100, nextToken, filters);
  const daemonTaskDefinitions = cut.items.map((one) => ({
    arn: one.arn,
    registeredAt: at(one.registeredAt),
    registeredBy: one.registeredBy,
    deleteRequestedAt: at(one.deleteRequestedAt),
    status: one.status,
  }));
  return { daemonTaskDefinitions, nextToken: cut.nextToken };
}

function remove(context: EcsContext, reference: string): unknown {
  if (!/:\d+$/.test(reference)) throw invalidParameter('A daemon task definition must include a revision.');
  const definition = daemonTaskDefinition(context, reference);
  definition.status = 'DELETE_IN_PROGRESS';
  definition.deleteRequestedAt ??= context.clock.now();
  return { daemonTaskDefinitionArn: definition.arn };
}

export function daemonTaskDefinitionOperations(context: EcsContext): Record<string, Operation> {
  return {
    RegisterDaemonTaskDefinition: (input: RegisterRequest) => register(context, input),
    DescribeDaemonTaskDefinition: (input: { daemonTaskDefinition: string }) => ({
      daemonTaskDefinition: describe(daemonTaskDefinition(context, input.daemonTaskDefinition)),
    }),
    ListDaemonTaskDefinitions: (input: ListRequest) => list(context, input),
    DeleteDaemonTaskDefinition: (input: { daemonTaskDefinition: string }) =>
      remove(context, input.daemonTaskDefinition),
  };
}
