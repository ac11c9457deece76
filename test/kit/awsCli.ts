import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { canInstallPackages, installPackages } from './apt';
import { run } from './command';
import { Missing } from './missing';
import { onPath } from './onPath';
import { cacheDir } from './paths';
import { say } from './say';

async function works(aws: string | undefined): Promise<string | undefined> {
  if (aws === undefined) return undefined;
  return (await run(aws, ['--version'], { timeoutMs: 30_000 })).code === 0 ? aws : undefined;
}

async function fromPyPi(): Promise<string | undefined> {
  const python = onPath('python3') ?? onPath('python');
  if (python === undefined) return undefined;
  const folder = path.join(cacheDir, 'aws-cli');
  const bin = path.join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const aws = path.join(bin, process.platform === 'win32' ? 'aws.cmd' : 'aws');
  if (!existsSync(aws)) {
    say('Installing the AWS CLI from PyPI.');
    mkdirSync(cacheDir, { recursive: true });
    await run(python, ['-m', 'venv', folder], { timeoutMs: 120_000 });
    await run(path.join(bin, 'pip'), ['install', '--quiet', 'awscli'], { timeoutMs: 600_000 });
  }
  return works(existsSync(aws) ? aws : undefined);
}

/** AWS's own command line client, as a second opinion. @throws Missing when it cannot be had. */
export async function ensureAwsCli(): Promise<string> {
  const present = await works(onPath('aws'));
  if (present !== undefined) return present;
  if (canInstallPackages()) {
    await installPackages(['awscli'], "AWS's command line client for the tests").catch(() => undefined);
    const installed = await works(onPath('aws'));
    if (installed !== undefined) return installed;
    // Debian keeps the module that makes virtual environments in a package of its own.
    await installPackages(['python3-venv'], 'Python for the AWS CLI').catch(() => undefined);
  }
  const own = await fromPyPi();
  if (own !== undefined) return own;
  throw new Missing('There is no AWS CLI: install it (https://docs.aws.amazon.com/cli/), or Python 3 with venv.');
}
