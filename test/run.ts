import path from 'node:path';
import { endAll, endOnSignals } from './kit/cleanup';
import { type Counts, none, sum } from './kit/counts';
import { contractLane } from './kit/lanes/contract';
import { hostLane } from './kit/lanes/host';
import { beginning, failuresText, remember } from './kit/failures';
import type { Lane } from './kit/lanes/lane';
import { staticLane } from './kit/lanes/static';
import { unitLane } from './kit/lanes/unit';
import { workbenchLane } from './kit/lanes/workbench';
import { Missing } from './kit/missing';
import { root } from './kit/paths';
import { say } from './kit/say';
import { endSteps } from './kit/step';

/** From the quickest to the slowest. */
const lanes: readonly Lane[] = [staticLane, unitLane, contractLane, hostLane, workbenchLane];

const strict = process.env['CI'] === 'true';

function failure(lane: Lane, error: unknown): Counts {
  if (!(error instanceof Missing) || strict) {
    remember([{ file: lane.name, title: lane.name, message: beginning(String(error)) }]);
  }
  if (error instanceof Missing) {
    say(`!!! ${lane.name} ${strict ? 'FAILED' : 'SKIPPED'}: ${error.message}`);
    return strict ? { ...none, failed: 1 } : { ...none, skipped: 1 };
  }
  say(`!!! ${lane.name} FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return { ...none, failed: 1 };
}

async function runLane(lane: Lane): Promise<Counts> {
  say(`── ${lane.name}`);
  const started = Date.now();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${lane.limitMs / 60_000} minutes`)), lane.limitMs);
  });
  try {
    const counts = await Promise.race([lane.run(), limit]);
    const { passed, failed, skipped } = counts;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    say(`── ${lane.name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
    return counts;
  } catch (error) {
    await endSteps();
    return failure(lane, error);
  } finally {
    clearTimeout(timer);
  }
}

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !lanes.some((lane) => lane.name === name));
  if (unknown.length > 0) {
    say(`There is no lane "${unknown.join('", "')}". The lanes are ${lanes.map((lane) => lane.name).join(', ')}.`);
    return 2;
  }
  const results: Counts[] = [];
  for (const lane of lanes) {
    if (wanted.length === 0 || wanted.includes(lane.name)) results.push(await runLane(lane));
  }
  const { passed, failed, skipped } = sum(results);
  await endAll();
  process.stdout.write(failuresText((file) => (path.isAbsolute(file) ? path.relative(root, file) : file)));
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

endOnSignals();
void main().then((code) => process.exit(code));
