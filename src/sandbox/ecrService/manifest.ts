import { createHash } from 'node:crypto';
import type { Image, Repository } from './repository';

/** The parts of OCI and Docker manifests and indexes that a registry reads. */
export interface Manifest {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: string; readonly os: string; readonly variant?: string };
}

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
export const ociIndex = 'application/vnd.oci.image.index.v1+json';
export const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';
export const dockerIndex = 'application/vnd.docker.distribution.manifest.list.v2+json';
const mediaTypes = [ociManifest, ociIndex, dockerManifest, dockerIndex];

export function sha256(bytes: string | Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Reads a manifest. @returns undefined when it is not one. */
export function parseManifest(text: string, declared?: string): { manifest: Manifest; mediaType: string } | undefined {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch {
    return undefined;
  }
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const mediaType = manifest.mediaType ?? declared ?? (manifest.manifests ? ociIndex : ociManifest);
  if (!mediaTypes.includes(mediaType)) return undefined;
  const whole = isIndex({ mediaType })
    ? areDescriptors(manifest.manifests)
    : areDescriptors([manifest.config]) && areDescriptors(manifest.layers);
  return whole ? { manifest, mediaType } : undefined;
}

function areDescriptors(list: unknown): boolean {
  return (
    Array.isArray(list) &&
    list.every((item: Partial<Descriptor> | undefined) => /^sha256:[0-9a-f]{64}$/.test(String(item?.digest)))
  );
}

/** Whether a manifest names other manifests instead of layers. */
export function isIndex({ mediaType }: { readonly mediaType: string }): boolean {
  return mediaType === ociIndex || mediaType === dockerIndex;
}

/** Blobs that an image names and its repository does not have. */
export function missingBlobs(repository: Repository, manifest: Manifest): string[] {
  const named = [...(manifest.config ? [manifest.config] : []), ...(manifest.layers ?? [])];
  return named.map(({ digest }) => digest).filter((digest) => !repository.blobs.has(digest));
}

/** Images that an index names and its repository does not have. */
export function missingImages(repository: Repository, manifest: Manifest): string[] {
  return (manifest.manifests ?? []).map(({ digest }) => digest).filter((digest) => !repository.images.has(digest));
}

/** The record of a manifest in its repository. `at` is in milliseconds since the Unix epoch. */
export function imageRecord(
  repository: Repository,
  text: string,
  { manifest, mediaType }: { manifest: Manifest; mediaType: string },
  at: number,
): Image {
  const own = [...(manifest.config ? [manifest.config] : []), ...(manifest.layers ?? [])];
  const sizes = (manifest.manifests ?? []).map(({ digest }) => repository.images.get(digest)?.size ?? 0);
  const artifact = manifest.artifactType ?? manifest.config?.mediaType;
  return {
    digest: sha256(text),
    mediaType,
    manifest: text,
    size: own.reduce((sum, { digest, size }) => sum + (repository.blobs.get(digest) ?? size), Math.max(0, ...sizes)),
    pushedAt: at,
    ...(artifact === undefined ? {} : { artifactMediaType: artifact }),
    ...(manifest.subject === undefined ? {} : { subject: manifest.subject.digest }),
  };
}
