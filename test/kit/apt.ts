import { readFileSync } from 'node:fs';
import { must, run } from './command';
import { onPath } from './onPath';
import { say } from './say';

const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
const patience = ['-qq', '-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=180', '-o', 'Dpkg::Use-Pty=0'];
let fresh: Promise<unknown> | undefined;

/** May this process install Debian packages? Never asks for a password: root or not at all. */
export function canInstallPackages(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get') !== undefined;
}

/** `debian`, `ubuntu`, … from os-release; empty elsewhere. */
export function distribution(): string {
  try {
    return /^ID="?([^"\n]+)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

/** A fresh machine has no package lists. A failing update is no reason to stop: the lists may be good enough. */
function refreshLists(): Promise<unknown> {
  fresh ??= run('apt-get', ['update', ...patience], { env, timeoutMs: 300_000 });
  return fresh;
}

export async function installPackages(names: readonly string[], why: string): Promise<void> {
  say(`${why}: apt-get install ${names.join(' ')}`);
  await refreshLists();
  const args = ['install', '-y', '--no-install-recommends', ...patience, ...names];
  await must('apt-get', args, { env, timeoutMs: 900_000 });
}

/** Fetches one package's files into a folder without installing it, so that nothing else on the system changes. */
export async function unpackPackage(name: string, folder: string): Promise<void> {
  if (process.getuid?.() === 0) await refreshLists();
  await must('apt-get', ['download', ...patience, '-o', 'APT::Sandbox::User=root', name], { cwd: folder, env });
  const deb = (await must('sh', ['-c', 'ls ./*.deb'], { cwd: folder })).trim();
  await must('dpkg-deb', ['-x', deb, '.'], { cwd: folder });
}
