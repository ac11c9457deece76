import { columnPattern } from './columnPattern';
import { jsonPattern } from './jsonPattern';
import { invalidPattern, regexOf } from './patternValue';

/**
 * CloudWatch Logs' filter patterns: `{ $.level = "error" }` for JSON, `[ip, user, status = 4*]` for columns, otherwise
 * words and expressions between percent signs.
 * @throws ApiError InvalidParameterException when the pattern cannot be read.
 */
export function filterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text.startsWith('{')) return jsonPattern(text);
  if (text.startsWith('[')) return columnPattern(text);
  return termPattern(text);
}

/**
 * Every term must occur, `-term` must not, quotes keep words together. Of `?term` one has to occur; beside other terms
 * CloudWatch ignores them.
 */
function termPattern(text: string): (message: string) => boolean {
  const found = [...text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s"]+))|"/g)];
  const terms = found.map(([whole, sign = '', quoted, regex, bare = '']) => {
    if (whole === '"') throw invalidPattern();
    if (regex !== undefined) {
      const compiled = regexOf(regex);
      return { sign, occurs: (message: string) => compiled.test(message) };
    }
    const word = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
    return { sign, occurs: (message: string) => message.includes(word) };
  });
  const others = terms.filter(({ sign }) => sign !== '?');
  if (others.length === 0) {
    return (message) => terms.length === 0 || terms.some(({ occurs }) => occurs(message));
  }
  return (message) => others.every(({ sign, occurs }) => occurs(message) === (sign === ''));
}
