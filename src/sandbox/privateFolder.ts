import { mkdirSync, mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isAlive } from './isAlive';

/** The name of a private folder holds the id of its process. */
const privateName = /^gantry-sandbox-(\d+)-/;

/** The folder of the state, or a private one that goes with the process. */
export function privateFolder(state: string | undefined): string {
  if (state !== undefined) {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    return path.resolve(state);
  }
  return mkdtempSync(path.join(tmpdir(), `gantry-sandbox-${process.pid}-`));
}

/** Removes the private folders of sandboxes that were killed. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = privateName.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Another user's folder is not ours to remove; nothing depends on it.
    await rm(path.join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}
