import path from 'node:path';
import process from 'node:process';
import { writeCounts } from '../kit/counts';
import { beginning, type Failure } from '../kit/failures';

/**
 * What VS Code calls inside the extension host. The counts are written when the suite has come to its end: when the
 * extension host dies on the way, VS Code reports success, and only the missing counts tell.
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', color: false, timeout: 30_000 });
  if (process.env['CI'] === 'true') mocha.forbidOnly();
  mocha.addFile(path.join(__dirname, 'suite.js'));
  await mocha.loadFilesAsync();
  const failures: Failure[] = [];
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
    runner.on('fail', (test, error: Error) => {
      failures.push({ file: 'host', title: test.fullTitle(), message: beginning(error.message) });
    });
  });
  if (stats === undefined || stats.tests === 0) throw new Error('There is not one test in the suite.');
  writeCounts({ passed: stats.passes, failed: stats.failures, skipped: stats.pending, failures });
  if (stats.failures > 0) throw new Error(`${stats.failures} of ${stats.tests} tests failed.`);
}
