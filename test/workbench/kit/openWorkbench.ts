import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBrowser, launchBrowser, type Viewport } from '../../kit/browser';
import { onEnd } from '../../kit/cleanup';
import { startCodeServer, workbenchUrl } from '../../kit/codeServer';
import { ensureCodeServer } from '../../kit/codeServerInstall';
import type { Settings } from '../../kit/quietSettings';
import { Workbench } from './workbench';

export interface WorkbenchOptions {
  readonly folder: string;
  /** Packaged extensions. */
  readonly extensions: readonly string[];
  /** What the extension finds in its environment, besides this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  readonly settings?: Settings;
  readonly viewport?: Viewport;
  /** The display language, if it is not English. */
  readonly locale?: string;
  /** Ask whether the folder is trusted, as VS Code does outside of tests. */
  readonly workspaceTrust?: boolean;
}

/** A fresh VS Code in the browser: own settings, own extensions, own profile. Ends with `close`, or with this process. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'gantry-workbench-'));
  const forget = onEnd(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  const server = await startCodeServer(await ensureCodeServer(), {
    home,
    extensions: options.extensions,
    settings: { 'workbench.reduceMotion': 'on', ...options.settings },
    env: options.env ?? {},
    workspaceTrust: options.workspaceTrust ?? false,
    ...(options.locale === undefined ? {} : { locale: options.locale }),
  });
  const browser = await launchBrowser(await ensureBrowser(), options.viewport ?? { width: 1280, height: 800 });
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
    await forget();
  };
  browser.page.setDefaultTimeout(20_000);
  await browser.page.goto(workbenchUrl(server.url, options.folder).href, { waitUntil: 'domcontentloaded' });
  const workbench = new Workbench(browser.page, server, close);
  await workbench.explorer.files().first().waitFor({ timeout: 60_000 });
  await hostReady(workbench);
  return workbench;
}

/** An extension's menus and views exist only once the extension host has read its manifest. */
async function hostReady(workbench: Workbench): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (workbench.hostLog().includes('Eager extensions activated')) return;
    await workbench.page.waitForTimeout(100);
  }
  throw new Error(`The extension host was not ready within 60 s.\n${workbench.server.log()}`);
}
