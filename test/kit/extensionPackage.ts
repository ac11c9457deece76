import path from 'node:path';
import { must } from './command';
import { root } from './paths';
import { say } from './say';

/** Builds the bundles for development. */
export async function build(): Promise<void> {
  say('Building.');
  await must(process.execPath, [path.join(root, 'esbuild.js')], { cwd: root, timeoutMs: 120_000 });
}

/** Makes the .vsix, as a user would install it. Its prepublish step builds the bundles for production. */
export async function packageExtension(): Promise<string> {
  say('Packaging the extension.');
  const vsix = path.join(root, 'gantry.vsix');
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  // The README's pictures are in the package: no link has to be turned into one to a repository.
  const links = ['--allow-missing-repository', '--no-rewrite-relative-links'];
  const args = [vsce, 'package', '--no-dependencies', ...links, '--out', vsix];
  await must(process.execPath, args, { cwd: root, timeoutMs: 180_000 });
  return vsix;
}
