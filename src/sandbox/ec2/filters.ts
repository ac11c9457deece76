import { ApiError } from '../http/apiError';
import { page } from '../paging';
import { wildcard } from '../wildcard';

export interface DescribeRequest {
  readonly Filters?: readonly { readonly Name?: string; readonly Values?: readonly string[] }[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

type Values<T> = Readonly<Record<string, (item: T) => string | readonly string[]>>;

/** Which items a Describe call of EC2 asks for, a page of them. */
export function select<T>(
  all: readonly T[],
  request: DescribeRequest,
  {
    ids,
    idOf,
    error,
    values,
    tags,
  }: {
    ids?: readonly string[];
    idOf: (item: T) => string;
    error: string;
    values: Values<T>;
    /** Tags by id, for the filters `tag:KEY` and `tag-key`. */
    tags?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  },
): { items: readonly T[]; NextToken: string | undefined } {
  for (const id of ids ?? []) {
    if (!all.some((item) => idOf(item) === id)) throw new ApiError(error, `The ID '${id}' does not exist`);
  }
  const wanted = all
    .filter((item) => !ids?.length || ids.includes(idOf(item)))
    .filter((item) =>
      (request.Filters ?? []).every((filter) => passes(item, filter, { values, tags: tags?.get(idOf(item)) })),
    );
  const filters = [ids ?? null, request.Filters ?? null];
  try {
    const { items, nextToken } = page(wanted, request.MaxResults ?? 1000, request.NextToken, filters);
    return { items, NextToken: nextToken };
  } catch {
    throw new ApiError('InvalidNextToken', 'The token is not valid for the current request');
  }
}

function passes<T>(
  item: T,
  { Name: name = '', Values: wanted = [] }: { Name?: string; Values?: readonly string[] },
  { values, tags }: { values: Values<T>; tags: ReadonlyMap<string, string> | undefined },
): boolean {
  const matches = (given: readonly string[]): boolean =>
    wanted.some((pattern) => given.some((value) => wildcard(pattern, value, false)));
  if (name === 'tag-key') return matches([...(tags?.keys() ?? [])]);
  if (name.startsWith('tag:')) return matches([tags?.get(name.slice('tag:'.length)) ?? []].flat());
  const of = Object.hasOwn(values, name) ? values[name] : undefined;
  if (!of) throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return matches([of(item)].flat());
}
