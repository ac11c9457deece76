import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { countsVariable, type Counts, takeCounts } from './counts';
import { outDir, root } from './paths';
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
export function judge(name: string, file: string, exitCode: number): Counts {
  const counts = takeCounts(file);
  const failed = (why: string): Counts => {
    process.stderr.write(`${name}: ${why}\n`);
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
}

/** Runs the test files of a folder with mocha, in a process of their own. */
export async function mochaStep(name: string, pattern: string, options: MochaOptions): Promise<Counts> {
  const file = countsFile(name);
  const args = [
    ...['--import', 'tsx', path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js')],
    ...['--ui', 'bdd', '--reporter', path.join(root, 'test', 'kit', 'countingReporter.ts')],
    ...['--timeout', String(options.timeoutMs), ...(process.env['CI'] === 'true' ? ['--forbid-only'] : [])],
    pattern,
  ];
  const code = await step(process.execPath, args, { ...options.env, [countsVariable]: file });
  return judge(name, file, code);
}
