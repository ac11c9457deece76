import { type Operator, type Wanted, comparison, invalidPattern } from './patternValue';

type Test = (value: string) => boolean;

interface Column {
  readonly rest: boolean;
  readonly test: Test;
}

/**
 * `[ip, user, status = 4*, ...]` for lines whose columns are divided by blanks; what stands in brackets or quotes is
 * one column. Without `...` the number of columns has to be right.
 */
export function columnPattern(text: string): (message: string) => boolean {
  const inner = /^\[(.*)\]$/s.exec(text)?.[1];
  if (inner === undefined || inner.trim() === '') throw invalidPattern();
  const columns = divide(inner, ',').map(columnOf);
  const rest = columns.findIndex((column) => column.rest);
  if (columns.filter((column) => column.rest).length > 1) throw invalidPattern();
  return (message) => {
    const values = valuesOf(message);
    if (rest < 0) {
      return values.length === columns.length && columns.every(({ test }, index) => test(values[index] ?? ''));
    }
    const after = columns.length - rest - 1;
    if (values.length < rest + after) return false;
    const before = columns.slice(0, rest).every(({ test }, index) => test(values[index] ?? ''));
    const behind = columns.slice(rest + 1);
    return before && behind.every(({ test }, index) => test(values[values.length - after + index] ?? ''));
  };
}

function valuesOf(message: string): string[] {
  return [...message.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g)].map(
    ([, bracket, quoted, bare]) => bracket ?? quoted ?? bare ?? '',
  );
}

function columnOf(text: string): Column {
  const column = text.trim();
  if (column === '...') return { rest: true, test: () => true };
  if (column === '') throw invalidPattern();
  const either = divide(column, '||').map((part) => divide(part, '&&').map(conditionOf));
  return { rest: false, test: (value) => either.some((both) => both.every((test) => test(value))) };
}

/** A name alone takes any value; otherwise `name = value` and so on. */
function conditionOf(text: string): Test {
  const condition = text
    .trim()
    .replace(/^\((.*)\)$/s, '$1')
    .trim();
  if (/^[\w.*-]+$/.test(condition)) return () => true;
  const [, operator, value = ''] = /^[\w.-]+\s*(!=|<=|>=|=|<|>)\s*(.+)$/s.exec(condition) ?? [];
  if (operator === undefined) throw invalidPattern();
  return comparison(operator as Operator, wantedOf(value.trim()));
}

function wantedOf(value: string): Wanted {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(value)?.[1];
  if (quoted !== undefined) return { kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') };
  const regex = /^%([^%]+)%$/.exec(value)?.[1];
  if (regex !== undefined) return { kind: 'regex', text: regex };
  if (/["%\s]/.test(value)) throw invalidPattern();
  return { kind: 'bare', text: value };
}

/** Divides at a separator that is outside quotes and percent signs. */
function divide(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let inside = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (inside === '' && text.startsWith(separator, at)) {
      parts.push(text.slice(start, at));
      start = at + separator.length;
      at = start - 1;
    } else if (char === '\\' && inside === '"') at += 1;
    else if (inside !== '' ? char === inside : char === '"' || char === '%') inside = inside === '' ? char : '';
  }
  if (inside !== '') throw invalidPattern();
  parts.push(text.slice(start));
  return parts;
}
