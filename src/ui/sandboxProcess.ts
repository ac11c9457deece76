import { spawn, type ChildProcess } from 'node:child_process';
import * as readline from 'node:readline';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { parseReadyLine, type ReadyLine } from './readyLine';

/** Milliseconds that the sandbox has to say that it is ready. */
const startLimit = 30_000;

/** The worlds that a person can choose from. */
export type Seed = 'tiny' | 'shop' | 'large' | 'empty';

/** Starts the sandbox as a process of its own, which ends with this one. */
export function spawnSandbox(program: string, seed: Seed, onLine: (line: string) => void): ChildProcess {
  const args = ['--port', '0', '--seed', seed, '--runtime', 'auto', '--parent', String(process.pid)];
  const child = spawn(process.execPath, [program, ...args], {
    // The editor's own executable is Node when it is told so.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  readline.createInterface({ input: child.stderr }).on('line', onLine);
  return child;
}

/**
 * Waits until the sandbox is ready.
 * @throws GantryError sandboxFailed, cancelled
 */
export function waitUntilReady(child: ChildProcess, signal: AbortSignal): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const fail = (text: string): void =>
      reject(new GantryError('sandboxFailed', message('The sandbox did not start: {0}', text)));
    const timer = setTimeout(() => fail('no answer in time'), startLimit);
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
    child.once('error', (error) => fail(error.message));
    child.once('exit', () => {
      clearTimeout(timer);
      fail(errors.trim().split('\n').at(-1) ?? '');
    });
    signal.addEventListener('abort', () => reject(new GantryError('cancelled', message('Cancelled.'))), { once: true });
    if (!child.stdout) return fail('no output');
    readline.createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      const ready = parseReadyLine(line);
      if (ready) resolve(ready);
      else fail(line);
    });
  });
}
