import { invalid } from './errors';
import { attributeParts } from './references';
import type { Members } from './types';

/** What the functions of a template look things up in. */
export interface Scope {
  /** The value of a parameter, a pseudo parameter or a resource. */
  ref(name: string): unknown;
  attribute(resource: string, name: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  /** What another stack exports under a name. */
  exported(name: string): string;
  zones(region: string): readonly string[];
}

/** `AWS::NoValue`: the property that has it is left out. */
export const noValue = Symbol('AWS::NoValue');

/** A value with all its functions carried out. @throws ApiError in CloudFormation's words */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope)).filter((item) => item !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only && entries.length === 1 && isFunction(only[0])) return call(only[0], only[1], scope);
  const misplaced = entries.find(([name]) => name.startsWith('Fn::'));
  if (misplaced) throw invalid(`Template format error: ${misplaced[0]} must be the only member of its object`);
  const members = entries.map(([name, member]) => [name, evaluate(member, scope)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== noValue));
}

const isFunction = (name: string): boolean => name === 'Ref' || name.startsWith('Fn::');

type Function = (argument: unknown, scope: Scope) => unknown;

const functions: Readonly<Record<string, Function>> = {
  Ref: (argument, scope) => scope.ref(text(argument, 'Ref')),
  'Fn::GetAtt': (argument, scope) => {
    const [resource, name] = attributeParts(argument);
    const attribute = evaluate(name, scope);
    if (typeof resource === 'string' && typeof attribute === 'string') return scope.attribute(resource, attribute);
    throw bad('Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute');
  },
  'Fn::Sub': (argument, scope) => sub(argument, scope),
  'Fn::Join': (argument, scope) => {
    const [delimiter, list] = listOf(argument, 'Fn::Join', 2);
    const items = evaluate(list, scope);
    if (typeof delimiter !== 'string' || !Array.isArray(items)) {
      throw bad('every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings');
    }
    return items.map((item) => scalar(item, 'Fn::Join')).join(delimiter);
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = listOf(argument, 'Fn::Split', 2);
    if (typeof delimiter !== 'string' || delimiter === '') throw bad('Fn::Split delimiter must be a string');
    return scalar(evaluate(source, scope), 'Fn::Split').split(delimiter);
  },
  'Fn::Select': (argument, scope) => {
    const [index, list] = listOf(argument, 'Fn::Select', 2);
    const at = Number(evaluate(index, scope));
    const given = evaluate(list, scope);
    const items = typeof given === 'string' ? given.split(',') : given;
    if (!Array.isArray(items)) throw bad('Fn::Select requires a list argument with two elements');
    if (Number.isInteger(at) && at >= 0 && at < items.length) return items[at] as unknown;
    throw invalid(`Template error: Fn::Select cannot select nonexistent value at index ${String(at)}`);
  },
  'Fn::If': (argument, scope) => {
    const [condition, yes, no] = listOf(argument, 'Fn::If', 3);
    if (typeof condition !== 'string') throw bad('Fn::If requires a condition name as its first argument');
    return evaluate(scope.condition(condition) ? yes : no, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const keys = listOf(argument, 'Fn::FindInMap', 3).map((key) => scalar(evaluate(key, scope), 'Fn::FindInMap'));
    const [map = '', first = '', second = ''] = keys;
    return scope.mapping(map, first, second);
  },
  'Fn::GetAZs': (argument, scope) => [...scope.zones(scalar(evaluate(argument ?? '', scope), 'Fn::GetAZs'))],
  'Fn::Base64': (argument, scope) => Buffer.from(scalar(evaluate(argument, scope), 'Fn::Base64')).toString('base64'),
  'Fn::Cidr': (argument, scope) => cidr(evaluate(argument, scope)),
  'Fn::ImportValue': (argument, scope) => scope.exported(scalar(evaluate(argument, scope), 'Fn::ImportValue')),
  'Fn::Equals': (argument, scope) => isTrue({ 'Fn::Equals': argument }, scope),
  'Fn::And': (argument, scope) => isTrue({ 'Fn::And': argument }, scope),
  'Fn::Or': (argument, scope) => isTrue({ 'Fn::Or': argument }, scope),
  'Fn::Not': (argument, scope) => isTrue({ 'Fn::Not': argument }, scope),
};

function call(name: string, argument: unknown, scope: Scope): unknown {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (found) return found(argument, scope);
  throw invalid(`Template error: the function ${name} is not in the sandbox`);
}

/** Whether a condition holds. */
export function isTrue(condition: unknown, scope: Scope): boolean {
  if (condition === true || condition === 'true') return true;
  if (condition === false || condition === 'false') return false;
  const [name, argument] = Object.entries((condition ?? {}) as Members)[0] ?? [];
  switch (name) {
    case 'Condition':
      return scope.condition(text(argument, 'Condition'));
    case 'Fn::Equals': {
      const [left, right] = listOf(argument, 'Fn::Equals', 2).map((side) => evaluate(side, scope));
      return JSON.stringify(plain(left)) === JSON.stringify(plain(right));
    }
    case 'Fn::Not':
      return !isTrue(listOf(argument, 'Fn::Not', 1)[0], scope);
    case 'Fn::And':
      return manyOf(argument, 'Fn::And').every((item) => isTrue(item, scope));
    case 'Fn::Or':
      return manyOf(argument, 'Fn::Or').some((item) => isTrue(item, scope));
    default:
      throw invalid(
        'Template format error: Conditions can only be boolean operations on parameters and other conditions',
      );
  }
}

/** Numbers and booleans are compared as texts. */
const plain = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

function manyOf(argument: unknown, name: string): unknown[] {
  if (Array.isArray(argument) && argument.length >= 2 && argument.length <= 10) return argument as unknown[];
  throw invalid(
    `Template error: every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`,
  );
}

function sub(argument: unknown, scope: Scope): string {
  const [template, own] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  if (typeof template !== 'string' || typeof own !== 'object' || own === null) {
    throw bad(
      "one or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
      '',
    );
  }
  const values = own as Members;
  return template.replace(/\$\{([^}]*)\}/g, (_, given: string) => {
    if (given.startsWith('!')) return `\${${given.slice(1)}}`;
    const name = given.trim();
    if (Object.hasOwn(values, name)) return scalar(evaluate(values[name], scope), 'Fn::Sub');
    const dot = name.indexOf('.');
    const found = dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
    return scalar(found, 'Fn::Sub');
  });
}

