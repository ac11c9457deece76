import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import { ensureBrowser, launchBrowser } from '../kit/browser';
import { endAll, endOnSignals, onEnd } from '../kit/cleanup';
import { remoteUri, startCodeServer, workbenchUrl } from '../kit/codeServer';
import { ensureCodeServer } from '../kit/codeServerInstall';

/**
 * Stands in for the `code` program where desktop VS Code cannot be had: takes the flags that @vscode/test-electron
 * passes and runs the same suite in code-server, with a headless browser as its window.
 */
const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true },
    extensionTestsPath: { type: 'string' },
    'disable-extensions': { type: 'boolean' },
  },
});

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the workbench itself writes to the console that it shares with the extension host. */
const noise =
  /^(%c|Ignoring fetching additional builtin|Updating additional builtin|No search provider|Canceled|Resolv(ing|ed) connection token|Creating a socket|\[reconnection-grace-time\]|\[Service Worker\]|\[AgentHost|\[AccountPolicyGate\]|Cannot find module '\.\.\/build\/Release\/watchdog|.*\[ExtensionHost\] Extension host)/;

function write(type: string, args: readonly unknown[]): void {
  const text = format(...args);
  if (noise.test(text)) return;
  (type === 'error' || type === 'warn' ? process.stderr : process.stdout).write(`${text}\n`);
}

async function main(): Promise<number> {
  const tests = asText(values.extensionTestsPath);
  if (tests === '') throw new Error('This stand-in for VS Code only runs tests: --extensionTestsPath is missing.');
  const home = mkdtempSync(path.join(os.tmpdir(), 'gantry-host-'));
  onEnd(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));
  const server = await startCodeServer(await ensureCodeServer(), { home, testDriver: true });
  const { page } = await launchBrowser(await ensureBrowser(), { width: 1280, height: 800 });
  const developed = Array.isArray(values.extensionDevelopmentPath) ? values.extensionDevelopmentPath : [];
  const payload = [
    ...developed.map((folder) => ['extensionDevelopmentPath', remoteUri(server.url, asText(folder))] as const),
    ['extensionTestsPath', remoteUri(server.url, tests)] as const,
    ['skipWelcome', 'true'] as const,
    ...(values['disable-extensions'] ? [['disableExtensions', 'true'] as const] : []),
  ];
  await page.exposeFunction('codeAutomationLog', write);
  const result = new Promise<number>((resolve) => {
    void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    page.once('crash', () => {
      process.stderr.write('The browser page crashed.\n');
      resolve(1);
    });
    server.child.once('exit', () => {
      process.stderr.write(`code-server ended early.\n${server.log()}`);
      resolve(1);
    });
  });
  const folder = positionals[0] ?? home;
  await page.goto(workbenchUrl(server.url, folder, payload).href, { waitUntil: 'domcontentloaded' });
  const code = await result;
  server.child.removeAllListeners('exit');
  const died = server
    .log()
    .split('\n')
    .filter((line) => line.includes('Extension Host Process exited'));
  if (code !== 0) process.stderr.write(died.join('\n'));
  return code;
}

endOnSignals();
void main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  })
  .then(async (code) => {
    await endAll();
    process.exit(code);
  });
