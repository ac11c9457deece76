const started = Date.now();

/** One line of progress. Goes to standard error where standard output is a result. */
export function say(text: string): void {
  process.stderr.write(`[${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s] ${text}\n`);
}
