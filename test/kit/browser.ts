import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { canInstallPackages, distribution, installPackages } from './apt';
import { onEnd } from './cleanup';
import { run } from './command';
import { Missing } from './missing';
import { onPath } from './onPath';
import { cacheDir, root } from './paths';
import { say } from './say';

const names = ['chromium', 'google-chrome-stable', 'google-chrome', 'microsoft-edge', 'msedge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  path.join(process.env['ProgramFiles'] ?? 'C:\\Program Files', 'Google\\Chrome\\Application\\chrome.exe'),
  path.join(process.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)', 'Microsoft\\Edge\\Application\\msedge.exe'),
];

function present(): string | undefined {
  return process.env['CHROMIUM'] ?? names.map(onPath).find((found) => found !== undefined) ?? places.find(existsSync);
}

/** Playwright's own download: Ubuntu's package is only a pointer to a snap, which does not run everywhere. */
async function download(): Promise<string | undefined> {
  process.env['PLAYWRIGHT_BROWSERS_PATH'] = path.join(cacheDir, 'browsers');
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  say('Downloading a Chromium for the tests.');
  const cli = path.join(root, 'node_modules', 'playwright-core', 'cli.js');
  const needs = canInstallPackages() ? ['--with-deps'] : [];
  await run(process.execPath, [cli, 'install', ...needs, 'chromium'], { timeoutMs: 300_000 });
  return existsSync(own) ? own : undefined;
}

/** A Chromium-like browser. @throws Missing when there is none and none can be had. */
export async function ensureBrowser(): Promise<string> {
  const found = present();
  if (found !== undefined) return found;
  if (canInstallPackages() && distribution() === 'debian') {
    await installPackages(['chromium', 'fonts-dejavu-core'], 'A browser for the tests');
    const installed = present();
    if (installed !== undefined) return installed;
  }
  const downloaded = await download();
  if (downloaded !== undefined) return downloaded;
  throw new Missing('There is no Chromium: install one, or name one in the environment variable CHROMIUM.');
}

export interface Browser {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A headless browser with a fresh profile, which reaches nothing but this machine. */
export async function launchBrowser(executable: string, viewport: Viewport): Promise<Browser> {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'gantry-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    headless: true,
    viewport,
    deviceScaleFactor: 1,
    // Chromium's sandbox refuses to run as root.
    chromiumSandbox: false,
    args: [
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    ],
  });
  const close = onEnd(async () => {
    await context.close().catch(() => undefined);
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  });
  return { context, page: context.pages()[0] ?? (await context.newPage()), close };
}
