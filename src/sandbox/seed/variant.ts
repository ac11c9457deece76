import { putImage } from '../ecrService/putImage';
import { type Repository, findImage } from '../ecrService/repository';

/** What a further image of the same layers is called. Without a tag it stays untagged. */
export interface Variant {
  readonly version: string;
  readonly tag?: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/**
 * Puts an image into a repository that has the layers of another one and a digest of its own, because its manifest
 * says another version. It can be pulled like any other.
 */
export function putVariant(from: Repository, reference: string, to: Repository, variant: Variant): string | undefined {
  const base = findImage(from, reference);
  if (!base) return undefined;
  for (const [digest, size] of from.blobs) to.blobs.set(digest, size);
  const manifest = JSON.parse(base.manifest) as Record<string, unknown>;
  const annotations = { 'org.opencontainers.image.version': variant.version };
  const text = JSON.stringify({ ...manifest, annotations });
  const put = { text, mediaType: base.mediaType, tag: variant.tag, at: variant.at };
  return putImage(to, put).image.digest;
}
