/**
 * Splits a command as the agent in a container does: by blanks, with quotes and backslashes, and without a shell.
 * @throws Error when a quote is not closed.
 */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < command.length; at += 1) {
    const char = command.charAt(at);
    if (char === '\\' && quote !== "'" && at + 1 < command.length) {
      at += 1;
      word = (word ?? '') + command.charAt(at);
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== '') throw new Error('EOF found when expecting closing quote');
  if (word !== undefined) words.push(word);
  return words;
}
