import type { ChildProcess } from 'node:child_process';
import spawn from 'cross-spawn';
import { endTree } from './processTree';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** After this time the process and its children are ended, and `timedOut` is true. */
  readonly timeoutMs?: number;
  /** Show the output while it comes, beside collecting it. */
  readonly echo?: boolean;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a program to its end. A program that cannot be started is code 127, as in a shell. Never throws. */
export function run(file: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => void expire(), options.timeoutMs);
    const expire = async (): Promise<void> => {
      timedOut = true;
      if (child.pid !== undefined) await endTree(child.pid, 1_000);
    };
    const settle = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, timedOut });
    };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (options.echo) process.stdout.write(text);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (options.echo) process.stderr.write(text);
    });
    child.once('error', (error) => {
      stderr += error.message;
      settle(127);
    });
    child.once('close', settle);
    child.stdin?.on('error', () => undefined).end(options.input);
  });
}

/** Runs a program that has to succeed. @throws an error with the end of its output. */
export async function must(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await run(file, args, options);
  if (result.code === 0) return result.stdout;
  const how = result.timedOut ? `did not end within ${(options.timeoutMs ?? 0) / 1000} s` : `ended with ${result.code}`;
  throw new Error(`${[file, ...args].join(' ')} ${how}:\n${(result.stderr || result.stdout).trim().slice(-2_000)}`);
}

/** Waits until a process has ended. */
export function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}
