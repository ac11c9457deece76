import { readdirSync, readFileSync } from 'node:fs';
import { parentsOf } from '../kit/processTree';

/** The extension host below a server's process, or undefined. */
export function extensionHost(server: number): number | undefined {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => isExtensionHost(pid) && parentsOf(pid).includes(server));
}

function isExtensionHost(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=extensionHost');
  } catch {
    return false;
  }
}

/** The memory of a process that is in RAM. */
export function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`Process ${pid} has no VmRSS.`);
  return Number(kib) / 1024;
}
