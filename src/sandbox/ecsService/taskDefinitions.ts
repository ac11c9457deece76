import { clientException, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { defaultPageSize } from '../model/apiModel';
import { page } from '../paging';
import { ecsArn } from '../place';
import { type EcsContext, findTaskDefinition } from './context';
import { checkTaskRoles } from './existence';
import { tagList, tagMap } from './tags';
import { checkTaskDefinition, compatibilitiesOf, sizeOf } from './taskDefinitionRules';
import type { Tag, TaskDefinition } from './types';

type RegisterRequest = TaskDefinition['registered'] & { readonly family: string; readonly tags?: readonly Tag[] };

interface ListRequest {
  readonly familyPrefix?: string;
  readonly status?: string;
  readonly sort?: 'ASC' | 'DESC';
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** Members that AWS fills in when they are left out. */
const containerDefaults = {
  cpu: 0,
  portMappings: [],
  essential: true,
  environment: [],
  mountPoints: [],
  volumesFrom: [],
  systemControls: [],
};

/** Registers the next revision of a family. Also used by the seeds. */
export function register(context: EcsContext, request: RegisterRequest, registeredBy: string): TaskDefinition {
  const { tags, ...given } = request;
  if (given.containerDefinitions.length === 0) throw clientException('Container list cannot be empty.');
  const cpu = sizeOf(given.cpu, 'cpu');
  const memory = sizeOf(given.memory, 'memory');
  const registered = {
    volumes: [],
    placementConstraints: [],
    ...given,
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    containerDefinitions: given.containerDefinitions.map((container) => withDefaults(container, given.networkMode)),
  };
  checkTaskDefinition(registered);
  checkTaskRoles(context, registered);
  const revisions = context.state.families.get(request.family) ?? [];
  const revision = revisions.length + 1;
  const definition: TaskDefinition = {
    arn: ecsArn(context.place, `task-definition/${request.family}:${revision}`),
    family: request.family,
    revision,
    status: 'ACTIVE',
    registered,
    compatibilities: compatibilitiesOf(registered),
    registeredAt: context.clock.now(),
    registeredBy,
    tags: tagMap(tags),
  };
  revisions.push(definition);
  context.state.families.set(request.family, revisions);
  return definition;
}

function withDefaults(
  container: TaskDefinition['registered']['containerDefinitions'][number],
  networkMode: string | undefined,
): typeof container {
  const ports = (container.portMappings ?? []).map((mapping) => ({
    ...mapping,
    ...(mapping.containerPort === undefined
      ? {}
      : { hostPort: mapping.hostPort ?? defaultHostPort(mapping, networkMode) }),
    protocol: mapping.protocol ?? ('tcp' as const),
  }));
  return { ...containerDefaults, ...container, portMappings: ports };
}

function defaultHostPort({ containerPort }: { containerPort?: number }, networkMode: string | undefined): number {
  return networkMode === 'awsvpc' || networkMode === 'host' ? (containerPort ?? 0) : 0;
}

export function describeTaskDefinition(definition: TaskDefinition): Record<string, unknown> {
  const at = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));
  return {
    ...definition.registered,
    taskDefinitionArn: definition.arn,
    revision: definition.revision,
    status: definition.status,
    requiresAttributes: requiredAttributes(definition),
    compatibilities: definition.compatibilities,
    registeredAt: at(definition.registeredAt),
    deregisteredAt: at(definition.deregisteredAt),
    deleteRequestedAt: at(definition.deleteRequestedAt),
    registeredBy: definition.registeredBy,
  };
}

function requiredAttributes({ registered }: TaskDefinition): { name: string }[] {
  const names = ['com.amazonaws.ecs.capability.docker-remote-api.1.18'];
  if (registered.networkMode === 'awsvpc') names.push('ecs.capability.task-eni');
  if (registered['executionRoleArn'] !== undefined) names.push('ecs.capability.execution-role-ecr-pull');
  if (registered['taskRoleArn'] !== undefined) names.push('com.amazonaws.ecs.capability.task-iam-role');
  if (registered.containerDefinitions.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs')) {
    names.push('com.amazonaws.ecs.capability.logging-driver.awslogs');
  }
  return names.map((name) => ({ name }));
}

