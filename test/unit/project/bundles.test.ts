import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '..', '..', '..');

describe('the bundles of a production build', function () {
  this.timeout(60_000);
  let outdir: string;
  let meta: { outputs: Record<string, { inputs: Record<string, unknown> }> };

  before(() => {
    outdir = mkdtempSync(path.join(os.tmpdir(), 'gantry-bundles-'));
    execFileSync(process.execPath, ['esbuild.js', '--production', `--outdir=${outdir}`], { cwd: root });
    meta = JSON.parse(readFileSync(path.join(outdir, 'meta.json'), 'utf8')) as typeof meta;
  });
  after(() => rmSync(outdir, { recursive: true, force: true }));

  const kilobytes = (name: string): number => statSync(path.join(outdir, `${name}.js`)).size / 1000;
  const inputs = (name: string): string[] => {
    const output = Object.entries(meta.outputs).find(([file]) => path.basename(file) === `${name}.js`);
    return Object.keys(output?.[1].inputs ?? {});
  };

  const budgets = {
    extension: 90,
    ship: 385,
    verbs: 200,
    definitions: 130,
    create: 250,
    network: 90,
    networkPage: 10,
    bridge: 10,
    aws: 700,
    yaml: 120,
    sandbox: 700,
  };
  for (const [name, budget] of Object.entries(budgets)) {
    it(`${name}.js stays within ${budget} kB`, () => assert.ok(kilobytes(name) <= budget, `${kilobytes(name)} kB`));
  }

  it('have the patterns of the catalogue of failures, and not its examples', () => {
    const ship = readFileSync(path.join(outdir, 'ship.js'), 'utf8');
    assert.match(ship, /toomanyrequests/);
    assert.doesNotMatch(ship, /examples:|123456789012/);
  });

  it('have the SDK in one of them only', () => {
    const withSdk = Object.keys(budgets).filter((name) => inputs(name).some((file) => file.includes('@aws-sdk/')));
    assert.deepEqual(withSdk, ['aws']);
  });

  it('keep what a ship needs out of what every window loads', () => {
    const loaded = inputs('extension');
    assert.ok(loaded.length > 10);
    assert.deepEqual(
      loaded.filter((file) => /node_modules|src\/(deploy|engine)\//.test(file)),
      [],
    );
  });
});
