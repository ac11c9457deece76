import { ApiError } from './http/apiError';

/** One page of a list and the token of the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/**
 * Cuts a page out of a sorted list. A token carries where to go on and the filters that made it: AWS refuses a
 * token that comes back with other filters.
 */
export function page<T>(
  all: readonly T[],
  size: number,
  token: string | null | undefined,
  filters: unknown = null,
): Page<T> {
  const key = JSON.stringify(filters);
  const start = token === undefined || token === null ? 0 : readToken(token, key);
  const items = all.slice(start, start + size);
  if (start + size >= all.length) return { items };
  return { items, nextToken: Buffer.from(JSON.stringify([start + size, key])).toString('base64url') };
}

function readToken(token: string, key: string): number {
  try {
    const [start, made] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [number, string];
    if (made === key && Number.isInteger(start) && start >= 0) return start;
  } catch {
    // A token that we never made.
  }
  throw new ApiError('InvalidParameterException', 'Invalid token.');
}
