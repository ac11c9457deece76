export interface Repository {
  readonly arn: string;
  readonly name: string;
  /** Host and name: what an image reference starts with. */
  readonly uri: string;
  /** MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION or IMMUTABLE_WITH_EXCLUSION. */
  readonly mutability: string;
  /** Wildcard filters of the tags that the exclusion is for. */
  readonly mutabilityExclusions: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number | undefined;
}

export interface Image {
  /** `sha256:…` */
  readonly digest: string;
  readonly tags: readonly string[];
  /** Bytes: the sum of the layers and the configuration, compressed. Undefined for an index. */
  readonly size: number | undefined;
  /** Milliseconds since the epoch. */
  readonly pushedAt: number | undefined;
  readonly mediaType: string | undefined;
}

/** A secret: never logged, never in argv. */
export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
  /** Host (and port) of the registry. */
  readonly host: string;
}

/** Whether pushing over an existing tag is refused (ECR PutImageTagMutability, with its exclusion filters). */
export function tagIsImmutable(repository: Repository, tag: string): boolean {
  const excluded = repository.mutabilityExclusions.some((filter) => wildcard(filter).test(tag));
  switch (repository.mutability) {
    case 'IMMUTABLE':
      return true;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded;
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded;
    default:
      return false;
  }
}

/** ECR's filters know one special character, `*`, for zero or more characters. */
function wildcard(filter: string): RegExp {
  return new RegExp(`^${filter.replace(/[.*+?^${}()|[\]\\]/g, (c) => (c === '*' ? '.*' : `\\${c}`))}$`);
}

/** Newest first; images that were never dated come last. */
export function newestFirst(images: readonly Image[]): Image[] {
  return [...images].sort((a, b) => (b.pushedAt ?? 0) - (a.pushedAt ?? 0));
}
