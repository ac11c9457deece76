import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ensureEditors } from '../host/editors';
import { outDir, root } from '../kit/paths';
import { say } from '../kit/say';
import { step } from '../kit/step';
import type { Figure } from './figure';

/** Load plus `activate()` as the extension host itself sees it, each time in a fresh one. */
export async function activation(rounds: number): Promise<Figure> {
  const editor = (await ensureEditors()).at(-1);
  const suite = path.join(outDir, 'bench', 'inHost.js');
  const result = path.join(outDir, 'bench', 'activation.json');
  await build({
    entryPoints: [path.join(root, 'test', 'bench', 'inHost.ts')],
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
  });
  const values: number[] = [];
  for (let round = 1; editor !== undefined && round <= rounds; round += 1) {
    say(`Activation in a fresh extension host, round ${round} of ${rounds}.`);
    rmSync(result, { force: true });
    const node = [process.execPath, '--import', 'tsx', path.join(root, 'test', 'host', 'runIn.ts')];
    const [program = '', ...args] = [...editor.wrapper, ...node, editor.executable, suite];
    const code = await step(program, args, { GANTRY_BENCH_RESULT: result });
    if (code !== 0) throw new Error('The extension host did not come to its end; see above.');
    values.push(Number(JSON.parse(readFileSync(result, 'utf8'))));
  }
  return { name: 'activate(), timed in the host', unit: 'ms', values, aim: 10 };
}
