import { ApiError } from '../http/apiError';
import { wildcard } from '../wildcard';

export function invalidPattern(): ApiError {
  return new ApiError('InvalidParameterException', 'Invalid filter pattern');
}

/** The subset of regular expressions that CloudWatch takes: no groups, and only these symbols. @throws ApiError */
export function regexOf(source: string): RegExp {
  if (!/^[A-Za-z0-9\s:_#=@/;,\-^$?[\]{}|\\*+.]*$/.test(source)) throw invalidPattern();
  try {
    return new RegExp(source);
  } catch {
    throw invalidPattern();
  }
}

export const operators = ['!=', '<=', '>=', '=', '<', '>'] as const;
export type Operator = (typeof operators)[number];

/** The comparison of a value with what a pattern says. */
export function comparison(operator: Operator, wanted: Wanted): (given: unknown) => boolean {
  if (operator === '=' || operator === '!=') {
    const equal = equality(wanted);
    return (given) => equal(given) === (operator === '=');
  }
  const limit = Number(wanted.text);
  if (wanted.kind === 'regex' || wanted.text.trim() === '' || Number.isNaN(limit)) throw invalidPattern();
  return (given) => {
    if (typeof given !== 'number' && (typeof given !== 'string' || given.trim() === '')) return false;
    const value = Number(given);
    if (operator === '<') return value < limit;
    if (operator === '>') return value > limit;
    return operator === '<=' ? value <= limit : value >= limit;
  };
}

/** A value as it was written: bare, in quotes, or between percent signs. */
export interface Wanted {
  readonly kind: 'bare' | 'quoted' | 'regex';
  readonly text: string;
}

function equality({ kind, text }: Wanted): (given: unknown) => boolean {
  if (kind === 'regex') {
    const compiled = regexOf(text);
    return (given) => isPlain(given) && compiled.test(String(given));
  }
  const number = kind === 'bare' && text.trim() !== '' ? Number(text) : Number.NaN;
  return (given) => {
    if (typeof given === 'number') return given === number || (text.includes('*') && wildcardOnly(text, String(given)));
    if (typeof given === 'string' && !Number.isNaN(number) && given.trim() !== '' && Number(given) === number)
      return true;
    return isPlain(given) && wildcardOnly(text, String(given));
  };
}

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** In filter patterns only the asterisk is a wildcard. */
function wildcardOnly(pattern: string, text: string): boolean {
  return pattern.includes('*')
    ? wildcard(pattern.replaceAll('?', '\u0000'), text.replaceAll('?', '\u0000'), false)
    : pattern === text;
}
