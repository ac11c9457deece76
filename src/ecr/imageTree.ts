import type { Image } from './model';

/** One entry of an index (OCI image index, Docker manifest list). */
export interface IndexEntry {
  readonly digest: string;
  /** `linux/arm64/v8`; undefined for what is no image. */
  readonly platform: string | undefined;
  /** Digest of the image that this entry attests. */
  readonly attests: string | undefined;
  readonly size: number | undefined;
}

/** What kind of thing a manifest is. `image` and `index` run; the others say something about an image, or are packages. */
export type ImageKind = 'image' | 'index' | 'signature' | 'attestation' | 'sbom' | 'chart' | 'artifact';

/** The images of a repository as a person thinks of them. */
export interface ImageTree {
  /** With a tag, and what belongs to nothing else: newest first. */
  readonly roots: readonly Image[];
  /** Without a tag, and not known to belong to an index. */
  readonly untagged: readonly Image[];
  /** Signatures, attestations and the like, by the digest that they are about. */
  readonly referrers: ReadonlyMap<string, readonly Image[]>;
}

const indexTypes = /^application\/vnd\.(oci\.image\.index\.v1|docker\.distribution\.manifest\.list\.v2)\+json$/;

/** Configurations of runnable images; anything else is an artifact (OCI image specification, "artifactType"). */
const imageConfigs = /^application\/vnd\.(oci\.image\.config\.v1|docker\.container\.image\.v1)\+json$/;

/** Cosign's own naming: the tag of a signature is the digest of what it signs. */
const cosignTag = /^(sha256)-([0-9a-f]{64})\.(sig|att|sbom)$/;

const artifactKinds: readonly (readonly [RegExp, ImageKind])[] = [
  [/notary\.signature|cosign.*(sig|simplesigning)|signer\.signature/i, 'signature'],
  [/in-toto|attestation|sigstore\.bundle|dsse/i, 'attestation'],
  [/spdx|cyclonedx|sbom|syft/i, 'sbom'],
  [/helm\.(config|chart)/i, 'chart'],
];

/** Whether an image is an index over images for several platforms. */
export function isIndex({ mediaType }: Image): boolean {
  return indexTypes.test(mediaType ?? '');
}

export function kindOf(image: Image): ImageKind {
  const cosign = image.tags.map((tag) => cosignTag.exec(tag)?.[3]).find(Boolean);
  if (cosign) return cosign === 'sig' ? 'signature' : cosign === 'att' ? 'attestation' : 'sbom';
  const { artifactType } = image;
  const named = artifactKinds.find(([pattern]) => pattern.test(artifactType ?? ''));
  if (named) return named[1];
  if (isIndex(image)) return 'index';
  return !artifactType || imageConfigs.test(artifactType) ? 'image' : 'artifact';
}

/** The digest that an image says something about. */
function subjectOf({ subject, tags }: Image): string | undefined {
  if (subject) return subject;
  const match = tags.map((tag) => cosignTag.exec(tag)).find(Boolean);
  return match ? `${match[1]}:${match[2]}` : undefined;
}

/**
 * Groups images by what they belong to.
 * @param images newest first
 * @param entriesOf what an index holds, as far as it has been read
 */
export function groupImages(
  images: readonly Image[],
  entriesOf: (digest: string) => readonly IndexEntry[] | undefined,
): ImageTree {
  const digests = new Set(images.map(({ digest }) => digest));
  const held = new Set(images.filter(isIndex).flatMap(({ digest }) => entriesOf(digest)?.map((e) => e.digest) ?? []));
  const roots: Image[] = [];
  const untagged: Image[] = [];
  const referrers = new Map<string, Image[]>();
  for (const image of images) {
    const subject = subjectOf(image);
    if (subject && digests.has(subject)) referrers.set(subject, [...(referrers.get(subject) ?? []), image]);
    else if (image.tags.length > 0) roots.push(image);
    else if (!held.has(image.digest)) untagged.push(image);
  }
  return { roots, untagged, referrers };
}

/** Reads the manifest of an index; what is not one has no entries. */
export function readIndex(text: string): IndexEntry[] {
  let manifest: { readonly manifests?: readonly RawEntry[] };
  try {
    manifest = JSON.parse(text) as typeof manifest;
  } catch {
    return [];
  }
  return (manifest.manifests ?? []).map(({ digest = '', size, platform, annotations }) => {
    // BuildKit marks attestations by this annotation and by a platform that is none.
    const attestation =
      annotations?.['vnd.docker.reference.type'] === 'attestation-manifest' ||
      (platform?.os === 'unknown' && platform.architecture === 'unknown');
    const parts = [platform?.os, platform?.architecture, platform?.variant].filter(Boolean);
    return {
      digest,
      platform: attestation || parts.length === 0 ? undefined : parts.join('/'),
      attests: attestation ? (annotations?.['vnd.docker.reference.digest'] ?? '') : undefined,
      size,
    };
  });
}

interface RawEntry {
  readonly digest?: string;
  readonly size?: number;
  readonly platform?: { readonly os?: string; readonly architecture?: string; readonly variant?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}
