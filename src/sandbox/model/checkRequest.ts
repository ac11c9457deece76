import { ApiError } from '../http/apiError';
import { type ApiModel, type ProseLimit, noService, proseLimits } from './apiModel';
import { type Violation, findViolations, wholePattern } from './violations';

/**
 * Refuses a request that breaks AWS's model or the limits that AWS states in prose, with the code and the words that
 * the service uses. Unknown members are refused in every service: stricter than AWS in places, because a member
 * that AWS would ignore is a mistake of the caller.
 * @throws ApiError
 */
export function checkRequest(model: ApiModel, service: string, operation: string, input: unknown): void {
  const { shapes, ops } = model.services[service] ?? noService;
  const name = ops[operation]?.in;
  const found: Violation[] = [];
  if (name) findViolations(shapes, name, input, '', (violation) => found.push(violation));
  const first = found.find((violation) => violation.kind === 'type') ?? found[0];
  if (first) throw refuse(service, operation, first, ops[operation]?.errors ?? []);
  const members = input as Record<string, unknown>;
  for (const [member, limit] of Object.entries(proseLimits(service, operation))) {
    const value = members[member];
    if (value !== undefined && value !== null) checkProse(operation, member, value, limit);
  }
}

function refuse(service: string, operation: string, violation: Violation, errors: readonly string[]): ApiError {
  if (violation.kind === 'type') return new ApiError('SerializationException', typeText(violation));
  if (service === 'ecs') return ecsError(operation, violation);
  if (service === 'ecr') {
    const text = violation.kind === 'unknown' ? 'Member is not known' : ruleText(violation, (rule) => `'${rule}'`);
    return new ApiError(
      'InvalidParameterException',
      `Invalid parameter at '${violation.path}' failed to satisfy constraint: ${text}`,
    );
  }
  const code = validationCode(service, errors);
  const value = violation.kind === 'missing' ? 'null' : JSON.stringify(violation.value);
  const text = `1 validation error detected: Value ${value.replaceAll('"', "'")} at '${violation.path}'`;
  return new ApiError(code, `${text} failed to satisfy constraint: ${ruleText(violation, (rule) => rule)}`);
}

/** A code that the operation knows, if there is one. */
function validationCode(service: string, errors: readonly string[]): string {
  if (['logs', 'secretsmanager'].includes(service) && errors.includes('InvalidParameterException')) {
    return 'InvalidParameterException';
  }
  if (['logs', 'ssm', 'acm'].includes(service)) return 'ValidationException';
  if (service === 'ec2') return 'InvalidParameterValue';
  return service === 'application-autoscaling' ? 'ValidationException' : 'ValidationError';
}

function typeText({ shape, value }: Violation): string {
  const given = Array.isArray(value) ? 'START_ARRAY' : typeof value === 'object' ? 'START_OBJECT' : typeof value;
  if (shape.t === 'structure' || shape.t === 'map') return `Unexpected ${given}, expected an object`;
  if (shape.t === 'list') return `Unexpected ${given}, expected a list`;
  return `${given.toUpperCase()}_VALUE can not be converted to ${shape.t === 'string' ? 'a String' : `a ${shape.t}`}`;
}

function ruleText({ kind, shape }: Violation, quote: (rule: string) => string): string {
  switch (kind) {
    case 'missing':
      return quote('Member must not be null');
    case 'pattern':
      return quote(`Member must satisfy regular expression pattern: ${shape.pattern ?? ''}`);
    case 'enum':
      return quote(`Member must satisfy enum value set: [${(shape.enum ?? []).join(', ')}]`);
    case 'unknown':
      return quote('Member is not known');
    default:
      return quote(boundsText(shape.t === 'string' || shape.t === 'list', shape.min, shape.max));
  }
}

function boundsText(length: boolean, min: number | undefined, max: number | undefined): string {
  const what = length ? 'Member must have length' : 'Member must have value';
  if (min === undefined) return `${what} less than or equal to ${max ?? 0}`;
  return max === undefined ? `${what} greater than or equal to ${min}` : `${what} between ${min} and ${max}`;
}

/** ECS answers most bad values with InvalidParameterException, and bad task definitions with ClientException. */
function badValueCode(operation: string): string {
  return operation === 'RegisterTaskDefinition' ? 'ClientException' : 'InvalidParameterException';
}

function ecsError(operation: string, { kind, path, shape, value }: Violation): ApiError {
  const code = badValueCode(operation);
  const name = path.split('.').at(-1) ?? path;
  if (kind === 'unknown') {
    const known = Object.keys(shape.m ?? {}).join(', ');
    return new ApiError(code, `Unknown parameter in input: "${name}", must be one of: ${known}`);
  }
  if (kind === 'missing') return new ApiError(code, `${capital(name)} cannot be null or empty.`);
  if (kind === 'enum') {
    return new ApiError(code, `Invalid value ${String(value)} for ${path}: must be one of ${shape.enum?.join(', ')}.`);
  }
  return new ApiError(code, `Invalid value for ${path}: ${ruleText({ kind, path, shape, value }, (rule) => rule)}.`);
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const readable = (name: string): string => (name === 'services' ? 'service names' : name);

function checkProse(operation: string, member: string, value: unknown, limit: ProseLimit): void {
  const invalid = (message: string): ApiError => new ApiError(badValueCode(operation), message);
  if (Array.isArray(value)) {
    if (limit.min !== undefined && value.length < limit.min) throw invalid(`${capital(member)} cannot be empty.`);
    if (limit.max !== undefined && value.length > limit.max) {
      throw invalid(`${readable(member)} can have at most ${limit.max} items.`);
    }
  } else if (typeof value === 'number') {
    if (value < (limit.min ?? -Infinity) || value > (limit.max ?? Infinity)) {
      const range = limit.max === undefined ? `at least ${limit.min ?? 0}` : `between ${limit.min ?? 0} and ${limit.max}`;
      throw invalid(`${member} must be ${range}.`);
    }
  } else if (typeof value === 'string') {
    if (limit.maxLen !== undefined && value.length > limit.maxLen) {
      throw invalid(`${member} cannot be longer than ${limit.maxLen} characters.`);
    }
    if (limit.pattern !== undefined && !wholePattern(limit.pattern).test(value)) {
      throw invalid(`${capital(member)} contains invalid characters.`);
    }
  }
}
