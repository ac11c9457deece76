import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

const extensions =
  process.platform === 'win32' ? (process.env['PATHEXT'] ?? '.EXE;.CMD;.BAT').toLowerCase().split(';') : [''];

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Every program of that name on PATH, in PATH's order, as absolute paths; one that is there twice comes once. */
export function allOnPath(name: string): string[] {
  const seen = new Set<string>();
  const first = (file: string): boolean => seen.size < seen.add(realpathSync(file)).size;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders
    .flatMap((folder) => extensions.map((extension) => path.join(folder, name + extension)))
    .filter((file) => executable(file) && first(file));
}

/** The program that a shell would run, or undefined. */
export function onPath(name: string): string | undefined {
  return allOnPath(name)[0];
}
