import { cpSync } from 'node:fs';
import path from 'node:path';
import { must } from './command';
import { root } from './paths';

/** Settings of the person's own git (signing, hooks, another default branch) have no say in the sample. */
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Gantry',
  GIT_AUTHOR_EMAIL: 'gantry@example.com',
  GIT_COMMITTER_NAME: 'Gantry',
  GIT_COMMITTER_EMAIL: 'gantry@example.com',
};

/** Records everything in the folder as a commit. */
export async function commitAll(folder: string, message: string): Promise<void> {
  await must('git', ['add', '--all'], { cwd: folder, env });
  await must('git', ['commit', '--quiet', '--message', message], { cwd: folder, env });
}

/** A copy of the sample with one commit, because an image's tag is the short commit by default. */
export async function copySample(folder: string): Promise<string> {
  cpSync(path.join(root, 'media', 'sample'), folder, { recursive: true });
  await must('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder, env });
  await commitAll(folder, 'A page and the Dockerfile that serves it');
  return folder;
}
