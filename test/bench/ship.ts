import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hrtime } from 'node:process';
import { type Sandbox, type SandboxCall, startSandbox } from '../contract/sandboxProcess';
import { onEnd } from '../kit/cleanup';
import { outsideClients } from '../kit/lanes/needs';
import { commitAll, copySample } from '../kit/sampleWorkspace';
import { say } from '../kit/say';
import { openWorkbench } from '../workbench/kit/openWorkbench';
import type { Workbench } from '../workbench/kit/workbench';
import { type Figure, median } from './figure';
import { byOperation } from './rollout';
import { runScript } from './script';

interface Ship {
  readonly ms: number;
  /** The part that is work and not waiting: until ECS was told of the new revision. */
  readonly untilUpdateMs: number;
  readonly calls: readonly SandboxCall[];
}

/** A target as the product saves it, so that a ship asks nothing. */
function writeTarget(folder: string, { account, region }: Sandbox['info']): void {
  const place = { account, region, repository: 'demo/web', cluster: 'demo', service: 'web', container: 'web' };
  const target = { name: 'web', dockerfile: 'Dockerfile', context: '.', tag: '{commit}', ...place };
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'gantry.targets': [target] }));
}

async function timed(sandbox: Sandbox, ship: () => Promise<unknown>): Promise<Ship> {
  await sandbox.resetCalls();
  const startedAt = Date.now();
  const start = hrtime.bigint();
  await ship();
  const ms = Number(hrtime.bigint() - start) / 1e6;
  const calls = await sandbox.calls();
  const update = calls.find(({ operation }) => operation === 'UpdateService');
  if (update === undefined) throw new Error('The ship never updated the service.');
  return { ms, untilUpdateMs: update.at - startedAt, calls };
}

/** From the right-click to the verdict, as a person waits for it. */
async function shipByClick({ explorer, notifications }: Workbench): Promise<void> {
  await explorer.contextMenu('Dockerfile', 'Build, Push and Redeploy');
  await notifications.waitFor(/“web” is healthy/, 120_000);
}

/** Something new to ship, for each ship: a new page in a new commit. */
async function change(folder: string, text: string): Promise<void> {
  writeFileSync(path.join(folder, 'www', 'index.html'), `<h1>${text}</h1>\n`);
  await commitAll(folder, text);
}

/**
 * One ship, by clicking and by a shell script, by turns, against the same sandbox with real containers.
 * The first of each is not counted: caches fill.
 */
export async function ship(vsix: string, rounds: number): Promise<readonly Figure[]> {
  const clients = await outsideClients();
  const home = mkdtempSync(path.join(os.tmpdir(), 'gantry-bench-'));
  onEnd(() => rmSync(home, { recursive: true, force: true }));
  const folder = await copySample(path.join(home, 'sample'));
  const sandbox = await startSandbox({ seed: 'tiny', runtime: 'engine', env: { ...process.env, ...clients } });
  const stop = onEnd(() => sandbox.stop());
  writeTarget(folder, sandbox.info);
  const script = (): Promise<string> => runScript('ship.sh', { sandbox, clients, home, folder });
  const env = { ...clients, GANTRY_SANDBOX: JSON.stringify(sandbox.info) };
  const workbench = await openWorkbench({ folder, env, extensions: [vsix] });
  const [ours, theirs]: [Ship[], Ship[]] = [[], []];
  const [oursAgain, theirsAgain]: [Ship[], Ship[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    say(`A ship by click and one by script, ${round === 0 ? 'to warm up' : `round ${round} of ${rounds}`}.`);
    await change(folder, `Clicked ${round}`);
    const clicked = await timed(sandbox, () => shipByClick(workbench));
    await workbench.notifications.clearAll();
    const clickedAgain = await timed(sandbox, () => shipByClick(workbench));
    await workbench.notifications.clearAll();
    await change(folder, `Scripted ${round}`);
    const scripted = await timed(sandbox, script);
    const scriptedAgain = await timed(sandbox, script);
    if (round === 0) continue;
    ours.push(clicked);
    theirs.push(scripted);
    oursAgain.push(clickedAgain);
    theirsAgain.push(scriptedAgain);
  }
  await workbench.close();
  await stop();
  return [...figures(ours, theirs), ...unchanged(oursAgain, theirsAgain)];
}

function figures(ours: readonly Ship[], theirs: readonly Ship[]): readonly Figure[] {
  const [whole, work] = [(one: Ship): number => one.ms, (one: Ship): number => one.untilUpdateMs];
  const beside = (name: string, pick: (one: Ship) => number, note: string): readonly Figure[] => [
    { name, unit: 'ms', values: ours.map(pick), aim: Math.round(median(theirs.map(pick))) },
    { name: '… by a script, docker and the AWS CLI', unit: 'ms', values: theirs.map(pick), note },
  ];
  const calls = (ships: readonly Ship[]): Pick<Figure, 'unit' | 'values' | 'note'> => ({
    unit: 'calls',
    values: ships.map((one) => one.calls.length),
    note: byOperation(ships.at(-1)?.calls ?? []),
  });
  return [
    ...beside('one ship, from the click to the verdict', whole, '`aws ecs wait` looks every 15 s'),
    ...beside('one ship, until ECS is told of the revision', work, 'build, push, register'),
    {
      name: '… beside the script',
      ...({ unit: '×', values: ours.map((one, round) => work(one) / work(theirs[round] ?? one)), aim: 0.9 } as const),
    },
    { name: 'AWS calls of one ship', ...calls(ours) },
    { name: '… of the script', ...calls(theirs) },
  ];
}

/** A ship of what is in the registry already: nothing is pushed. */
function unchanged(ours: readonly Ship[], theirs: readonly Ship[]): readonly Figure[] {
  const ratios = ours.map(({ untilUpdateMs }, round) => untilUpdateMs / (theirs[round]?.untilUpdateMs ?? Number.NaN));
  return [
    {
      name: 'a ship of an unchanged context, until ECS is told',
      unit: 'ms',
      values: ours.map((one) => one.untilUpdateMs),
    },
    { name: '… beside the script', unit: '×', values: ratios, aim: 0.5, note: 'until ECS is told of the revision' },
  ];
}
