import spawn from 'cross-spawn';
import { onEnd } from './cleanup';
import { root } from './paths';
import { endTree } from './processTree';

const running = new Set<() => Promise<void>>();

/** Ends what `step` has started and what has not ended by itself. */
export async function endSteps(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()));
}

/** Runs one part of a lane with its output shown as it comes. It ends with this process, children and all. */
export async function step(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(file, [...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    // Ctrl+C comes to us alone, so that we decide in which order things end.
    detached: process.platform !== 'win32',
  });
  const stop = onEnd(async () => {
    if (child.pid !== undefined && child.exitCode === null) await endTree(child.pid, 10_000);
  });
  running.add(stop);
  const code = await new Promise<number>((resolve) => {
    child.once('exit', (exit) => resolve(exit ?? 1));
    child.once('error', (error) => {
      process.stderr.write(`${file}: ${error.message}\n`);
      resolve(127);
    });
  });
  running.delete(stop);
  await stop();
  return code;
}
