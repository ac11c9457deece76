import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { download } from '@vscode/test-electron';
import { canInstallPackages, installPackages } from '../kit/apt';
import { ensureBrowser } from '../kit/browser';
import { ensureCodeServer } from '../kit/codeServerInstall';
import { onPath } from '../kit/onPath';
import { cacheDir, root } from '../kit/paths';
import { say } from '../kit/say';

/** A VS Code to run the suite in. */
export interface Editor {
  readonly name: string;
  readonly executable: string;
  /** Put before the command line, where the editor needs a display that is not there. */
  readonly wrapper: readonly string[];
}

interface Manifest {
  readonly engines: { readonly vscode: string };
}

/** The oldest VS Code that the manifest promises to run on. */
function oldest(): string {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  return engines.vscode.replace(/^\D+/, '');
}

const libraries = ['xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'libxkbfile1', 'libsecret-1-0'];

/** Desktop VS Code needs a display. Without one it gets a virtual one. */
async function display(): Promise<readonly string[] | undefined> {
  if (process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']) return [];
  if (canInstallPackages()) await installPackages(libraries, 'A display for desktop VS Code').catch(() => undefined);
  const xvfb = onPath('xvfb-run');
  return xvfb === undefined ? undefined : [xvfb, '-a'];
}

async function desktop(version: string): Promise<string | undefined> {
  try {
    const quiet = { report: () => undefined, error: () => undefined };
    return await download({ version, cachePath: cacheDir, timeout: 10_000, reporter: quiet });
  } catch (error) {
    say(`Desktop VS Code ${version} cannot be downloaded (${String(error).split('\n')[0]}).`);
    return undefined;
  }
}

/** A file that can be executed and that starts our stand-in for `code`. */
function standIn(): string {
  mkdirSync(cacheDir, { recursive: true });
  const file = path.join(cacheDir, 'code-stand-in');
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const tsx = path.join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const command = [process.execPath, '--import', tsx, path.join(root, 'test', 'host', 'codeLauncher.ts')];
  writeFileSync(file, `#!/bin/sh\nexec ${command.map(quote).join(' ')} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** The oldest supported and the newest desktop VS Code, else a VS Code in the browser. @throws Missing */
export async function ensureEditors(): Promise<readonly Editor[]> {
  const newest = await desktop('stable');
  const wrapper = newest === undefined ? undefined : await display();
  if (newest !== undefined && wrapper !== undefined) {
    const old = await desktop(oldest());
    return [
      ...(old === undefined ? [] : [{ name: oldest(), executable: old, wrapper }]),
      { name: 'newest', executable: newest, wrapper },
    ];
  }
  say('The suite runs in VS Code in the browser (code-server) instead.');
  await ensureCodeServer();
  await ensureBrowser();
  return [{ name: 'code-server', executable: standIn(), wrapper: [] }];
}
