import type { Shape } from './apiModel';

/** One place where a value breaks its shape. `path` is as AWS writes it: `containerDefinitions.1.member.name`. */
export interface Violation {
  readonly kind: 'type' | 'missing' | 'unknown' | 'bounds' | 'pattern' | 'enum';
  readonly path: string;
  readonly shape: Shape;
  readonly value: unknown;
}

type Shapes = Readonly<Record<string, Shape>>;
type Report = (violation: Violation) => void;

const patterns = new Map<string, RegExp>();

/** AWS's patterns must match the whole value and may use Java's classes. */
export function wholePattern(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = compile(pattern);
    patterns.set(pattern, compiled);
  }
  return compiled;
}

/** Java's classes of ASCII characters that JavaScript does not have. */
const posix: Readonly<Record<string, string>> = {
  '\\p{Print}': '[\\x20-\\x7e]',
  '\\p{Graph}': '[\\x21-\\x7e]',
  '\\p{Alnum}': '[A-Za-z0-9]',
  '\\p{ASCII}': '[\\x00-\\x7f]',
};

function compile(java: string): RegExp {
  const pattern = java.replace(/\\p\{(?:Print|Graph|Alnum|ASCII)\}/g, (name) => posix[name] ?? name);
  const whole = `^(?:${pattern})$`;
  const plain = `^(?:${pattern.replaceAll('\\-', '-')})$`;
  // Patterns come in Java's dialect; the stricter `u` mode is needed for \p{…} and for pairs of surrogates.
  const unicode = /\\p\{|\\uD[89AB]/i.test(pattern);
  const forms: readonly (readonly [string, string])[] = [
    [whole, unicode ? 'u' : ''],
    [plain, unicode ? 'u' : ''],
    [plain, ''],
  ];
  for (const [source, flags] of forms) {
    try {
      return new RegExp(source, flags);
    } catch {
      // The next form may do.
    }
  }
  throw new Error(`This pattern of the model cannot be read: ${pattern}`);
}

/** Reports every place where `value` breaks the shape named `name`. */
export function findViolations(shapes: Shapes, name: string, value: unknown, path: string, report: Report): void {
  const shape = shapes[name];
  // Free-form JSON, for which the model has no type of its own.
  if (!shape || name === 'HookDetails') return;
  switch (shape.t) {
    case 'structure':
      return structure(shapes, shape, value, path, report);
    case 'list':
      return list(shapes, shape, value, path, report);
    case 'map':
      return map(shapes, shape, value, path, report);
    case 'string':
      return text(shape, value, path, report);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : report({ kind: 'type', path, shape, value });
    case 'blob':
      return typeof value === 'string' ? undefined : report({ kind: 'type', path, shape, value });
    case 'timestamp':
      if (!(value instanceof Date) && typeof value !== 'number') report({ kind: 'type', path, shape, value });
      return;
    default:
      return number(shape, value, path, report);
  }
}

const join = (path: string, name: string): string => (path ? `${path}.${name}` : name);

function structure(shapes: Shapes, shape: Shape, value: unknown, path: string, report: Report): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return report({ kind: 'type', path, shape, value });
  }
  const members = shape.m ?? {};
  const given = value as Record<string, unknown>;
  for (const name of shape.required ?? []) {
    if (given[name] === undefined || given[name] === null) {
      report({ kind: 'missing', path: join(path, name), shape, value: null });
    }
  }
  for (const [name, member] of Object.entries(given)) {
    if (member === undefined || member === null) continue;
    const memberShape = Object.hasOwn(members, name) ? members[name] : undefined;
    if (memberShape === undefined) report({ kind: 'unknown', path: join(path, name), shape, value: member });
    else findViolations(shapes, memberShape, member, join(path, name), report);
  }
}

function list(shapes: Shapes, shape: Shape, value: unknown, path: string, report: Report): void {
  if (!Array.isArray(value)) return report({ kind: 'type', path, shape, value });
  if (outside(value.length, shape)) report({ kind: 'bounds', path, shape, value });
  const element = shape.e;
  if (element === undefined) return;
  value.forEach((item, index) => findViolations(shapes, element, item, `${path}.${index + 1}.member`, report));
}

function map(shapes: Shapes, shape: Shape, value: unknown, path: string, report: Report): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return report({ kind: 'type', path, shape, value });
  }
  const entries = Object.entries(value as Record<string, unknown>);
  if (outside(entries.length, shape)) report({ kind: 'bounds', path, shape, value });
  for (const [key, item] of entries) {
    if (shape.k !== undefined) findViolations(shapes, shape.k, key, `${path}.key`, report);
    if (shape.v !== undefined) findViolations(shapes, shape.v, item, `${path}.${key}`, report);
  }
}

function text(shape: Shape, value: unknown, path: string, report: Report): void {
  if (typeof value !== 'string') return report({ kind: 'type', path, shape, value });
  if (outside(value.length, shape)) report({ kind: 'bounds', path, shape, value });
  if (shape.enum && !shape.enum.includes(value)) report({ kind: 'enum', path, shape, value });
  if (shape.pattern !== undefined && !wholePattern(shape.pattern).test(value)) {
    report({ kind: 'pattern', path, shape, value });
  }
}

function number(shape: Shape, value: unknown, path: string, report: Report): void {
  const whole = shape.t === 'integer' || shape.t === 'long';
  if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    return report({ kind: 'type', path, shape, value });
  }
  if (shape.t === 'integer' && Math.abs(value) > 2 ** 31) return report({ kind: 'type', path, shape, value });
  if (outside(value, shape)) report({ kind: 'bounds', path, shape, value });
}

function outside(size: number, { min, max }: Shape): boolean {
  return (min !== undefined && size < min) || (max !== undefined && size > max);
}
