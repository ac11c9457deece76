import { readdirSync, readFileSync } from 'node:fs';
import treeKill from 'tree-kill';

/** The process that started this one, or undefined when it has ended. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** The processes above this one, the nearest first. Linux only. */
export function parentsOf(pid: number): number[] {
  const parent = parentOf(pid);
  return parent === undefined || parent === 0 ? [] : [parent, ...parentsOf(parent)];
}

/**
 * The process and everything below it, whatever process groups they have made for themselves.
 * Read from /proc because a minimal Debian has no `ps`, which tree-kill needs on Linux.
 */
function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [pid];
  for (const next of found) found.push(...(children.get(next) ?? []));
  return found;
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** A zombie still answers to signal 0 until its parent has read its exit code. */
function alive(pid: number): boolean {
  if (process.platform !== 'linux') return send(pid, 0);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Ends a process and all of its descendants: politely first, so that they can clean up, then for good.
 * Only processes below `pid` are touched, never by name.
 */
export async function endTree(pid: number, graceMs: number): Promise<void> {
  if (process.platform !== 'linux') {
    await new Promise<void>((resolve) => treeKill(pid, 'SIGTERM', () => resolve()));
    for (const end = Date.now() + graceMs; alive(pid) && Date.now() < end;) await pause(50);
    if (alive(pid)) await new Promise<void>((resolve) => treeKill(pid, 'SIGKILL', () => resolve()));
    return;
  }
  const family = descendants(pid);
  send(pid, 'SIGTERM');
  for (const end = Date.now() + graceMs; alive(pid) && Date.now() < end;) await pause(50);
  const left = family.filter(alive);
  for (const member of left) send(member, 'SIGTERM');
  for (const end = Date.now() + 2_000; left.some(alive) && Date.now() < end;) await pause(50);
  for (const member of left.filter(alive)) send(member, 'SIGKILL');
}
