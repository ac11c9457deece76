import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hrtime } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../contract/sandboxProcess';
import { outsideClients } from '../kit/lanes/needs';
import { commitAll, copySample } from '../kit/sampleWorkspace';
import { say } from '../kit/say';
import { openWorkbench } from '../workbench/kit/openWorkbench';
import type { Workbench } from '../workbench/kit/workbench';
import { type Figure, median } from './figure';
import { runScript, type ScriptPlace } from './script';

/** A way from a Dockerfile to a page. */
interface Way {
  readonly ms: number;
  /** The part that is work and not waiting: until ECS was told to run the image. */
  readonly untilToldMs: number;
}

interface Clicked extends Way {
  /** What was asked on the way to the plan, in order. */
  readonly questions: readonly string[];
}

/** Milliseconds in which the tasks of a fresh sandbox have come up. */
const settleMs = 8_000;

/**
 * From the first click of "Deploy to New Service…" to a page that the new load balancer gets from the container, by
 * taking what is proposed, and the same by a shell script: by turns, each in a sandbox of its own with real
 * containers. The first of each is not counted: caches fill.
 */
export async function newService(vsix: string, rounds: number): Promise<readonly Figure[]> {
  const clients = await outsideClients();
  const [ours, theirs]: [Clicked[], Way[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    say(`A new service by click and one by script, ${round === 0 ? 'to warm up' : `round ${round} of ${rounds}`}.`);
    const clicked = await fresh(clients, `Clicked ${round}`, (place, page) => byClick(vsix, place, page));
    const scripted = await fresh(clients, `Scripted ${round}`, byScript);
    if (round === 0) continue;
    ours.push(clicked);
    theirs.push(scripted);
  }
  return figures(ours, theirs);
}

/** Gives a way a sandbox and a workspace of its own, with a page in it that no image has yet. */
async function fresh<T>(
  clients: NodeJS.ProcessEnv,
  page: string,
  way: (place: ScriptPlace, page: string) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'gantry-bench-'));
  const folder = await copySample(path.join(home, 'sample'));
  writeFileSync(path.join(folder, 'www', 'index.html'), `<h1>${page}</h1>\n`);
  await commitAll(folder, page);
  const sandbox = await startSandbox({ seed: 'tiny', runtime: 'engine', env: { ...process.env, ...clients } });
  try {
    return await way({ sandbox, clients, home, folder }, page);
  } finally {
    await sandbox.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function byClick(vsix: string, { sandbox, clients, folder }: ScriptPlace, page: string): Promise<Clicked> {
  const env = { ...clients, GANTRY_SANDBOX: JSON.stringify(sandbox.info) };
  const workbench = await openWorkbench({ folder, env, extensions: [vsix] });
  const { explorer, modal, notifications } = workbench;
  try {
    let questions: readonly string[] = [];
    const way = await timed(sandbox, 'UpdateService', async () => {
      await explorer.contextMenu('Dockerfile', 'Deploy to New Service…');
      questions = await takeProposals(workbench);
      await modal.click('Create');
      await notifications.waitFor(/“sample” is healthy/, 180_000);
      const address = /is healthy.*(http:\/\/\S+)/.exec(workbench.output('Gantry'))?.[1] ?? '';
      requirePage(await (await fetch(address)).text(), page);
    });
    return { ...way, questions };
  } finally {
    await workbench.close();
  }
}

async function byScript(place: ScriptPlace, page: string): Promise<Way> {
  return timed(place.sandbox, 'CreateService', async () => requirePage(await runScript('newService.sh', place), page));
}

/** @param telling the operation that tells ECS to run the image */
async function timed(sandbox: Sandbox, telling: string, way: () => Promise<void>): Promise<Way> {
  await setTimeout(settleMs);
  await sandbox.resetCalls();
  const startedAt = Date.now();
  const start = hrtime.bigint();
  await way();
  const ms = Number(hrtime.bigint() - start) / 1e6;
  const told = (await sandbox.calls()).find(({ operation }) => operation === telling);
  if (told === undefined) throw new Error(`ECS was never told: there was no ${telling}.`);
  return { ms, untilToldMs: told.at - startedAt };
}

function requirePage(answer: string, page: string): void {
  if (!answer.includes(page)) throw new Error(`The address answered "${answer}", not "${page}".`);
}

/** Takes what every question proposes until the plan stands there. @returns the questions */
async function takeProposals(workbench: Workbench): Promise<string[]> {
  const asked: string[] = [];
  for (;;) {
    const question = await nextQuestion(workbench, asked.at(-1));
    if (question === undefined) return asked;
    asked.push(question);
    await workbench.quickPick.acceptProposal();
  }
}

/** Waits for another question, or for the plan. */
async function nextQuestion(workbench: Workbench, former: string | undefined): Promise<string | undefined> {
  const { modal, quickPick, page } = workbench;
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    if (await modal.isOpen()) return undefined;
    const question = await quickPick.question();
    if (question && question !== former) return question;
    await page.waitForTimeout(20);
  }
  throw new Error(`Neither a question nor the plan came after "${former ?? 'the click'}".`);
}

function figures(ours: readonly Clicked[], theirs: readonly Way[]): readonly Figure[] {
  const beside = (name: string, pick: (way: Way) => number, note: string): readonly Figure[] => [
    { name, unit: 'ms', values: ours.map(pick), aim: Math.round(median(theirs.map(pick)) * 0.9) },
    { name: '… by a script, docker and the AWS CLI', unit: 'ms', values: theirs.map(pick), note },
    {
      name: '… beside the script',
      ...({ unit: '×', values: ours.map((one, round) => pick(one) / pick(theirs[round] ?? one)), aim: 0.9 } as const),
    },
  ];
  const asked = (ours.at(-1)?.questions ?? []).map((question) => question.replace(/ \(Press.*/s, ''));
  return [
    ...beside('a new service, from the click to its page', ({ ms }) => ms, '`aws ecs wait` looks every 15 s'),
    ...beside('a new service, until ECS is told of the image', ({ untilToldMs }) => untilToldMs, 'create, build, push'),
    {
      name: 'questions of the short way, before the plan',
      ...({ unit: 'questions', values: ours.map(({ questions }) => questions.length), aim: 3, exact: true } as const),
      note: asked.join(' · '),
    },
  ];
}
