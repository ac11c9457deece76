import type { EcrGateway } from './gateway';
import { readIndex } from './imageTree';
import type { Manifest } from './model';

/** The configurations of images that run; charts, signatures and the like have others (OCI image-spec, "config"). */
const runnable = /^application\/vnd\.(docker\.container\.image\.v1|oci\.image\.config\.v1)\+json$/;

/**
 * The platforms that an image is built for, in Docker's words: those that an index names, or the one in the
 * configuration of a single image, which takes two more requests. Empty where nothing says.
 * @throws GantryError when the configuration may not be read
 */
export async function platformsOf(
  ecr: Pick<EcrGateway, 'readBlob'>,
  repository: string,
  { text }: Manifest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const named = readIndex(text).flatMap(({ platform }) => platform ?? []);
  const digest = configOf(text);
  if (named.length > 0 || digest === undefined) return named;
  const platform = platformIn(await ecr.readBlob(repository, digest, signal));
  return platform === undefined ? [] : [platform];
}

/** The digest of a single image's configuration; undefined for an index and for what does not run. */
export function configOf(manifest: string): string | undefined {
  const { config } = parsed(manifest) as { config?: { mediaType?: unknown; digest?: unknown } };
  return runnable.test(String(config?.mediaType)) && typeof config?.digest === 'string' ? config.digest : undefined;
}

/** The platform that a configuration names. */
export function platformIn(config: string): string | undefined {
  const { os, architecture, variant } = parsed(config) as Record<string, unknown>;
  if (typeof os !== 'string' || typeof architecture !== 'string' || os === '' || architecture === '') return undefined;
  return [os, architecture, variant].filter((part) => typeof part === 'string' && part !== '').join('/');
}

/** A JSON object; an empty one where the text is none. */
export function parsed(text: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
