import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { must } from './command';

const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];

/**
 * Installs npm packages into a folder of their own.
 * Install scripts stay off: what we use ships prebuilt, and a script may insist on a compiler or another Node.
 */
export async function installNpmPackages(folder: string, specs: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const args = ['install', '--ignore-scripts', '--no-save', ...quiet, ...specs];
  await must('npm', args, { cwd: folder, timeoutMs: 600_000 });
}

/** Installs what a package's own lock file says, without its development part. */
export async function installLocked(folder: string): Promise<void> {
  await must('npm', ['install', '--ignore-scripts', '--omit=dev', ...quiet], { cwd: folder, timeoutMs: 600_000 });
}
