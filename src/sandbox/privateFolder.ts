import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isAlive } from './isAlive';

const prefix = 'gantry-sandbox-';

/** The folder of the state, or a private one that goes with the process. Removes those of sandboxes that were killed. */
export function privateFolder(state: string | undefined): string {
  if (state !== undefined) {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    return path.resolve(state);
  }
  for (const name of readdirSync(tmpdir())) {
    const pid = /^gantry-sandbox-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeQuietly(path.join(tmpdir(), name));
  }
  return mkdtempSync(path.join(tmpdir(), `${prefix}${process.pid}-`));
}

/** Another user's folder is not ours to remove. */
function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It stays; nothing depends on it.
  }
}
