import type { ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import spawn from 'cross-spawn';
import treeKill from 'tree-kill';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Command, Exit, Runner, RunOptions } from './command';

/** Milliseconds that a program has to end by itself before it is killed. */
const grace = 5_000;

/** Characters of output kept for parsing and for messages; the rest was shown while it appeared. */
const kept = 1_000_000;

/** Runs programs of this machine; a cancelled one is ended with everything that it started. */
export class ProcessRunner implements Runner {
  run(command: Command, { signal, onOutput, timeout }: RunOptions): Promise<Exit> {
    if (signal.aborted) return Promise.reject(new GantryError('cancelled', message('Cancelled.')));
    return new Promise((resolve, reject) => {
      const child = spawn(command.file, [...command.args], {
        cwd: command.cwd,
        env: { ...process.env, ...command.env },
        stdio: [command.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        // A process group of its own, so that the whole tree can be ended (POSIX).
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
      let ended: GantryError | undefined;
      const end = (error: GantryError): void => {
        ended ??= error;
        killTree(child);
      };
      const onAbort = (): void => end(new GantryError('cancelled', message('Cancelled.')));
      signal.addEventListener('abort', onAbort, { once: true });
      const timer =
        timeout &&
        setTimeout(
          () => end(new GantryError('timedOut', message('{0} did not finish in time.', command.file))),
          timeout,
        );
      const stdout = collect(child.stdout, onOutput);
      const stderr = collect(child.stderr, onOutput);
      const settle = (): void => {
        signal.removeEventListener('abort', onAbort);
        if (timer) clearTimeout(timer);
      };
      child.once('error', (cause: NodeJS.ErrnoException) => {
        settle();
        reject(ended ?? spawnError(command, cause));
      });
      child.once('close', (code) => {
        settle();
        if (ended) reject(ended);
        else resolve({ code, stdout: stdout(), stderr: stderr() });
      });
      // A program that does not read its input closes the pipe; that is its right.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(command.stdin);
    });
  }
}

function collect(stream: NodeJS.ReadableStream | null, onOutput?: (text: string) => void): () => string {
  const decoder = new StringDecoder('utf8');
  let text = '';
  stream?.on('data', (chunk: Buffer) => {
    const part = decoder.write(chunk);
    text = (text + part).slice(-kept);
    onOutput?.(part);
  });
  return () => text;
}

function spawnError({ file }: Command, cause: NodeJS.ErrnoException): GantryError {
  const sentence =
    cause.code === 'ENOENT'
      ? message('{0} is not installed or not on the PATH.', file)
      : message('{0} could not be started: {1}', file, cause.message);
  return new GantryError('engineMissing', sentence, { cause });
}

function killTree(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') return treeKill(pid);
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), grace);
  child.once('close', () => clearTimeout(timer));
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
