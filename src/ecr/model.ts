import type { SeverityCounts } from './severity';

export interface Repository {
  readonly arn: string;
  readonly name: string;
  /** Host and name: what an image reference starts with. */
  readonly uri: string;
  /** MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION or IMMUTABLE_WITH_EXCLUSION. */
  readonly mutability: string;
  /** Wildcard filters of the tags that the exclusion is for. */
  readonly mutabilityExclusions: readonly string[];
  readonly scanOnPush: boolean;
  /** AES256, KMS or KMS_DSSE. */
  readonly encryption: string | undefined;
  /** ARN of the KMS key, if there is one. */
  readonly kmsKey: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number | undefined;
}

/** What CreateRepository is told beside the name. */
export interface RepositoryOptions {
  readonly mutability?: string;
  readonly mutabilityExclusions?: readonly string[];
  readonly scanOnPush?: boolean;
  /** KMS instead of AES256; with a key of one's own, or that of AWS. */
  readonly kms?: { readonly key?: string };
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Image {
  /** `sha256:…` */
  readonly digest: string;
  readonly tags: readonly string[];
  /** Bytes: the sum of the layers and the configuration, compressed. Undefined for an index. */
  readonly size: number | undefined;
  /** Milliseconds since the epoch. */
  readonly pushedAt: number | undefined;
  /** Milliseconds since the epoch; ECR records it about once a day. */
  readonly pulledAt: number | undefined;
  readonly mediaType: string | undefined;
  /** The media type of the configuration or the artifact: what kind of thing it is. */
  readonly artifactType: string | undefined;
  /** Digest of the image that this one says something about. */
  readonly subject: string | undefined;
  /** ACTIVE, ARCHIVED or ACTIVATING (DescribeImages). */
  readonly status: string | undefined;
  /** What DescribeImages says of the last scan; newer basic scanning says it in the findings only. */
  readonly scan: ScanSummary | undefined;
}

/** How a scan ended, in numbers. */
export interface ScanSummary {
  /** IN_PROGRESS, COMPLETE, FAILED, ACTIVE …; undefined when the image has not been scanned. */
  readonly status: string | undefined;
  readonly description: string | undefined;
  readonly counts: SeverityCounts;
  /** Milliseconds since the epoch. */
  readonly completedAt: number | undefined;
}

/** A manifest as it is stored, to the byte: its digest is that of this text. */
export interface Manifest {
  readonly digest: string;
  readonly text: string;
  readonly mediaType: string | undefined;
}

/** An image, or one of its tags, in the words of the ECR API. */
export interface ImageId {
  readonly digest?: string | undefined;
  readonly tag?: string | undefined;
}

/** Why ECR did not do something with one of several images. */
export interface ImageFailure {
  readonly id: ImageId;
  readonly code: string;
  readonly reason: string;
}

/** An image that a lifecycle policy would take away. */
export interface ExpiringImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Milliseconds since the epoch. */
  readonly pushedAt: number | undefined;
  /** Priority of the rule that takes it. */
  readonly rule: number | undefined;
  /** EXPIRE, or TRANSITION into the archive. */
  readonly action: string;
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
