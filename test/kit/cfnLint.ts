import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { canInstallPackages, installPackages } from './apt';
import { run } from './command';
import { Missing } from './missing';
import { onPath } from './onPath';
import { cacheDir } from './paths';
import { say } from './say';

/** AWS's linter of CloudFormation templates, from PyPI. @throws Missing when it cannot be had */
export async function ensureCfnLint(): Promise<string> {
  const folder = path.join(cacheDir, 'cfn-lint');
  const bin = path.join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const program = path.join(bin, process.platform === 'win32' ? 'cfn-lint.exe' : 'cfn-lint');
  const present = [onPath('cfn-lint'), program].find((candidate) => candidate !== undefined && existsSync(candidate));
  if (present !== undefined && (await works(present))) return present;
  const python = onPath('python3') ?? onPath('python');
  if (python === undefined) throw new Missing('There is no Python 3, from which cfn-lint could be installed.');
  say('Installing cfn-lint from PyPI.');
  mkdirSync(cacheDir, { recursive: true });
  if ((await run(python, ['-m', 'venv', folder], { timeoutMs: 120_000 })).code !== 0 && canInstallPackages()) {
    // Debian keeps the module that makes virtual environments in a package of its own.
    await installPackages(['python3-venv'], 'Python for cfn-lint');
    await run(python, ['-m', 'venv', '--clear', folder], { timeoutMs: 120_000 });
  }
  await run(path.join(bin, 'pip'), ['install', '--quiet', 'cfn-lint'], { timeoutMs: 600_000 });
  if (await works(program)) return program;
  throw new Missing('cfn-lint could not be installed from PyPI.');
}

async function works(program: string): Promise<boolean> {
  return (await run(program, ['--version'], { timeoutMs: 60_000 })).code === 0;
}
