import { ApiError } from '../http/apiError';
import { wildcard } from '../wildcard';

type OneOrMany = string | readonly string[];

interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Principal?: '*' | Readonly<Record<string, OneOrMany>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;
}

/** A policy and where it comes from, as a simulation names it. */
export interface NamedPolicy {
  readonly id: string;
  readonly type: string;
  readonly document: string;
}

/** Values of condition keys that a simulation was given, by key in lower case. */
export type Context = ReadonlyMap<string, readonly string[]>;

export interface Evaluation {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  readonly matched: readonly NamedPolicy[];
  readonly missing: readonly string[];
}

const list = (value: OneOrMany | undefined): readonly string[] => (value === undefined ? [] : [value].flat());

const malformed = (text: string): ApiError => new ApiError('MalformedPolicyDocumentException', text);

/** The statements of a policy. @throws ApiError MalformedPolicyDocument when it is not one. */
export function statementsOf(document: string): readonly Statement[] {
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  const statements = [(value as { Statement?: unknown } | null)?.Statement ?? []].flat() as unknown[];
  const sound = statements.every((statement) => {
    if (typeof statement !== 'object' || statement === null) return false;
    const { Effect, Action, NotAction, Resource, NotResource } = statement as Statement;
    const texts = [Action, NotAction, Resource, NotResource].flat();
    return (
      ['Allow', 'Deny'].includes(Effect ?? '') && texts.every((text) => text === undefined || typeof text === 'string')
    );
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value) || statements.length === 0 || !sound) {
    throw malformed('Syntax errors in policy.');
  }
  return statements as Statement[];
}

/** Whether the policies allow an action on a resource: an explicit denial wins, and what nobody allows is denied. */
export function evaluate(
  policies: readonly NamedPolicy[],
  action: string,
  resource: string,
  context: Context = new Map(),
): Evaluation {
  const missing = new Set<string>();
  const matching = policies.flatMap((policy) =>
    statementsOf(policy.document)
      .filter((statement) => concerns(statement, action, resource) && holds(statement, context, missing))
      .map(({ Effect: effect }) => ({ policy, effect })),
  );
  const denying = matching.filter(({ effect }) => effect === 'Deny');
  const deciding = denying.length > 0 ? denying : matching;
  const decision = denying.length > 0 ? 'explicitDeny' : matching.length > 0 ? 'allowed' : 'implicitDeny';
  return { decision, matched: deciding.map(({ policy }) => policy), missing: [...missing] };
}

function concerns({ Action, NotAction, Resource, NotResource }: Statement, action: string, resource: string): boolean {
  const acts = NotAction
    ? !list(NotAction).some((pattern) => wildcard(pattern, action, true))
    : list(Action).some((pattern) => wildcard(pattern, action, true));
  const covers = (pattern: string): boolean => pattern === '*' || wildcard(pattern, resource, false);
  return acts && (NotResource ? !list(NotResource).some(covers) : list(Resource).some(covers));
}

const operators: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (pattern, value) => pattern === value,
  StringEqualsIgnoreCase: (pattern, value) => pattern.toLowerCase() === value.toLowerCase(),
  StringLike: (pattern, value) => wildcard(pattern, value, false),
  ArnEquals: (pattern, value) => wildcard(pattern, value, false),
  ArnLike: (pattern, value) => wildcard(pattern, value, false),
  Bool: (pattern, value) => pattern.toLowerCase() === value.toLowerCase(),
};

function holds({ Condition = {} }: Statement, context: Context, missing: Set<string>): boolean {
  return Object.entries(Condition).every(([name, keys]) => {
    const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
    if (!operator)
      throw new ApiError('PolicyEvaluationException', `The condition operator ${name} is not in the sandbox.`);
    return Object.entries(keys).every(([key, wanted]) => {
      const values = context.get(key.toLowerCase());
      if (!values) missing.add(key);
      return values?.some((value) => list(wanted).some((pattern) => operator(pattern, value))) ?? false;
    });
  });
}

/** Whether a trust policy lets a service, such as `ecs-tasks.amazonaws.com`, take on the role. */
export function trusts(document: string, service: string): boolean {
  return statementsOf(document).some(({ Effect, Action, Principal }) => {
    const principals = Principal === '*' ? ['*'] : list(Principal?.['Service']);
    return (
      Effect === 'Allow' &&
      list(Action).some((pattern) => wildcard(pattern, 'sts:AssumeRole', true)) &&
      principals.some((principal) => principal === '*' || principal === service)
    );
  });
}
