import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Failure } from './failures';

/** How many tests ended in which way. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The counts of a suite, and of each of its files and failures where the suite tells them apart. */
export interface SuiteCounts extends Counts {
  readonly files?: Readonly<Record<string, Counts>>;
  readonly failures?: readonly Failure[];
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** The environment variable that names the file to which a suite writes its counts when it has come to its end. */
export const countsVariable = 'GANTRY_TEST_COUNTS';

export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    none,
  );
}

export function writeCounts(counts: SuiteCounts): void {
  const file = process.env[countsVariable];
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
}

/** Reads a suite's counts once. Undefined when the suite never came to its end, whatever its exit code says. */
export function takeCounts(file: string): SuiteCounts | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SuiteCounts;
  } catch {
    return undefined;
  } finally {
    rmSync(file, { force: true });
  }
}
