import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Account, testAccount } from './elsewhere';
import type { Sandbox } from './sandboxProcess';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with an argument array to its end. */
export function run(
  file: string,
  args: readonly string[],
  { env = process.env, input }: { env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 137, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** A program of somebody else that this lane cannot do without. @throws when it does not answer. */
function needed(variable: string, names: readonly string[], probe: readonly string[]): string {
  const wanted = process.env[variable];
  const candidates = wanted === undefined || wanted === '' ? names : [wanted];
  const found = candidates.find((name) => spawnSync(name, probe, { stdio: 'ignore' }).status === 0);
  if (found !== undefined) return found;
  throw new Error(`The contract lane needs ${candidates.join(' or ')}, and none answers. Set ${variable} to its path.`);
}

/** The AWS CLI in its ordinary installation, with the test's credentials and nothing of the user's configuration. */
export class AwsCli {
  readonly #file = needed('GANTRY_TEST_AWS', ['aws'], ['--version']);
  readonly #home = mkdtempSync(path.join(tmpdir(), 'gantry-aws-'));
  readonly #endpoint: string;

  constructor(sandbox: Sandbox) {
    this.#endpoint = sandbox.endpoint;
  }

  run(...args: string[]): Promise<Ended> {
    const { region, credentials } = testAccount();
    const env = {
      PATH: process.env['PATH'],
      HOME: this.#home,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_DEFAULT_REGION: region,
      AWS_PAGER: '',
      AWS_MAX_ATTEMPTS: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    // Debian's CLI is older than AWS_ENDPOINT_URL.
    return run(this.#file, ['--endpoint-url', this.#endpoint, ...args], { env });
  }

  /** The parsed answer. @throws with what the CLI said when the call fails. */
  async json<T = Record<string, never>>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--output', 'json');
    if (code !== 0) throw new Error(`aws ${args.join(' ')}: ${stderr}`);
    return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as T;
  }

  /** The error code of a call that must fail, and its text. @throws when the call succeeds. */
  async refusal(...args: string[]): Promise<{ code: string; message: string }> {
    const { code, stdout, stderr } = await this.run(...args);
    if (code === 0) throw new Error(`aws ${args.join(' ')} was not refused: ${stdout}`);
    // Where the CLI has tried again, it says how often before the colon.
    const form = /An error occurred \(([\w.]+)\).*? operation(?: \(reached max retries: \d+\))?: ?([\s\S]*)/;
    const [, name = '', message = ''] = form.exec(stderr) ?? [];
    if (name === '') throw new Error(`aws ${args.join(' ')} failed without an answer: ${stderr}`);
    return { code: name, message: message.trim() };
  }

  close(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** For the AWS SDK, where an operation or a member is younger than the AWS CLI of a stable distribution. */
export function sdkConfig({ endpoint }: Sandbox): Account & { readonly endpoint: string } {
  return { endpoint, ...testAccount() };
}

/** A container engine with a configuration folder of its own. */
export class Engine {
  readonly file = needed('GANTRY_TEST_ENGINE', ['docker', 'podman'], ['version']);
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'gantry-engine-'));

  get isPodman(): boolean {
    return path.basename(this.file).startsWith('podman');
  }

  run(args: readonly string[], input?: string): Promise<Ended> {
    const env = {
      ...process.env,
      DOCKER_CONFIG: this.#folder,
      REGISTRY_AUTH_FILE: path.join(this.#folder, 'auth.json'),
    };
    const plain = this.isPodman && ['login', 'push', 'pull'].includes(args[0] ?? '') ? ['--tls-verify=false'] : [];
    const [verb = '', ...rest] = args;
    return run(this.file, [verb, ...plain, ...rest], { env, ...(input === undefined ? {} : { input }) });
  }

  /** @throws with what the engine said when the command fails. */
  async must(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, input);
    if (code !== 0) throw new Error(`${this.file} ${args.join(' ')}: ${stderr || stdout}`);
    return stdout;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What a container answers. A task is RUNNING as soon as its process is, which listens a moment later. */
export async function webPage(url: string): Promise<string> {
  const page = async (): Promise<string> => (await fetch(url)).text();
  return until(`${url} answers`, 20, () => page().catch(() => undefined));
}

/** Asks again until the answer is there. @throws after `seconds`. */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
