import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Runner } from './command';
import type { RegistryAccess, EngineName } from './engine';

/** A login of a registry: a secret. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly host: string;
}

/**
 * Gives an engine the login of one registry for the time of `use`, in a private directory (0700, files 0600) that is
 * removed afterwards: nothing in argv, nothing in the user's own configuration, no credential store involved. Only
 * Finch cannot be told of a configuration (its VM sees `~/.finch` alone): it is logged in and out again.
 */
export async function withRegistryAccess<T>(
  engine: EngineName,
  login: Login,
  runner: Runner,
  signal: AbortSignal,
  use: (access: RegistryAccess, directory: string) => Promise<T>,
): Promise<T> {
  // mkdtemp makes it 0700.
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'gantry-login-'));
  try {
    if (engine === 'finch') return await loggedIn(login, runner, signal, () => use({ env: {}, args: [] }, directory));
    return await use(await prepare(engine, login, directory), directory);
  } finally {
    await fs.rm(directory, { recursive: true, force: true });
  }
}

/** Milliseconds for a login or logout. */
const loginLimit = 30_000;

async function loggedIn<T>(
  { user, password, host }: Login,
  runner: Runner,
  signal: AbortSignal,
  use: () => Promise<T>,
): Promise<T> {
  const config = await readConfig(path.join(os.homedir(), '.finch', 'config.json'));
  const wasLoggedIn = Object.hasOwn((config['auths'] as object | undefined) ?? {}, host);
  const command = { file: 'finch', args: ['login', '--username', user, '--password-stdin', host], stdin: password };
  const exit = await runner.run(command, { signal, timeout: loginLimit });
  if (exit.code !== 0) {
    throw new GantryError('pushDenied', message('{0} could not log in to {1}.', 'finch', host), {
      detail: exit.stderr,
    });
  }
  try {
    return await use();
  } finally {
    // Also after a cancellation, so not with the caller's signal. A login of the user's own stays.
    const logout = { file: 'finch', args: ['logout', host] };
    if (!wasLoggedIn) await runner.run(logout, { signal: AbortSignal.timeout(loginLimit) }).catch(() => undefined);
  }
}

async function prepare(engine: EngineName, login: Login, directory: string): Promise<RegistryAccess> {
  const auth = { auth: Buffer.from(`${login.user}:${login.password}`).toString('base64') };
  if (engine === 'podman') {
    const file = path.join(directory, 'auth.json');
    await writePrivate(file, { auths: { [login.host]: auth } });
    return { env: {}, args: ['--authfile', file] };
  }
  const userDirectory = process.env['DOCKER_CONFIG'] ?? path.join(os.homedir(), '.docker');
  const own = await readConfig(path.join(userDirectory, 'config.json'));
  await writePrivate(path.join(directory, 'config.json'), isolatedConfig(own, userDirectory, login.host, auth));
  // The user's contexts say where the engine is; a junction needs no privilege on Windows.
  await fs
    .symlink(path.join(userDirectory, 'contexts'), path.join(directory, 'contexts'), 'junction')
    .catch(() => undefined);
  return {
    env: {
      DOCKER_CONFIG: directory,
      BUILDX_CONFIG: process.env['BUILDX_CONFIG'] ?? path.join(userDirectory, 'buildx'),
    },
    args: [],
  };
}

/**
 * The user's own configuration with one more login. `credHelpers: {HOST: ""}` switches the helper off for this one
 * host and keeps the user's store for all others: a helper that exists would win over the `auths` entry, even when it
 * answers "not found".
 */
export function isolatedConfig(
  own: Readonly<Record<string, unknown>>,
  userDirectory: string,
  host: string,
  auth: { readonly auth: string },
): Record<string, unknown> {
  const extra = Array.isArray(own['cliPluginsExtraDirs']) ? (own['cliPluginsExtraDirs'] as string[]) : [];
  return {
    ...own,
    auths: { ...(own['auths'] as object | undefined), [host]: auth },
    credHelpers: { ...(own['credHelpers'] as object | undefined), [host]: '' },
    cliPluginsExtraDirs: [...extra, path.join(userDirectory, 'cli-plugins')],
  };
}

/** A missing or broken configuration of the user's must not stop a push: the login does not need it. */
async function readConfig(file: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await fs.readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

async function writePrivate(file: string, content: unknown): Promise<void> {
  await fs.writeFile(file, JSON.stringify(content), { mode: 0o600 });
}
