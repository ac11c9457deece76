import type { ServiceModel } from '../model/apiModel';
import type { Fault } from './faults';

type Members = Record<string, unknown>;

/** What an altered answer is made from. */
export interface Answered {
  readonly fault: Fault;
  readonly operation: string;
  readonly input: unknown;
  readonly result: unknown;
  readonly model: Pick<ServiceModel, 'ops' | 'shapes'>;
  readonly now: number;
  /** When the thing that an ARN names came into being, in milliseconds since the Unix epoch. */
  readonly createdAt: (arn: string) => number | undefined;
}

/** The answer as a fault that leaves it well-formed would have it: `late`, `empty-page`, `partial` and `skew`. */
export function alteredAnswer(answered: Answered): unknown {
  const { fault, result } = answered;
  if (typeof result !== 'object' || result === null || result.constructor !== Object) return result;
  switch (fault.kind) {
    case 'late':
      return lateAnswer(result as Members, answered);
    case 'empty-page':
      return emptyPage(result as Members, answered);
    case 'partial':
      return partial(result as Members, answered);
    case 'skew':
      return shiftDates(result, fault.ms ?? 0);
    default:
      return result;
  }
}

const outOf = ({ model, operation }: Answered): Readonly<Record<string, string>> =>
  model.shapes[model.ops[operation]?.out ?? '']?.m ?? {};

/** Eventual consistency: what came into being in the last `ms` milliseconds is not seen yet. */
function lateAnswer(result: Members, answered: Answered): Members {
  const { fault, now, createdAt } = answered;
  const isNew = (arn: string): boolean => (createdAt(arn) ?? 0) > now - (fault.ms ?? 1000);
  const missing: string[] = [];
  const entries = Object.entries(result).map(([member, value]): [string, unknown] => {
    if (!Array.isArray(value) || member === 'failures') return [member, value];
    const seen = value.filter((item) => {
      const arn = arnOf(item);
      if (arn === undefined || !isNew(arn)) return true;
      missing.push(arn);
      return false;
    });
    return [member, seen];
  });
  return withFailures(Object.fromEntries(entries), missing, 'MISSING', answered);
}

/** Every second row fails, the first among them. */
function partial(result: Members, answered: Answered): Members {
  if (!('failures' in outOf(answered))) return result;
  const failed: string[] = [];
  const entries = Object.entries(result).map(([member, value]): [string, unknown] => {
    if (!Array.isArray(value) || member === 'failures') return [member, value];
    const left = value.filter((item, index) => {
      const arn = index % 2 === 0 ? arnOf(item) : undefined;
      if (arn !== undefined) failed.push(arn);
      return arn === undefined;
    });
    return [member, left];
  });
  return withFailures(Object.fromEntries(entries), failed, answered.fault.code ?? 'MISSING', answered);
}

function withFailures(result: Members, arns: readonly string[], reason: string, answered: Answered): Members {
  if (arns.length === 0 || !('failures' in outOf(answered))) return result;
  const former = (result['failures'] as readonly unknown[] | undefined) ?? [];
  return { ...result, failures: [...former, ...arns.map((arn) => ({ arn, reason }))] };
}

/** The ARN that a row is, or that it is known by. */
function arnOf(item: unknown): string | undefined {
  if (typeof item === 'string') return item.startsWith('arn:') ? item : undefined;
  const members = (item ?? {}) as Members;
  const own = ['serviceArn', 'taskArn', 'clusterArn', 'containerInstanceArn', 'capacityProviderArn', 'taskSetArn'];
  // A task names its cluster as well, so the most special name comes first.
  const found = ['taskSetArn', 'taskArn', 'containerInstanceArn', ...own].map((name) => members[name]);
  return found.find((arn): arn is string => typeof arn === 'string');
}

const mark = 'gantry-empty-page.';
const tokens = [
  ['nextToken', 'nextToken'],
  ['NextToken', 'NextToken'],
  ['Marker', 'NextMarker'],
] as const;

/** A page without rows, whose token leads to the page that should have come. */
function emptyPage(result: Members, answered: Answered): Members {
  const out = outOf(answered);
  const names = tokens.find(([, member]) => member in out);
  if (!names) return result;
  const given = (answered.input as Members)[names[0]];
  const entries = Object.entries(result).map(([member, value]): [string, unknown] => [
    member,
    Array.isArray(value) && member !== 'failures' ? [] : value,
  ]);
  return { ...Object.fromEntries(entries), [names[1]]: `${mark}${typeof given === 'string' ? given : ''}` };
}

/** Takes the token of an empty page for what it stands for. */
export function withoutEmptyPages(input: unknown): unknown {
  const members = (input ?? {}) as Members;
  const found = tokens.find(([member]) => String(members[member]).startsWith(mark));
  if (!found) return input;
  const { [found[0]]: token, ...rest } = members;
  const original = String(token).slice(mark.length);
  return original === '' ? rest : { ...rest, [found[0]]: original };
}

function shiftDates(value: unknown, ms: number): unknown {
  if (value instanceof Date) return new Date(value.getTime() + ms);
  if (Array.isArray(value)) return value.map((item) => shiftDates(item, ms));
  if (typeof value !== 'object' || value === null || value.constructor !== Object) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shiftDates(item, ms)]));
}
