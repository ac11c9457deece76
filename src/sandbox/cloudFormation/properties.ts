import { isDeepStrictEqual } from 'node:util';
import type { Shape } from '../model/apiModel';
import { ResourceFailure } from './errors';
import { type PropertyForm, schemaOf } from './schemas';
import type { Members } from './types';

/**
 * Holds evaluated properties against the type's schema. Texts and numbers are taken for each other, as CloudFormation
 * does. @throws ResourceFailure in CloudFormation's words
 */
export function checkedProperties(logicalId: string, type: string, given: Members): Members {
  const schema = schemaOf(type);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(schema.m, name) || schema.readOnly.includes(name)) {
      throw new ResourceFailure(`Encountered unsupported property ${name}`);
    }
  }
  const problems: string[] = [];
  const form: PropertyForm = { t: 'object', m: schema.m, r: schema.r };
  const checked = conform(given, form, '#', problems) as Members;
  if (problems.length === 0) return checked;
  throw new ResourceFailure(
    `Properties validation failed for resource ${logicalId} with message:\n${problems.join('\n')}`,
  );
}

function conform(value: unknown, form: PropertyForm, path: string, problems: string[]): unknown {
  const expected = (name: string): unknown => {
    problems.push(`${path}: expected type: ${name}, found: ${kindOf(value)}`);
    return value;
  };
  switch (form.t) {
    case 'json':
      return value;
    case 'array':
      if (!Array.isArray(value)) return expected('JSONArray');
      return value.map((item, index) => conform(item, form.e ?? { t: 'json' }, `${path}/${index}`, problems));
    case 'object':
    case 'map':
      if (!isObject(value)) return expected('JSONObject');
      return form.t === 'map' ? mapOf(value, form, path, problems) : objectOf(value, form, path, problems);
    case 'string':
      return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : expected('String');
    case 'boolean': {
      const text = String(value);
      return text === 'true' || text === 'false' ? text === 'true' : expected('Boolean');
    }
    default: {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      const fits = typeof number === 'number' && Number.isFinite(number);
      if (!fits) return expected(form.t === 'integer' ? 'Integer' : 'Number');
      return form.t === 'integer' && !Number.isInteger(number) ? expected('Integer') : number;
    }
  }
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'JSONArray';
  if (value === null) return 'Null';
  if (typeof value === 'object') return 'JSONObject';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Double';
  return typeof value === 'boolean' ? 'Boolean' : 'String';
}

function mapOf(value: Members, { e = { t: 'json' } }: PropertyForm, path: string, problems: string[]): Members {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, conform(item, e, `${path}/${key}`, problems)]),
  );
}

function objectOf(value: Members, { m = {}, r = [] }: PropertyForm, path: string, problems: string[]): Members {
  for (const name of r) if (!(name in value)) problems.push(`${path}: required key [${name}] not found`);
  const members = Object.entries(value).map(([name, member]) => {
    const form = Object.hasOwn(m, name) ? m[name] : undefined;
    if (form) return [name, conform(member, form, `${path}/${name}`, problems)] as const;
    problems.push(`${path}: extraneous key [${name}] is not permitted`);
    return [name, member] as const;
  });
  return Object.fromEntries(members);
}

type Shapes = Readonly<Record<string, Shape>>;

/**
 * Properties as the input of an API operation: its names differ in capitals only, `ContainerDefinitions` and
 * `containerDefinitions`. @throws ResourceFailure for what the sandbox's operation does not know
 */
export function apiInput(shapes: Shapes, shapeName: string, value: unknown, path: string): unknown {
  const shape = shapes[shapeName];
  if (Array.isArray(value)) {
    return value.map((item, index) => apiInput(shapes, shape?.e ?? '', item, `${path}/${index}`));
  }
  if (shape?.t === 'map' || !isObject(value)) return scalarFor(shape, value);
  const names = new Map(Object.keys(shape?.m ?? {}).map((name) => [name.toLowerCase(), name]));
  const members = Object.entries(value).map(([name, member]) => {
    const own = names.get(name.toLowerCase());
    if (own === undefined) throw new ResourceFailure(`The property ${path}/${name} is not in the sandbox.`);
    return [own, apiInput(shapes, shape?.m?.[own] ?? '', member, `${path}/${name}`)] as const;
  });
  return Object.fromEntries(members);
}

function scalarFor(shape: Shape | undefined, value: unknown): unknown {
  if (shape?.t === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  return value;
}

/** Names of the properties that differ, and whether a difference makes a new resource. */
export function differences(type: string, before: Members, after: Members): { name: string; replaces: boolean }[] {
  const { createOnly } = schemaOf(type);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => ({ name, replaces: createOnly.some((path) => touches(path.split('/'), name, before, after)) }));
}

function touches([first = '', ...rest]: readonly string[], name: string, before: Members, after: Members): boolean {
  if (first !== name) return false;
  const at = (members: Members): unknown =>
    rest.reduce<unknown>((value, part) => (value as Members | undefined)?.[part], members[name]);
  return !isDeepStrictEqual(at(before), at(after));
}
