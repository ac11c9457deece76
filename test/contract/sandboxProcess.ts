import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { elsewhere, endpointElsewhere } from './elsewhere';

/** The one line that the sandbox prints when it is ready. */
export interface SandboxInfo {
  readonly endpoint: string;
  readonly registry: string;
  readonly account: string;
  readonly region: string;
  readonly runtime: 'engine' | 'simulated';
  readonly engine: string | null;
  readonly pid: number;
}

/** One API call as the sandbox saw it. `at` is in milliseconds since the Unix epoch. */
export interface SandboxCall {
  readonly service: string;
  readonly operation: string;
  readonly at: number;
  readonly status: number;
  readonly error?: string;
}

/** What to break, and how. Without `times` the fault stays until it is cleared. */
export interface SandboxFault {
  /** `resource` is the logical id or the type of a stack's resource, in place of a call. */
  readonly match: { readonly service?: string; readonly operation?: string; readonly resource?: string };
  readonly times?: number;
  readonly fault: {
    readonly kind:
      | 'html'
      | 'reset'
      | 'hang'
      | 'delay'
      | 'error'
      | 'truncate'
      /** AWS's own token buckets, for the calls that match. */
      | 'throttle'
      | 'denied'
      | 'expired'
      | 'invalid'
      /** What is younger than `ms` is not seen by Describe and List. */
      | 'late'
      | 'empty-page'
      | 'partial'
      /** The server's clock is off by `ms`. */
      | 'skew';
    readonly code?: string;
    readonly message?: string;
    readonly status?: number;
    readonly ms?: number;
  };
}

/** A running sandbox and the levers of its control endpoint. */
export interface Sandbox {
  readonly endpoint: string;
  readonly registry: string;
  readonly info: SandboxInfo;
  /** What it has written to standard error so far. */
  log(): string;
  health(): Promise<Record<string, unknown>>;
  calls(): Promise<SandboxCall[]>;
  resetCalls(): Promise<void>;
  addFault(fault: SandboxFault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Sets the state of a CloudWatch alarm. */
  setAlarm(name: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'): Promise<void>;
  /** Answers, and requests of the product, that broke the API model. Every lane asserts that there are none. */
  violations(): Promise<unknown[]>;
  /** Whether roles that are named must exist, and which of them the caller may not pass. */
  checkRoles(check: boolean, denied?: readonly string[]): Promise<void>;
  /**
   * SIGTERM, then waits for the end. @returns the exit code, or null when it had to be killed.
   * @throws when an answer, or a request of the product, broke the API model, so that no test can overlook it.
   */
  stop(): Promise<number | null>;
  /** Ends it the hard way, as a crash would. */
  kill(): Promise<void>;
}

export interface SandboxOptions {
  readonly seed?: string;
  readonly runtime?: 'auto' | 'simulated' | 'engine';
  /** Further arguments of `dist/sandbox.js`. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** The built sandbox, or another build of it. */
const bundle = process.env['GANTRY_TEST_SANDBOX'] ?? path.resolve(__dirname, '../../dist/sandbox.js');

/**
 * Starts the bundled sandbox and waits until it is ready. It ends with this process even if `stop` is never reached.
 * Where GANTRY_TEST_ENDPOINT names another endpoint, nothing is started: that is what the caller gets.
 * @throws when the bundle has not been built, or the sandbox ends before it is ready (with its log in the message).
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  if (elsewhere !== undefined) return endpointElsewhere(elsewhere);
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: run "node esbuild.js" first.`);
  const { seed = 'empty', runtime = 'simulated', args = [], env = process.env } = options;
  const argv = [bundle, '--port', '0', '--seed', seed, '--runtime', runtime, '--parent', String(process.pid), ...args];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const log: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => log.push(text));
  const info = await readyLine(child, log);
  // A test that forgets to stop it must not keep its own process alive: the sandbox ends with its parent.
  child.unref();
  for (const pipe of [child.stdout, child.stderr] as unknown as { unref?: () => void }[]) pipe.unref?.();
  return { endpoint: info.endpoint, registry: info.registry, info, log: () => log.join(''), ...levers(info, child) };
}

function readyLine(child: ChildProcess, log: string[]): Promise<SandboxInfo> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(text.slice(0, end)) as SandboxInfo);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The sandbox ended with ${String(code)}: ${log.join('')}`)));
  });
}

function levers(info: SandboxInfo, child: ChildProcess): Omit<Sandbox, 'endpoint' | 'registry' | 'info' | 'log'> {
  const ask = async (method: string, name: string, body?: unknown): Promise<unknown> => {
    const init: RequestInit = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${info.endpoint}/_gantry/${name}`, init);
    if (!answer.ok) throw new Error(`${method} /_gantry/${name}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  return {
    health: async () => (await ask('GET', 'health')) as Record<string, unknown>,
    calls: async () => (await ask('GET', 'calls')) as SandboxCall[],
    resetCalls: async () => void (await ask('DELETE', 'calls')),
    addFault: async (fault) => void (await ask('POST', 'faults', fault)),
    clearFaults: async () => void (await ask('DELETE', 'faults')),
    setAlarm: async (name, state) => void (await ask('POST', 'alarms', { name, state })),
    checkRoles: async (check, denied = []) => void (await ask('POST', 'roles', { check, denied })),
    violations: async () => (await ask('GET', 'violations')) as unknown[],
    stop: async () => {
      const gone = child.exitCode !== null || child.signalCode !== null;
      const broken = gone ? [] : await (ask('GET', 'violations') as Promise<unknown[]>).catch(() => []);
      const code = await end(child, 'SIGTERM');
      if (broken.length > 0) throw new Error(`The API model was broken: ${JSON.stringify(broken, null, 1)}`);
      return code;
    },
    kill: async () => void (await end(child, 'SIGKILL')),
  };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    const last = setTimeout(() => child.kill('SIGKILL'), 30_000);
    child.once('exit', (code) => {
      clearTimeout(last);
      resolve(code);
    });
    child.kill(signal);
  });
}
