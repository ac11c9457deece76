import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import type { Parameter, SecretStore } from './secretStore';

function describe(store: SecretStore, parameter: Parameter): Record<string, unknown> {
  const { name: Name, type: Type, value: Value, version: Version, modifiedAt } = parameter;
  const LastModifiedDate = new Date(modifiedAt);
  return { Name, Type, Value, Version, LastModifiedDate, ARN: store.parameterArn(Name), DataType: 'text' };
}

/** What DescribeParameters tells: everything but the value. */
function metadata(store: SecretStore, parameter: Parameter): Record<string, unknown> {
  const { name: Name, type: Type, version: Version, modifiedAt, description: Description } = parameter;
  const kept = {
    Name,
    Type,
    Version,
    Description,
    LastModifiedDate: new Date(modifiedAt),
    Tier: 'Standard',
    Policies: [],
  };
  const user = { LastModifiedUser: store.parameterArn(Name).replace(/:ssm:[^:]*:(\d+):.*$/, ':iam::$1:user/sandbox') };
  const key = Type === 'SecureString' ? { KeyId: 'alias/aws/ssm' } : {};
  return { ...kept, ...user, ...key, DataType: 'text' };
}

interface PutRequest {
  readonly Name: string;
  readonly Value: string;
  readonly Type?: string;
  readonly Overwrite?: boolean;
  readonly Description?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

function put(store: SecretStore, { Name, Value, Type, Overwrite, Description, Tags = [] }: PutRequest): unknown {
  const former = store.saved.parameters.get(Name);
  if (former && !Overwrite) {
    const text =
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
    throw new ApiError('ParameterAlreadyExists', text);
  }
  if (!/^[\w.\-/]+$/.test(Name) || /^\/?(aws|ssm)/i.test(Name)) {
    throw new ApiError(
      'ValidationException',
      'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive) and consists of letters, digits and the symbols .-_/',
    );
  }
  if (Name.split('/').length > 16) {
    throw new ApiError('HierarchyLevelLimitExceededException', 'A hierarchy can have a maximum of 15 levels.');
  }
  const type = Type ?? former?.type;
  if (type === undefined) {
    throw new ApiError('ValidationException', 'A parameter type is required when you create a parameter.');
  }
  const parameter = store.putParameter(Name, type, Value, Description);
  for (const { Key, Value: value } of Tags) parameter.tags?.set(Key, value);
  return { Version: parameter.version, Tier: 'Standard' };
}

interface StringFilter {
  readonly Key: string;
  readonly Option?: string;
  readonly Values?: readonly string[];
}

/** @throws ApiError for a filter that the sandbox does not have. */
function passes(parameter: Parameter, { Key, Option, Values = [] }: StringFilter): boolean {
  const { name, type } = parameter;
  if (Key.startsWith('tag:')) {
    const value = parameter.tags?.get(Key.slice(4));
    return value !== undefined && (Values.length === 0 || Values.includes(value));
  }
  switch (Key) {
    case 'Name':
      if (Option === 'Contains') return Values.some((value) => name.includes(value));
      return Values.some((value) => (Option === 'BeginsWith' ? name.startsWith(value) : name === value));
    case 'Type':
      return Values.includes(type);
    case 'KeyId':
      return type === 'SecureString' && Values.includes('alias/aws/ssm');
    case 'Path':
      return Values.some((path) => under(name, path, Option === 'Recursive'));
    case 'Tier':
      return Values.includes('Standard');
    case 'DataType':
      return Values.includes('text');
    default:
      throw new ApiError('InvalidFilterKey', `The filter key ${Key} is not valid.`);
  }
}

function under(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const whole = name.startsWith('/') ? name : `/${name}`;
  return whole.startsWith(prefix) && (recursive || !whole.slice(prefix.length).includes('/'));
}

interface PageRequest {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

function pageOf<T>(
  all: readonly T[],
  request: PageRequest,
  size: number,
  filters: unknown,
): { items: readonly T[]; nextToken?: string } {
  try {
    return page(all, request.MaxResults ?? size, request.NextToken, filters);
  } catch {
    throw new ApiError('InvalidNextToken', 'The specified token is not valid.');
  }
}

interface DescribeRequest extends PageRequest {
  readonly Filters?: readonly StringFilter[];
  readonly ParameterFilters?: readonly StringFilter[];
}

function describeMany(store: SecretStore, request: DescribeRequest): unknown {
  // The older form means the beginning of a name.
  const older = (request.Filters ?? []).map((filter) =>
    filter.Key === 'Name' ? { ...filter, Option: 'BeginsWith' } : filter,
  );
  const filters = [...older, ...(request.ParameterFilters ?? [])];
  const found = sorted(store).filter((parameter) => filters.every((filter) => passes(parameter, filter)));
  const { items, nextToken } = pageOf(found, request, 50, filters);
  return { Parameters: items.map((parameter) => metadata(store, parameter)), NextToken: nextToken };
}

function sorted({ saved }: SecretStore): Parameter[] {
  return [...saved.parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface PathRequest extends PageRequest {
  readonly Path: string;
  readonly Recursive?: boolean;
  readonly ParameterFilters?: readonly StringFilter[];
}

function byPath(store: SecretStore, request: PathRequest): unknown {
  const { Path: path, Recursive: recursive = false, ParameterFilters: filters = [] } = request;
  if (!path.startsWith('/')) {
    throw new ApiError(
      'ValidationException',
      'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/".',
    );
  }
  const found = sorted(store)
    .filter(({ name }) => under(name, path, recursive))
    .filter((parameter) => filters.every((filter) => passes(parameter, filter)));
  const { items, nextToken } = pageOf(found, request, 10, [path, recursive, filters]);
  return { Parameters: items.map((parameter) => describe(store, parameter)), NextToken: nextToken };
}

function tagOperations(store: SecretStore): Record<string, Operation> {
  type Resource = { readonly ResourceType: string; readonly ResourceId: string };
  const tagsOf = ({ ResourceType, ResourceId }: Resource): Map<string, string> => {
    if (ResourceType !== 'Parameter')
      throw new ApiError('InvalidResourceType', `${ResourceType} is not in the sandbox.`);
    const found = store.parameter(ResourceId);
    if (!found) throw new ApiError('InvalidResourceId', `${ResourceId} does not exist.`);
    return (found.tags ??= new Map());
  };
  return {
    AddTagsToResource: (input: Resource & { Tags: readonly { Key: string; Value: string }[] }) => {
      for (const { Key, Value } of input.Tags) tagsOf(input).set(Key, Value);
      return {};
    },
    RemoveTagsFromResource: (input: Resource & { TagKeys: readonly string[] }) => {
      for (const key of input.TagKeys) tagsOf(input).delete(key);
      return {};
    },
    ListTagsForResource: (input: Resource) => ({ TagList: [...tagsOf(input)].map(([Key, Value]) => ({ Key, Value })) }),
  };
}

/** Parameter Store. Nothing is encrypted. */
export function ssmOperations(store: SecretStore): Record<string, Operation> {
  const named = (name: string): Parameter => {
    const found = store.parameter(name);
    if (found) return found;
    const version = /:\d+$/.test(name) && store.parameter(name.replace(/:\d+$/, ''));
    if (version) throw new ApiError('ParameterVersionNotFound', `Systems Manager could not find version of ${name}.`);
    throw new ApiError('ParameterNotFound', `Parameter ${name} not found.`);
  };
  return {
    ...tagOperations(store),
    PutParameter: (input: PutRequest) => put(store, input),
    GetParameter: ({ Name }: { Name: string }) => ({ Parameter: describe(store, named(Name)) }),
    GetParameters: ({ Names }: { Names: readonly string[] }) => {
      const found = Names.map((name) => ({ name, parameter: store.parameter(name) }));
      return {
        Parameters: found.flatMap(({ parameter }) => (parameter ? [describe(store, parameter)] : [])),
        InvalidParameters: found.filter(({ parameter }) => !parameter).map(({ name }) => name),
      };
    },
    GetParametersByPath: (input: PathRequest) => byPath(store, input),
    DescribeParameters: (input: DescribeRequest) => describeMany(store, input),
    GetParameterHistory: (input: PageRequest & { Name: string }) => {
      const newest = store.saved.parameters.get(input.Name);
      if (!newest) throw new ApiError('ParameterNotFound', `Parameter ${input.Name} not found.`);
      const { items, nextToken } = pageOf([...(newest.older ?? []), newest], input, 50, input.Name);
      const Parameters = items.map((parameter) => ({
        ...metadata(store, parameter),
        Value: parameter.value,
        Labels: [],
      }));
      return { Parameters, NextToken: nextToken };
    },
    DeleteParameter: ({ Name }: { Name: string }) => {
      store.saved.parameters.delete(named(Name).name);
      return {};
    },
    DeleteParameters: ({ Names }: { Names: readonly string[] }) => {
      const DeletedParameters = Names.filter((name) => store.saved.parameters.delete(name));
      return { DeletedParameters, InvalidParameters: Names.filter((name) => !DeletedParameters.includes(name)) };
    },
  };
}
