import Mocha from 'mocha';
import { type Counts, none, sum, writeCounts } from './counts';
import { beginning, type Failure } from './failures';

/** In CI a reader looks for what failed: thousands of lines about what did not would bury it. */
const Report = process.env['CI'] === 'true' ? Mocha.reporters.Base : Mocha.reporters.Spec;

/** Mocha's usual report (in CI its end, and each failure at once), and the counts for the runner. */
export class CountingReporter extends Report {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const files: Record<string, Counts> = {};
    const failures: Failure[] = [];
    const count = (more: Partial<Counts>) => (runnable: Mocha.Runnable) => {
      const file = runnable.file ?? '';
      files[file] = sum([files[file] ?? none, { ...none, ...more }]);
    };
    runner.on('pass', count({ passed: 1 }));
    // A hook that failed counts too.
    runner.on('fail', count({ failed: 1 }));
    runner.on('pending', count({ skipped: 1 }));
    runner.on('fail', (runnable: Mocha.Runnable, error: Error) => {
      failures.push({ file: runnable.file ?? '', title: runnable.fullTitle(), message: beginning(error.message) });
      if (Report === Mocha.reporters.Base) process.stdout.write(`  ✘ ${runnable.fullTitle()}\n`);
    });
    runner.once('end', () => {
      const { passes, failures: failed, pending } = this.stats;
      writeCounts({ passed: passes, failed, skipped: pending, files, failures });
      if (Report === Mocha.reporters.Base) this.epilogue();
    });
  }
}

// Mocha takes the module itself for the class.
module.exports = CountingReporter;
