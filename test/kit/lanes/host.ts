import path from 'node:path';
import { bundleSuite } from '../../host/bundle';
import { ensureEditors } from '../../host/editors';
import { countsVariable, type SuiteCounts, sum } from '../counts';
import { build } from '../extensionPackage';
import { remember } from '../failures';
import { countsFile, judge } from '../mochaStep';
import { root } from '../paths';
import { say } from '../say';
import { step } from '../step';
import { type Lane, minutes } from './lane';

/** A suite inside VS Code's extension host, in every VS Code that can be had. */
export const hostLane: Lane = {
  name: 'host',
  limitMs: minutes(15),
  async run() {
    const editors = await ensureEditors();
    await build();
    const suite = await bundleSuite();
    const results: SuiteCounts[] = [];
    for (const { name, executable, wrapper } of editors) {
      say(`In VS Code: ${name}`);
      const file = countsFile(`host-${name}`);
      const node = [process.execPath, '--import', 'tsx', path.join(root, 'test', 'host', 'runIn.ts')];
      const [program = '', ...args] = [...wrapper, ...node, executable, suite];
      results.push(judge(`host (${name})`, file, await step(program, args, { [countsVariable]: file })));
    }
    for (const { failures } of results) remember(failures ?? []);
    return sum(results);
  },
};
