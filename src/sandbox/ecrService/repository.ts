/** Which tags of a repository may be overwritten. */
export type TagMutability = 'MUTABLE' | 'IMMUTABLE' | 'IMMUTABLE_WITH_EXCLUSION' | 'MUTABLE_WITH_EXCLUSION';

export interface ExclusionFilter {
  readonly filterType: 'WILDCARD';
  readonly filter: string;
}

/** An image or an index in a repository. */
export interface Image {
  readonly digest: string;
  readonly mediaType: string;
  /** The manifest byte for byte; its digest depends on it. */
  readonly manifest: string;
  /** Layers and config, in bytes; of an index, its largest image. */
  readonly size: number;
  readonly pushedAt: number;
  readonly artifactMediaType?: string;
  readonly subject?: string;
  pulledAt?: number;
  /** Milliseconds since the Unix epoch; an archived image cannot be pulled. */
  archivedAt?: number | undefined;
  activatedAt?: number;
  /** Start of the last scan, in milliseconds since the Unix epoch. */
  scannedAt?: number;
}

export interface Repository {
  readonly name: string;
  readonly createdAt: number;
  mutability: TagMutability;
  exclusions: readonly ExclusionFilter[] | undefined;
  scanOnPush: boolean;
  readonly encryption: { readonly encryptionType: string; readonly kmsKey?: string };
  policy: string | undefined;
  lifecycle: string | undefined;
  /** The last preview of a lifecycle policy. */
  preview?: { readonly policy: string; readonly startedAt: number };
  /** Resource tags, not image tags. */
  readonly resourceTags: Map<string, string>;
  /** By digest. */
  readonly images: Map<string, Image>;
  /** Image tag → digest. */
  readonly tags: Map<string, string>;
  /** Blobs that were pushed or mounted here: digest → bytes. */
  readonly blobs: Map<string, number>;
}

/** Every repository of the account, by name. */
export type Repositories = Map<string, Repository>;

export function newRepository(name: string, createdAt: number): Repository {
  return {
    name,
    createdAt,
    mutability: 'MUTABLE',
    exclusions: undefined,
    scanOnPush: false,
    encryption: { encryptionType: 'AES256' },
    policy: undefined,
    lifecycle: undefined,
    resourceTags: new Map(),
    images: new Map(),
    tags: new Map(),
    blobs: new Map(),
  };
}

/** Whether a push may move this tag. Filters turn the rule round for the tags that they match. */
export function mayOverwrite(repository: Repository, tag: string): boolean {
  const excluded = (repository.exclusions ?? []).some(({ filter }) => wildcard(filter).test(tag));
  const mutable = repository.mutability.startsWith('MUTABLE');
  return excluded && repository.mutability.endsWith('_WITH_EXCLUSION') ? !mutable : mutable;
}

function wildcard(filter: string): RegExp {
  return new RegExp(`^${filter.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
}

export function tagsOf(repository: Repository, digest: string): string[] {
  return [...repository.tags].filter(([, target]) => target === digest).map(([tag]) => tag);
}

/** Digest → image tags, for answers about many images at once. */
export function tagsByDigest(repository: Repository): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [tag, digest] of repository.tags) {
    const tags = found.get(digest);
    if (tags) tags.push(tag);
    else found.set(digest, [tag]);
  }
  return found;
}

/** The image behind a tag or a digest. */
export function findImage(repository: Repository, reference: string): Image | undefined {
  return repository.images.get(reference.includes(':') ? reference : (repository.tags.get(reference) ?? ''));
}
