import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { must } from './command';
import { Missing } from './missing';
import { installLocked, installNpmPackages } from './npmPackages';
import { cacheDir } from './paths';
import { say } from './say';

/** The VS Code inside has the same number with a 1 for the 4: 1.139.1. */
const version = '4.139.1';
const nodeMajor = '24';

/** To be raised when what is done after the download changes. */
const revision = 2;

const platform = `${process.platform}-${process.arch}`;

/** Modules whose compiled part would need a compiler here, and what stands in for them. */
const substitutes = { spdlog: '@vscode/spdlog', watchdog: '@vscode/native-watchdog' };

export interface CodeServerProgram {
  /** code-server runs on Node 24 only; the project runs on every Node from 20 on. */
  readonly node: string;
  readonly entry: string;
}

function locate(folder: string): CodeServerProgram {
  return {
    node: path.join(folder, 'node', 'node_modules', `node-${platform}`, 'bin', 'node'),
    entry: path.join(folder, 'server', 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}

async function install(folder: string): Promise<void> {
  await installNpmPackages(path.join(folder, 'node'), [`node-${platform}@${nodeMajor}`]);
  await installNpmPackages(path.join(folder, 'server'), [`code-server@${version}`]);
  const vscode = path.join(folder, 'server', 'node_modules', 'code-server', 'lib', 'vscode');
  await installLocked(vscode);
  await installLocked(path.join(vscode, 'extensions'));
  // Large, and nothing here uses them.
  for (const part of [
    `node_modules/@github/copilot-sdk-${platform}`,
    'node_modules/@microsoft/mxc-sdk',
    'extensions/copilot',
  ]) {
    rmSync(path.join(vscode, part), { recursive: true, force: true });
  }
  for (const [name, module] of Object.entries(substitutes)) {
    const entryPoints = [path.join(__dirname, 'substitutes', `${name}.ts`)];
    const outfile = path.join(vscode, 'node_modules', module, 'index.js');
    await build({ entryPoints, outfile, allowOverwrite: true, format: 'cjs', platform: 'node', target: 'node24' });
  }
  const { node, entry } = locate(folder);
  await must(node, [entry, '--config', path.join(folder, 'config.yaml'), '--version'], { timeoutMs: 60_000 });
}

/**
 * VS Code in the browser, from npm, in the cache folder.
 * It is installed beside its place and moved there when complete, so that an interrupted installation leaves nothing
 * half-made and two runs at a time do not meet.
 */
export async function ensureCodeServer(): Promise<CodeServerProgram> {
  if (process.platform === 'win32') throw new Missing('VS Code in the browser (code-server) does not run on Windows.');
  const place = path.join(cacheDir, `code-server-${version}-${revision}`);
  if (!existsSync(place)) {
    say('Installing VS Code for the browser (code-server); this happens once and takes about half a minute.');
    mkdirSync(cacheDir, { recursive: true });
    const making = `${place}.${process.pid}`;
    try {
      await install(making);
      renameSync(making, place);
    } catch (error) {
      if (!existsSync(place)) throw new Missing(`code-server could not be installed from npm: ${String(error)}`);
    } finally {
      rmSync(making, { recursive: true, force: true });
    }
  }
  return locate(place);
}
