import { ApiError } from '../http/apiError';

/**
 * CloudWatch's patterns for unstructured text: every word must occur, `?word` makes alternatives, `-word` excludes,
 * quotes keep words together. Patterns for JSON and for columns are refused, not misread.
 */
export function filterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[]/.test(text) || /^%.*%$/.test(text)) {
    throw new ApiError('InvalidParameterException', 'Only patterns of words are there in the sandbox.');
  }
  const terms = [...text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign = '', quoted, bare = '']) => ({
    sign,
    word: quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1'),
  }));
  const of = (sign: string): string[] => terms.filter((term) => term.sign === sign).map(({ word }) => word);
  const [all, any, none] = [of(''), of('?'), of('-')];
  return (message) =>
    all.every((word) => message.includes(word)) &&
    (any.length === 0 || any.some((word) => message.includes(word))) &&
    !none.some((word) => message.includes(word));
}
