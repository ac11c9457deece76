import type { EcrGateway } from './gateway';
import { configOf, parsed, platformIn } from './imagePlatform';
import { readIndex } from './imageTree';

/** What an image says about itself. */
export interface ImageFacts {
  /** In Docker's words; several for an index, none where nothing says. */
  readonly platforms: readonly string[];
  /** TCP ports of its Dockerfile's EXPOSE. */
  readonly ports: readonly number[];
}

/**
 * Reads platforms and ports from an image's configuration: three requests, one more for an index, whose images expose
 * the same.
 * @throws GantryError when it may not be read
 */
export async function readImageFacts(
  ecr: Pick<EcrGateway, 'getManifests' | 'readBlob'>,
  repository: string,
  digest: string,
  signal: AbortSignal,
): Promise<ImageFacts> {
  const [manifest] = await ecr.getManifests(repository, [digest], signal);
  if (!manifest) return { platforms: [], ports: [] };
  const entries = readIndex(manifest.text).filter(({ platform, attests }) => platform && attests === undefined);
  const [first] = entries;
  const [single] = first ? await ecr.getManifests(repository, [first.digest], signal) : [manifest];
  const config = single && configOf(single.text);
  const text = config === undefined ? '' : await ecr.readBlob(repository, config, signal);
  const own = platformIn(text);
  const platforms = first ? entries.flatMap(({ platform }) => platform ?? []) : own === undefined ? [] : [own];
  return { platforms, ports: portsIn(text) };
}

/** `config.ExposedPorts` has members such as `8080/tcp` (OCI image-spec, "config"). */
function portsIn(text: string): number[] {
  const { config } = parsed(text) as { config?: { ExposedPorts?: unknown } };
  const exposed = config?.ExposedPorts;
  if (typeof exposed !== 'object' || exposed === null) return [];
  return Object.keys(exposed).flatMap((key) => {
    const [, port] = /^(\d+)(?:\/tcp)?$/.exec(key) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
}
