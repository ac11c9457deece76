import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { must } from '../../kit/command';
import { outDir, root } from '../../kit/paths';
import type { Workbench } from './workbench';

/** Packages the test's own extension, with which a person calls a language-model tool. @returns its .vsix */
export async function packageToolCaller(): Promise<string> {
  const source = path.join(root, 'test', 'workbench', 'toolCaller');
  const folder = path.join(outDir, 'toolCaller');
  const vsix = path.join(outDir, 'toolCaller.vsix');
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(source, 'package.json'), path.join(folder, 'package.json'));
  await build({
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'], logLevel: 'warning' },
    entryPoints: [path.join(source, 'extension.ts')],
    outfile: path.join(folder, 'extension.js'),
  });
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const args = [vsce, 'package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', vsix];
  await must(process.execPath, args, { cwd: folder, timeoutMs: 60_000 });
  return vsix;
}

/** Calls a tool; VS Code asks before it runs, and the answer comes as a notification. */
export async function callTool(workbench: Workbench, name: string, input: object): Promise<void> {
  await workbench.palette('Test: Call a Tool');
  await workbench.quickPick.waitFor('Call a Tool');
  await workbench.quickPick.type(JSON.stringify({ name, input }));
}