function allOf(context: EcsContext): TaskDefinition[] {
  return [...context.state.families.values()].flat().filter((definition) => definition !== undefined);
}

function list(context: EcsContext, request: ListRequest): unknown {
  const { familyPrefix, status = 'ACTIVE', sort = 'ASC', maxResults, nextToken } = request;
  const found = allOf(context)
    // In spite of its name it is the whole family name.
    .filter((definition) => familyPrefix === undefined || definition.family === familyPrefix)
    .filter((definition) => definition.status === status)
    .sort((a, b) => (a.family === b.family ? a.revision - b.revision : a.family < b.family ? -1 : 1));
  if (sort === 'DESC') found.reverse();
  const size = maxResults ?? defaultPageSize('ecs', 'ListTaskDefinitions');
  const filters = [familyPrefix ?? null, status, sort];
  const cut = page(
    found.map(({ arn }) => arn),
    size,
    nextToken,
    filters,
  );
  return { taskDefinitionArns: cut.items, nextToken: cut.nextToken };
}

function listFamilies(context: EcsContext, request: ListRequest): unknown {
  const { familyPrefix = '', status = 'ALL', maxResults, nextToken } = request;
  const families = [...context.state.families]
    .filter(([family, revisions]) => {
      if (!family.startsWith(familyPrefix) || !revisions.some((revision) => revision !== undefined)) return false;
      const active = revisions.some((revision) => revision?.status === 'ACTIVE');
      return status === 'ALL' || active === (status === 'ACTIVE');
    })
    .map(([family]) => family)
    .sort();
  const size = maxResults ?? defaultPageSize('ecs', 'ListTaskDefinitionFamilies');
  const cut = page(families, size, nextToken, [familyPrefix, status]);
  return { families: cut.items, nextToken: cut.nextToken };
}

function deregister(context: EcsContext, reference: string): unknown {
  if (!/:\d+$/.test(reference)) throw invalidParameter('TaskDefinition must include a revision: family:revision.');
  const definition = findTaskDefinition(context, reference);
  if (!definition) throw clientException('The specified task definition does not exist.');
  definition.status = 'INACTIVE';
  definition.deregisteredAt ??= context.clock.now();
  return { taskDefinition: describeTaskDefinition(definition) };
}

function deleteMany(context: EcsContext, references: readonly string[]): unknown {
  const taskDefinitions: unknown[] = [];
  const failures: unknown[] = [];
  for (const reference of references) {
    const definition = findTaskDefinition(context, reference);
    if (!definition) failures.push({ arn: reference, reason: 'The specified task definition does not exist.' });
    else if (definition.status === 'ACTIVE') {
      const reason =
        'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
      failures.push({ arn: definition.arn, reason });
    } else {
      definition.status = 'DELETE_IN_PROGRESS';
      definition.deleteRequestedAt = context.clock.now();
      taskDefinitions.push(describeTaskDefinition(definition));
    }
  }
  return { taskDefinitions, failures };
}

export function taskDefinitionOperations(context: EcsContext): Record<string, Operation> {
  const userArn = `arn:aws:iam::${context.place.account}:user/sandbox`;
  return {
    RegisterTaskDefinition: (input: RegisterRequest) => {
      const definition = register(context, input, userArn);
      return { taskDefinition: describeTaskDefinition(definition), tags: tagList(definition.tags) };
    },
    DescribeTaskDefinition: (input: { taskDefinition: string; include?: readonly string[] }) => {
      const definition = findTaskDefinition(context, input.taskDefinition);
      if (!definition) throw clientException('Unable to describe task definition.');
      const tags = input.include?.includes('TAGS') ? tagList(definition.tags) : [];
      return { taskDefinition: describeTaskDefinition(definition), tags };
    },
    DeregisterTaskDefinition: ({ taskDefinition }: { taskDefinition: string }) => deregister(context, taskDefinition),
    DeleteTaskDefinitions: (input: { taskDefinitions: readonly string[] }) =>
      deleteMany(context, input.taskDefinitions),
    ListTaskDefinitions: (input: ListRequest) => list(context, input),
    ListTaskDefinitionFamilies: (input: ListRequest) => listFamilies(context, input),
  };
}
