import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { root } from '../kit/paths';

/** Runs the bundled suite in one VS Code: `runIn EXECUTABLE SUITE [EXTENSION-FOLDER]`. */
const [vscodeExecutablePath = '', extensionTestsPath = '', extensionDevelopmentPath = root] = process.argv.slice(2);

const workspace = mkdtempSync(path.join(os.tmpdir(), 'gantry-workspace-'));

void runTests({
  vscodeExecutablePath,
  extensionDevelopmentPath,
  extensionTestsPath,
  launchArgs: [workspace],
})
  .catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    return 1;
  })
  .then((code) => {
    rmSync(workspace, { recursive: true, force: true });
    process.exitCode = code;
  });
