import { readdir } from 'node:fs/promises';

/** How the name of a file ends whose rollout has no verdict yet. */
export const goingSuffix = '.going.json';

/** Whether some window has left, or follows, a rollout: the one question that every start of VS Code asks. */
export async function anyGoing(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => name.endsWith(goingSuffix));
}
