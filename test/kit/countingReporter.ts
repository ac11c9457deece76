import Mocha from 'mocha';
import { type Counts, none, sum, writeCounts } from './counts';

/** Mocha's usual report, and the counts for the runner. */
export class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const files: Record<string, Counts> = {};
    const count = (more: Partial<Counts>) => (runnable: Mocha.Runnable) => {
      const file = runnable.file ?? '';
      files[file] = sum([files[file] ?? none, { ...none, ...more }]);
    };
    runner.on('pass', count({ passed: 1 }));
    // A hook that failed counts too.
    runner.on('fail', count({ failed: 1 }));
    runner.on('pending', count({ skipped: 1 }));
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      writeCounts({ passed: passes, failed: failures, skipped: pending, files });
    });
  }
}

// Mocha takes the module itself for the class.
module.exports = CountingReporter;
