import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import spawn from 'cross-spawn';
import { startSandbox } from '../contract/sandboxProcess';
import { ensureBaseImage } from './baseImage';
import { endAll, endOnSignals, onEnd } from './cleanup';
import { startCodeServer, workbenchUrl } from './codeServer';
import { ensureCodeServer } from './codeServerInstall';
import { ended, run } from './command';
import { desktopCode } from './desktop';
import { ensureEngine } from './engine';
import { build, packageExtension } from './extensionPackage';
import { Missing } from './missing';
import { onPath } from './onPath';
import { cacheDir, root } from './paths';
import { seedSettings } from './quietSettings';
import { copySample } from './sampleWorkspace';
import { say } from './say';

const { values: flags } = parseArgs({
  options: {
    /** Start everything, see that it answers, end. */
    check: { type: 'boolean', default: false },
    /** Print the address, open nothing. */
    'no-open': { type: 'boolean', default: false },
    /** VS Code in the browser even where desktop VS Code is there. */
    browser: { type: 'boolean', default: false },
  },
});

const clicks = `
  1. In the Explorer, right-click Dockerfile.
  2. Choose "Build, Push and Redeploy" and answer what it asks.
  3. Wait for "healthy", then choose "Open in Browser".

  The Gantry icon in the activity bar shows the registry and the cluster. Ctrl+C here ends everything.
`;

/** The engine's environment, or an empty one with a word about what is missing. */
async function engineEnv(): Promise<Readonly<Record<string, string>>> {
  try {
    const engine = await ensureEngine();
    say(`Container engine: ${engine.docker}, ${engine.version}.`);
    await ensureBaseImage(engine);
    return engine.env;
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    say(`${error.message} Going on without: nothing can be built, and the sandbox's tasks are simulated.`);
    return {};
  }
}

/** A folder for this run only. */
function scratch(): string {
  mkdirSync(cacheDir, { recursive: true });
  const folder = mkdtempSync(path.join(cacheDir, 'start-'));
  onEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function openInBrowser(address: string): void {
  const openers = { darwin: 'open', win32: 'explorer' } as Readonly<Record<string, string>>;
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  const opener = openers[process.platform] ?? (display ? onPath('xdg-open') : undefined);
  if (opener !== undefined) void run(opener, [address]);
}

/** Where the editor keeps its state, what it opens, and what the extension finds in its environment. */
interface Session {
  readonly home: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Opens the editor and waits for its end. */
type Open = (session: Session) => Promise<void>;

async function prepareDesktop(code: string): Promise<Open> {
  await build();
  return async ({ home, folder, env }) => {
    const [user, extensions] = [path.join(home, 'user'), path.join(home, 'extensions')];
    seedSettings(user);
    const args = [`--extensionDevelopmentPath=${root}`, `--user-data-dir=${user}`, `--extensions-dir=${extensions}`];
    // VS Code asks for this when it is started as root.
    if (process.getuid?.() === 0) args.push('--no-sandbox');
    const child = spawn(code, ['--wait', '--new-window', ...args, folder], {
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    say(`Desktop VS Code opens ${folder}.\n${clicks}`);
    await ended(child);
  };
}

async function prepareBrowser(): Promise<Open> {
  const program = await ensureCodeServer();
  // As a user would have it: the package, installed. Building it builds the sandbox too.
  const extensions = [await packageExtension()];
  return async ({ home, folder, env }) => {
    const server = await startCodeServer(program, { home, env, extensions });
    const address = workbenchUrl(server.url, folder).href;
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answers ${answer.status}.`);
    say(`VS Code is ready in the browser:\n\n  ${address}\n${clicks}`);
    if (flags.check) return;
    if (!flags['no-open']) openInBrowser(address);
    await ended(server.child);
  };
}

async function main(): Promise<void> {
  const engine = await engineEnv();
  const home = scratch();
  const folder = await copySample(path.join(home, 'sample'));
  const code = flags.check || flags.browser ? undefined : desktopCode();
  const open = code === undefined ? await prepareBrowser() : await prepareDesktop(code);
  const sandbox = await startSandbox({ seed: 'tiny', runtime: 'auto', env: { ...process.env, ...engine } });
  onEnd(() => sandbox.stop());
  say(`Sandbox: ${sandbox.endpoint}, ${sandbox.info.runtime === 'engine' ? 'with real containers' : 'simulated'}.`);
  await open({ home, folder, env: { ...engine, GANTRY_SANDBOX: JSON.stringify(sandbox.info) } });
}

endOnSignals(0);
void main()
  .then(() => 0)
  .catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  })
  .then(async (code) => {
    await endAll();
    process.exit(code);
  });
