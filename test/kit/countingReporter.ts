import Mocha from 'mocha';
import { writeCounts } from './counts';

/** Mocha's usual report, and the counts for the runner. */
export class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      writeCounts({ passed: passes, failed: failures, skipped: pending });
    });
  }
}

// Mocha takes the module itself for the class.
module.exports = CountingReporter;
