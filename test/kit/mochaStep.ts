import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Counts, countsVariable, type SuiteCounts, sum, takeCounts } from './counts';
import { remember } from './failures';
import { outDir, root } from './paths';
import { say } from './say';
import { step } from './step';

/** A fresh file for the counts of a suite that runs in another process. */
export function countsFile(name: string): string {
  mkdirSync(outDir, { recursive: true });
  const file = path.join(outDir, `${name}.counts.json`);
  rmSync(file, { force: true });
  return file;
}

/**
 * Turns what a suite left behind into counts. A suite that did not reach its end, that ran no test, or that ended with
 * an error after its last test has failed, whatever it says.
 */
export function judge(name: string, file: string, exitCode: number): SuiteCounts {
  const counts = takeCounts(file);
  const failed = (why: string): Counts => {
    process.stderr.write(`${name}: ${why}\n`);
    remember([{ file: name, title: name, message: why }]);
    return { passed: counts?.passed ?? 0, failed: (counts?.failed ?? 0) + 1, skipped: counts?.skipped ?? 0 };
  };
  if (counts === undefined) return failed(`the suite never came to its end (exit code ${exitCode}).`);
  if (counts.passed + counts.failed + counts.skipped === 0) return failed('there is not one test in it.');
  if (exitCode !== 0 && counts.failed === 0) return failed(`ended with ${exitCode} although no test failed.`);
  return counts;
}

export interface MochaOptions {
  readonly timeoutMs: number;
  readonly env?: NodeJS.ProcessEnv;
  /** How many files run at the same time; one after the other unless told. */
  readonly jobs?: number;
  /** Up to this many files in which something failed run again from their start, and their second result counts. */
  readonly secondTries?: number;
}

/** Runs the test files of a folder with mocha, in a process of their own. */
export async function mochaStep(name: string, pattern: string, options: MochaOptions): Promise<Counts> {
  const first = await runFiles(name, [pattern], options);
  const files = Object.entries(first.files ?? {});
  const failed = files.filter(([, counts]) => counts.failed > 0).map(([file]) => file);
  const few = failed.length > 0 && failed.length <= (options.secondTries ?? 0);
  if (!few || !failed.every((file) => path.isAbsolute(file))) {
    remember(first.failures ?? []);
    return first;
  }
  const names = failed.map((file) => path.relative(root, file)).join(', ');
  say(`!!! ${name}: something failed in ${names}. Again, from the start, one after the other:`);
  const second = await runFiles(name, failed, { ...options, jobs: 1 });
  remember(first.failures ?? [], second.failed === 0);
  remember(second.failures ?? []);
  if (second.failed === 0) say(`!!! ${name}: ${names} passed at the second try only. That is a defect to look for.`);
  return sum([...files.filter(([file]) => !failed.includes(file)).map(([, counts]) => counts), second]);
}

async function runFiles(name: string, patterns: readonly string[], options: MochaOptions): Promise<SuiteCounts> {
  const file = countsFile(name);
  const args = [
    ...['--import', 'tsx', path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js')],
    ...['--ui', 'bdd', '--reporter', path.join(root, 'test', 'kit', 'countingReporter.ts')],
    ...['--timeout', String(options.timeoutMs), ...(process.env['CI'] === 'true' ? ['--forbid-only'] : [])],
    ...(options.jobs === undefined ? [] : ['--parallel', '--jobs', String(options.jobs)]),
    ...patterns,
  ];
  const code = await step(process.execPath, args, { ...options.env, [countsVariable]: file });
  return judge(name, file, code);
}
