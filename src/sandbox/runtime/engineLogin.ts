import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Place } from '../place';
import type { RegistryTokens } from '../registry/tokens';
import { EngineCli } from './engineCli';

/**
 * A private configuration folder with a login to the sandbox's own registry, so that the user's is neither read for
 * credentials nor written. The user's context is kept by naming its host.
 */
export class EngineLogin {
  readonly #folder: string;
  readonly #place: Place;
  readonly #tokens: RegistryTokens;
  #freshUntil = 0;

  constructor(folder: string, place: Place, tokens: RegistryTokens) {
    this.#folder = folder;
    this.#place = place;
    this.#tokens = tokens;
  }

  /** The environment for the engine's commands. */
  async environment(command: string, base: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const host = base['DOCKER_HOST'] ?? (await contextHost(command, base));
    // A context wins over DOCKER_HOST and lives in the user's configuration, which is not used here.
    return {
      ...base,
      DOCKER_CONTEXT: undefined,
      DOCKER_CONFIG: this.#folder,
      REGISTRY_AUTH_FILE: this.#file,
      ...(host === undefined ? {} : { DOCKER_HOST: host }),
    };
  }

  /** Writes a login that is good for hours. Call it before a pull or a push. `now` in milliseconds since the epoch. */
  async refresh(now: number): Promise<void> {
    if (now < this.#freshUntil) return;
    const { password, expiresAt } = this.#tokens.issue();
    const auth = Buffer.from(`AWS:${password}`).toString('base64');
    await writeFile(this.#file, JSON.stringify({ auths: { [this.#place.registryHost]: { auth } } }), { mode: 0o600 });
    this.#freshUntil = expiresAt - 3600_000;
  }

  get #file(): string {
    return path.join(this.#folder, 'config.json');
  }
}

async function contextHost(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const cli = new EngineCli(command, env);
  if (cli.isPodman) return undefined;
  const answer = await cli.run(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']);
  const host = answer.stdout.trim();
  return answer.code === 0 && host !== '' ? host : undefined;
}
