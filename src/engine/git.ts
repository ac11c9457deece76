import { isCancelled } from '../core/errors';
import type { Runner } from './command';

/** The state of the source that an image is built from. */
export interface SourceState {
  /** Short commit; undefined outside a repository or before the first commit. */
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  /** Whether tracked or untracked files below the directory, `.vscode` aside, differ from the commit. */
  readonly dirty: boolean;
}

/** Milliseconds for a git command. */
const limit = 10_000;

/** Asks git about a directory. No git, or no repository, is not an error. */
export async function readSourceState(directory: string, runner: Runner, signal: AbortSignal): Promise<SourceState> {
  const git = async (...args: string[]): Promise<string | undefined> => {
    try {
      const command = { file: 'git', args: ['-C', directory, ...args], env: { GIT_OPTIONAL_LOCKS: '0' } };
      const exit = await runner.run(command, { signal, timeout: limit });
      return exit.code === 0 ? exit.stdout.trim() : undefined;
    } catch (error) {
      if (isCancelled(error)) throw error;
      return undefined;
    }
  };
  const [commit, branch, status] = await Promise.all([
    git('rev-parse', '--short', 'HEAD'),
    git('symbolic-ref', '--short', '-q', 'HEAD'),
    // The editor's settings, where targets are kept, are no part of what an image is made of.
    git('status', '--porcelain', '--', '.', ':(exclude,glob)**/.vscode/**'),
  ]);
  return { commit: commit || undefined, branch: branch || undefined, dirty: Boolean(status) };
}
