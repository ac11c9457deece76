import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { outDir, root } from '../kit/paths';

const out = path.join(outDir, 'host');

/** The suite and its runner as plain CommonJS, which is what every version of VS Code's extension host can load. */
export async function bundleSuite(): Promise<string> {
  const suite = path.join(root, 'test', 'host', 'suite');
  const files = readdirSync(suite, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  const imports = files.sort().map((file) => `import ${JSON.stringify(`./${file.split(path.sep).join('/')}`)};`);
  const common: BuildOptions = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  };
  await build({
    ...common,
    entryPoints: [path.join(root, 'test', 'host', 'index.ts')],
    outfile: path.join(out, 'index.js'),
  });
  const stdin = { contents: imports.join('\n'), resolveDir: suite, sourcefile: 'suite.ts', loader: 'ts' } as const;
  await build({ ...common, stdin, outfile: path.join(out, 'suite.js') });
  return path.join(out, 'index.js');
}
