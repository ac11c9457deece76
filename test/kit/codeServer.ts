import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import spawn from 'cross-spawn';
import { onEnd } from './cleanup';
import type { CodeServerProgram } from './codeServerInstall';
import { must } from './command';
import { seedLanguage } from './languagePack';
import { endTree } from './processTree';
import { seedSettings, type Settings } from './quietSettings';

export interface CodeServerOptions {
  /** Holds the server's user data, extensions and configuration. Must be fresh. */
  readonly home: string;
  /** Packaged extensions that are installed first. */
  readonly extensions?: readonly string[];
  readonly settings?: Settings;
  readonly env?: NodeJS.ProcessEnv;
  /** The display language; English if not set. */
  readonly locale?: string;
  /** Folders are not trusted until somebody says so; otherwise every folder is. */
  readonly workspaceTrust?: boolean;
  /** Let the page run an extension's test suite; a built workbench ignores it otherwise. */
  readonly testDriver?: boolean;
}

export interface CodeServer {
  readonly url: URL;
  /** What it has printed so far; "Extension Host Process exited" lines among it. */
  log(): string;
  readonly child: ChildProcess;
  /** Where the extension hosts write their logs. */
  readonly logsDir: string;
  stop(): Promise<void>;
}

/** Variables of a VS Code that this process may itself run in. They would make the new server talk to that one. */
const inherited = /^(VSCODE_(IPC_HOOK_CLI|PID|CWD|NLS_CONFIG|HANDLES_.*|ESM_ENTRYPOINT)|ELECTRON_.*|PORT|PASSWORD)$/;

function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !inherited.test(name));
  // Without a gallery the server asks no marketplace for anything.
  return { ...Object.fromEntries(own), EXTENSIONS_GALLERY: '{}', ...extra };
}

export async function startCodeServer(program: CodeServerProgram, options: CodeServerOptions): Promise<CodeServer> {
  const userDataDir = path.join(options.home, 'user');
  const extensionsDir = path.join(options.home, 'extensions');
  const config = path.join(options.home, 'config.yaml');
  mkdirSync(extensionsDir, { recursive: true });
  writeFileSync(config, 'auth: none\n'); // or it writes one into the home directory
  seedSettings(userDataDir, options.settings);
  if (options.locale) seedLanguage(userDataDir, options.locale);
  const base = [program.entry, '--config', config, '--user-data-dir', userDataDir, '--extensions-dir', extensionsDir];
  const env = environment(options.env);
  for (const extension of options.extensions ?? []) {
    await must(program.node, [...base, '--install-extension', extension], { env, timeoutMs: 60_000 });
  }
  const switches = ['telemetry', 'update-check', 'getting-started-override', 'proxy'];
  if (!options.workspaceTrust) switches.push('workspace-trust');
  const args = [
    ...base,
    ...['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--ignore-last-opened'],
    ...switches.map((name) => `--disable-${name}`),
    ...(options.locale ? ['--locale', options.locale] : []),
    ...(options.testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const child = spawn(program.node, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const stop = onEnd(async () => {
    if (child.pid !== undefined) await endTree(child.pid, 2_000);
  });
  const output: string[] = [];
  const url = await listening(child, output);
  return { url, child, log: () => output.join(''), logsDir: path.join(userDataDir, 'logs'), stop };
}

function listening(child: ChildProcess, output: string[]): Promise<URL> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`code-server ${why}\n${output.join('')}`));
    const timer = setTimeout(() => fail('did not listen within 60 s'), 60_000);
    const read = (text: string): void => {
      output.push(text);
      const address = /HTTP server listening on (http:\/\/\S+)/.exec(output.join(''))?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(new URL(address));
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`ended with ${String(code)}`));
  });
}

/** A path on the server's machine, as the page has to name it. */
export function remoteUri(server: URL, file: string): string {
  return `vscode-remote://${server.host}${encodeURI(path.resolve(file))}`;
}

/** The address of the workbench with a folder open. */
export function workbenchUrl(server: URL, folder: string, payload: readonly (readonly [string, string])[] = []): URL {
  const url = new URL(server);
  url.searchParams.set('folder', path.resolve(folder));
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url;
}
