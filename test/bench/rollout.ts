import { ListTasksCommand, DescribeTasksCommand } from '@aws-sdk/client-ecs';
import type { SandboxCall } from '../contract/sandboxProcess';
import { say } from '../kit/say';
import { openScene, type Scene } from '../workbench/kit/scene';
import { SeedService } from '../workbench/kit/seedService';
import type { Figure } from './figure';

/** Milliseconds for which a rollout that does not move is watched. */
const minute = 60_000;

/** Milliseconds after which nothing ought to be asked any more. */
const idle = 15_000;

/**
 * What watching costs, and how soon the cause is on the screen. Watched by clicks, in a window that shows the explorer
 * of files, so that the trees ask nothing.
 */
export async function rollout(vsix: string, rounds: number): Promise<readonly Figure[]> {
  process.env['GANTRY_TEST_VSIX'] = vsix;
  const scene = await openScene({ sandbox: { runtime: 'simulated' } });
  try {
    const web = new SeedService(scene.ecs, 'web');
    const findings: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      say(`A rollout that fails, round ${round} of ${rounds}.`);
      findings.push(await findingAfter(scene, web));
    }
    say('A rollout that waits, for a minute.');
    const watching = await callsWhileWatching(scene, web);
    const resting = await callsWhileIdle(scene);
    return [
      {
        name: 'from the first failed task to the cause on the screen',
        ...({ unit: 'ms', values: findings, aim: 6_000, note: 'a look every 5 s, and one second' } as const),
      },
      {
        name: 'calls in a minute of watching one service',
        ...({ unit: 'calls', values: [watching.length], aim: 30, exact: true, note: byOperation(watching) } as const),
      },
      { name: 'calls while nothing rolls out', unit: 'calls', values: [resting.length], aim: 0, exact: true },
    ];
  } finally {
    await scene.close();
  }
}

async function watch({ workbench }: Scene): Promise<void> {
  await workbench.palette('Notifications: Clear All Notifications');
  await workbench.palette('Gantry: Watch Rollout');
  await workbench.quickPick.waitForRow('web');
  await workbench.quickPick.choose('web');
  await workbench.notifications.waitFor('Watch Rollout: web');
}

/** Milliseconds between the end of the first task and its cause in the window. */
async function findingAfter(scene: Scene, web: SeedService): Promise<number> {
  const before = await stoppedAt(scene);
  await web.deploy(await web.revision('exit-3'));
  await watch(scene);
  await scene.workbench.notifications.waitFor('exit code 3', minute);
  const seen = Date.now();
  const after = (await stoppedAt(scene)).filter((at) => !before.includes(at));
  await scene.workbench.notifications.waitFor('was rolled back', minute);
  return seen - Math.min(...after);
}

async function stoppedAt({ ecs }: Scene): Promise<number[]> {
  const list = { cluster: 'demo', desiredStatus: 'STOPPED' } as const;
  const { taskArns = [] } = await ecs.send(new ListTasksCommand(list));
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: 'demo', tasks: taskArns }));
  return tasks.flatMap(({ stoppingAt }) => stoppingAt?.getTime() ?? []);
}

async function callsWhileWatching(scene: Scene, web: SeedService): Promise<readonly SandboxCall[]> {
  await web.deploy(await web.revision('capacity'));
  await watch(scene);
  await scene.sandbox.resetCalls();
  await scene.workbench.page.waitForTimeout(minute);
  const calls = await scene.sandbox.calls();
  await scene.workbench.notifications.cancel('Watch Rollout: web');
  await scene.workbench.notifications.waitFor('Stopped watching');
  return calls;
}

async function callsWhileIdle(scene: Scene): Promise<readonly SandboxCall[]> {
  await scene.sandbox.resetCalls();
  await scene.workbench.page.waitForTimeout(idle);
  return scene.sandbox.calls();
}

export function byOperation(calls: readonly SandboxCall[]): string {
  const counts = new Map<string, number>();
  for (const { operation } of calls) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return [...counts].map(([operation, count]) => `${operation} ${count}`).join(', ');
}