/** Subnets of an IPv4 block, by `[block, count, host bits]`. */
function cidr(argument: unknown): string[] {
  const [block, wanted, bits] = listOf(argument, 'Fn::Cidr', 3);
  const [address = '', length = ''] = scalar(block, 'Fn::Cidr').split('/');
  const parts = address.split('.').map(Number);
  const count = Number(wanted);
  const size = 2 ** Number(bits);
  const fits = parts.length === 4 && parts.every((part) => part >= 0 && part <= 255);
  if (!fits || !(count >= 1 && count <= 256) || count * size > 2 ** (32 - Number(length))) {
    throw invalid('Template error: Fn::Cidr: the block, the count and the number of host bits do not fit together');
  }
  const start = parts.reduce((sum, part) => sum * 256 + part, 0);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(at / 2 ** shift) % 256);
    return `${bytes.join('.')}/${32 - Number(bits)}`;
  });
}

const bad = (message: string, prefix = 'Template error: '): Error =>
  invalid(`${prefix || 'Template error: '}${message}`);

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw invalid(`Template format error: every ${name} object must have a single String value.`);
}

function listOf(value: unknown, name: string, length: number): unknown[] {
  if (Array.isArray(value) && value.length === length) return value as unknown[];
  throw invalid(`Template error: every ${name} object requires a list of ${length} parameter${length > 1 ? 's' : ''}.`);
}

function scalar(value: unknown, name: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(`Template error: every value of ${name} must resolve to a string`);
}
