import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import type { ConnectionSpec } from '../core/connection';
import { ContextKey } from '../core/contributions';
import type { Connections } from './connections';
import type { ReadyLine } from './sandboxProcess';

/** Starts and ends the sandbox, a process of its own, and keeps its connection. Nothing is written to `~/.aws`. */
export class SandboxHost implements vscode.Disposable {
  private child: ChildProcess | undefined;
  private starting = false;

  constructor(
    private readonly program: string,
    private readonly connections: Connections,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Takes over a sandbox that somebody else started and announced in the environment. */
  async adopt(announcement: string | undefined): Promise<void> {
    if (!announcement) return;
    const { parseReadyLine } = await import('./sandboxProcess');
    const ready = parseReadyLine(announcement);
    if (ready) await this.connections.setSandbox(specOf(ready), false);
  }

  get isRunning(): boolean {
    return this.starting || this.child !== undefined;
  }

  /**
   * Starts the sandbox and switches to it.
   * @throws GantryError sandboxFailed, cancelled
   */
  async start(signal: AbortSignal): Promise<ReadyLine> {
    this.starting = true;
    try {
      // Loaded when it is needed: starting processes is no part of starting up.
      const { spawnSandbox, waitUntilReady } = await import('./sandboxProcess');
      const child = spawnSandbox(this.program, (line) => this.log.trace(`sandbox: ${line}`));
      this.child = child;
      child.once('exit', () => void this.ended(child));
      const ready = await waitUntilReady(child, signal).catch((error: unknown) => {
        child.kill();
        throw error;
      });
      this.log.info(vscode.l10n.t('The sandbox answers at {0}', ready.endpoint));
      await this.connections.setSandbox(specOf(ready), true);
      this.setContext(true);
      return ready;
    } finally {
      this.starting = false;
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

function specOf({ endpoint, region }: ReadyLine): ConnectionSpec {
  return { endpoint, region, sandbox: true };
}
