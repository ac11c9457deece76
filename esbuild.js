// Builds the bundles. `node esbuild.js` for development, `--production` minified, `--watch` for F5.
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const outdir = process.argv.find((argument) => argument.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

/**
 * Only these files exist at run time. `extension` must stay small because every VS Code window loads it;
 * the others are loaded on first use (`ship`, `verbs`, `definitions`, `create`, `network`, `bridge`, `aws`), by a webview
 * (`networkPage`), or run as a process of their own (`sandbox`).
 */
const bundles = {
  extension: 'src/extension.ts',
  ship: 'src/commands/shipping.ts',
  verbs: 'src/commands/verbs.ts',
  definitions: 'src/commands/definitions/definitions.ts',
  create: 'src/commands/create/create.ts',
  network: 'src/commands/network/network.ts',
  networkPage: 'src/page/networkPage.ts',
  bridge: 'src/commands/containerTools.ts',
  aws: 'src/aws/index.ts',
  yaml: 'yaml',
  sandbox: 'src/sandbox/main.ts',
};

/** Makes `tsc`-style problem matchers work in watch mode. */
const reporter = {
  name: 'reporter',
  setup(build) {
    build.onStart(() => {
      if (watch) console.log('[watch] build started');
    });
    build.onEnd((result) => {
      for (const { text, location } of result.errors) {
        console.error(`✘ [ERROR] ${text}`);
        if (location) console.error(`    ${location.file}:${location.line}:${location.column}:`);
      }
      if (watch) console.log('[watch] build finished');
    });
  },
};

/**
 * The SDK's schema files hold thousands of shapes, of which Gantry needs a handful. Their computed keys
 * (`{ [_xN]: "…" }`) look like side effects to a tree shaker, so every shape would stay: with the constants written
 * in, the unused ones go. For EC2 that is 470 KB of 490.
 * The errors stay as well, because each is registered with its class: without that the SDK throws the base class under
 * the error's name, and Gantry knows errors by their names alone. For SSM that is 55 KB of 62.
 */
const shakeSchemas = {
  name: 'shake-schemas',
  setup(build) {
    build.onLoad({ filter: /dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path: file }) => {
      const source = await fs.promises.readFile(file, 'utf8');
      const constants = new Map(Array.from(source.matchAll(/^const (\w+) = ("[^"]*");$/gm), ([, k, v]) => [k, v]));
      const isClient = /[\\/]@aws-sdk[\\/]client-/.test(file);
      const lean = isClient ? source.replace(/^n0_registry\.registerError\(.*\);$/gm, '') : source;
      return {
        contents: lean.replace(/\[(_\w+)\]:/g, (whole, key) => (constants.has(key) ? `${constants.get(key)}:` : whole)),
        loader: 'js',
      };
    });
  },
};

/**
 * Every file that imports `vscode` would get a copy of the whole API with a getter for each of its members, made while
 * the extension loads. With one module between them there is one copy for all.
 */
const oneVscode = {
  name: 'one-vscode',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'one-vscode' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'one-vscode' },
    );
    build.onLoad({ filter: /.*/, namespace: 'one-vscode' }, () => ({
      contents: "export * from 'vscode';",
      loader: 'js',
    }));
  },
};

/** Several bundles read or write YAML; the library is CommonJS, which cannot be shaken, and is in one file for all. */
const oneYaml = {
  name: 'one-yaml',
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './yaml.js', external: true },
    );
  },
};

/** The examples of the catalogue of failures are for its test; the product needs its patterns only. */
const withoutExamples = {
  name: 'without-examples',
  setup(build) {
    build.onLoad({ filter: /src[\\/](deploy|engine)[\\/]catalogue[\\/]\w+\.ts$/ }, async ({ path: file }) => {
      const source = await fs.promises.readFile(file, 'utf8');
      // As prettier lays them out: on one line, or closed by a bracket at their own indentation.
      const member = /^( {4})(?:examples|counterExamples): \[(?:.*\],\n|\n[^]*?^\1\],\n)/gm;
      return { contents: source.replace(member, ''), loader: 'ts' };
    });
  },
};

/** A page is loaded by a browser, everything else by Node. */
const platformOf = (name) => (name.endsWith('Page') ? { platform: 'browser', format: 'iife', target: 'es2022' } : {});

const options = (name, entry) => ({
  entryPoints: [entry],
  outfile: path.join(outdir, `${name}.js`),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The ES module builds of the SDK can be tree-shaken; its CommonJS builds cannot and are twice as large.
  mainFields: ['module', 'main'],
  ...platformOf(name),
  loader: { '.gz': 'binary' },
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  // Messages have typographic quotes; escaped, each would take six bytes.
  charset: 'utf8',
  logLevel: 'silent',
  metafile: true,
  plugins: [reporter, shakeSchemas, oneVscode, oneYaml, withoutExamples],
});

async function main() {
  if (watch) {
    const contexts = await Promise.all(
      Object.entries(bundles).map(([name, entry]) => esbuild.context(options(name, entry))),
    );
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  const results = await Promise.all(
    Object.entries(bundles).map(([name, entry]) => esbuild.build(options(name, entry))),
  );
  const merged = { inputs: {}, outputs: {} };
  for (const { metafile } of results) {
    Object.assign(merged.inputs, metafile.inputs);
    Object.assign(merged.outputs, metafile.outputs);
  }
  // What an older build left behind must not be packaged.
  const current = new Set([...Object.keys(merged.outputs).map((file) => path.basename(file)), 'meta.json']);
  for (const file of fs.readdirSync(outdir)) if (!current.has(file)) fs.rmSync(path.join(outdir, file));
  fs.writeFileSync(path.join(outdir, 'meta.json'), JSON.stringify(merged));
}

main().catch(() => process.exit(1));
