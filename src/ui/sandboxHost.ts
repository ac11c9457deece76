import { spawn, type ChildProcess } from 'node:child_process';
import * as readline from 'node:readline';
import * as vscode from 'vscode';
import { ContextKey } from '../core/contributions';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Connections } from './connections';

/** Milliseconds that the sandbox has to say that it is ready. */
const startLimit = 30_000;

/** What the sandbox prints when it is ready. */
interface ReadyLine {
  readonly endpoint: string;
  readonly region: string;
  readonly runtime: 'engine' | 'simulated';
  readonly engine: string | null;
}

/** Starts and ends the sandbox, a process of its own, and keeps its connection. Nothing is written to `~/.aws`. */
export class SandboxHost implements vscode.Disposable {
  private child: ChildProcess | undefined;

  constructor(
    private readonly program: string,
    private readonly connections: Connections,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Takes over a sandbox that somebody else started and announced in the environment. */
  async adopt(announcement: string | undefined): Promise<void> {
    const ready = announcement ? parseReadyLine(announcement) : undefined;
    if (ready) await this.connections.setSandbox(specOf(ready), false);
  }

  get isRunning(): boolean {
    return this.child !== undefined;
  }

  /**
   * Starts the sandbox and switches to it.
   * @throws GantryError sandboxFailed, cancelled
   */
  async start(signal: AbortSignal): Promise<ReadyLine> {
    const args = ['--port', '0', '--seed', 'tiny', '--runtime', 'auto', '--parent', String(process.pid)];
    const child = spawn(process.execPath, [this.program, ...args], {
      // The editor's own executable is Node when it is told so.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.child = child;
    readline.createInterface({ input: child.stderr }).on('line', (line) => this.log.trace(`sandbox: ${line}`));
    child.once('exit', () => void this.ended(child));
    try {
      const ready = await readReadyLine(child, signal);
      this.log.info(vscode.l10n.t('The sandbox answers at {0}', ready.endpoint));
      await this.connections.setSandbox(specOf(ready), true);
      this.setContext(true);
      return ready;
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** Ends the sandbox and what it started. */
  async stop(): Promise<void> {
    const { child } = this;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }

  dispose(): void {
    this.child?.kill('SIGTERM');
  }

  private async ended(child: ChildProcess): Promise<void> {
    if (this.child !== child) return;
    this.child = undefined;
    this.setContext(false);
    await this.connections.setSandbox(undefined, false);
  }

  private setContext(running: boolean): void {
    void vscode.commands.executeCommand('setContext', ContextKey.sandboxRunning, running);
  }
}

function specOf({ endpoint, region }: ReadyLine): { endpoint: string; region: string; sandbox: true } {
  return { endpoint, region, sandbox: true };
}

function readReadyLine(child: ChildProcess, signal: AbortSignal): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const fail = (text: string): void =>
      reject(new GantryError('sandboxFailed', message('The sandbox did not start: {0}', text)));
    const timer = setTimeout(() => fail('no answer in time'), startLimit);
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
    child.once('error', (error) => fail(error.message));
    child.once('exit', () => fail(errors.trim().split('\n').at(-1) ?? ''));
    child.once('exit', () => clearTimeout(timer));
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

function parseReadyLine(line: string): ReadyLine | undefined {
  try {
    const value = JSON.parse(line) as Partial<ReadyLine> | null;
    if (typeof value?.endpoint !== 'string' || typeof value.region !== 'string') return undefined;
    return {
      endpoint: value.endpoint,
      region: value.region,
      runtime: value.runtime ?? 'simulated',
      engine: value.engine ?? null,
    };
  } catch {
    return undefined;
  }
}
