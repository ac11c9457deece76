import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A container engine's command line, run with argument arrays and never through a shell. */
export class EngineCli {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #alive = new Set<ChildProcess>();

  constructor(command: string, env: NodeJS.ProcessEnv) {
    this.command = command;
    this.env = env;
  }

  /** `DOCKER_HOST`: where the engine's API is, if it was said. */
  get host(): string | undefined {
    return this.env['DOCKER_HOST'];
  }

  get isPodman(): boolean {
    return /podman[^/\\]*$/.test(this.command);
  }

  /** Whether the engine runs health checks by itself. Podman leaves that to systemd, which a machine may lack. */
  get checksHealth(): boolean {
    return !this.isPodman;
  }

  /** Runs to the end. A command that cannot be started ends with code 127. @param cwd where, if not here */
  run(args: readonly string[], signal?: AbortSignal, cwd?: string): Promise<CliResult> {
    return new Promise((resolve) => {
      const child = spawn(this.command, args, {
        env: this.env,
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(signal ? { signal } : {}),
        ...(cwd === undefined ? {} : { cwd }),
      });
      let stdout = '';
      let stderr = '';
      this.#alive.add(child);
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('error', (error) => resolve({ code: 127, stdout, stderr: stderr || String(error) }));
      child.once('close', (code) => {
        this.#alive.delete(child);
        resolve({ code: code ?? 137, stdout, stderr });
      });
    });
  }

  /** Runs until it is ended, and hands over every line, also those of standard error. @returns the process. */
  follow(args: readonly string[], onLine: (line: string) => void, onEnd: () => void): ChildProcess {
    const child = spawn(this.command, args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#alive.add(child);
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', onLine);
    child.once('error', onEnd);
    child.once('close', () => {
      this.#alive.delete(child);
      onEnd();
    });
    return child;
  }

  /** Ends every command that is still running. */
  endAll(): void {
    for (const child of this.#alive) child.kill('SIGKILL');
  }
}

/** The first engine that answers, or undefined. An engine that is named must answer. */
export async function findEngine(wanted: string | undefined, env: NodeJS.ProcessEnv): Promise<EngineCli | undefined> {
  for (const command of wanted === undefined ? ['docker', 'podman'] : [wanted]) {
    const cli = new EngineCli(command, env);
    const answer = await cli.run(['version', '--format', '{{.Server.Version}}'], AbortSignal.timeout(15_000));
    if (answer.code === 0) return cli;
    // Podman without a service has no server part.
    if (cli.isPodman && (await cli.run(['info'], AbortSignal.timeout(15_000))).code === 0) return cli;
  }
  return undefined;
}
