import path from 'node:path';
import { root } from '../paths';
import { say } from '../say';
import { step } from '../step';
import { type Lane, minutes } from './lane';

const checks = [
  { name: 'types', args: ['typescript/bin/tsc'] },
  { name: 'types of pages', args: ['typescript/bin/tsc', '-p', 'src/page'] },
  { name: 'lint', args: ['eslint/bin/eslint.js', '.'] },
  { name: 'format', args: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
];

/** What can be said without running anything: types, the linter's rules, the format. Each counts as one test. */
export const staticLane: Lane = {
  name: 'static',
  limitMs: minutes(5),
  async run() {
    let passed = 0;
    for (const { name, args } of checks) {
      const [script = '', ...rest] = args;
      const code = await step(process.execPath, [path.join(root, 'node_modules', script), ...rest]);
      say(`${code === 0 ? '✔' : '✘'} ${name}`);
      if (code === 0) passed += 1;
    }
    return { passed, failed: checks.length - passed, skipped: 0 };
  },
};
