import type {
  CreateRepositoryRequest,
  DescribeImageScanFindingsResponse,
  EnhancedImageScanFinding,
  ImageDetail,
  ImageIdentifier,
  ImageScanFinding,
  ImageTagMutability,
  LifecyclePolicyPreviewResult,
  Repository as SdkRepository,
} from '@aws-sdk/client-ecr';
import type { Finding } from '../ecr/findings';
import type { FindingsPage } from '../ecr/gateway';
import type { ExpiringImage, Image, ImageId, Repository, RepositoryOptions } from '../ecr/model';

export function toRepository(from: SdkRepository): Repository {
  return {
    arn: from.repositoryArn ?? '',
    name: from.repositoryName ?? '',
    uri: from.repositoryUri ?? '',
    mutability: from.imageTagMutability ?? 'MUTABLE',
    mutabilityExclusions: (from.imageTagMutabilityExclusionFilters ?? []).flatMap(({ filter }) => filter ?? []),
    scanOnPush: from.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: from.encryptionConfiguration?.encryptionType,
    kmsKey: from.encryptionConfiguration?.kmsKey,
    createdAt: from.createdAt?.getTime(),
  };
}

export function toRepositoryInput(
  repositoryName: string,
  { mutability, mutabilityExclusions = [], scanOnPush = true, kms, tags = {} }: RepositoryOptions,
): CreateRepositoryRequest {
  const input: CreateRepositoryRequest = { repositoryName, imageScanningConfiguration: { scanOnPush } };
  if (mutability) input.imageTagMutability = mutability as ImageTagMutability;
  if (mutabilityExclusions.length > 0) {
    input.imageTagMutabilityExclusionFilters = mutabilityExclusions.map((filter) => ({
      ...{ filterType: 'WILDCARD', filter },
    }));
  }
  if (kms) input.encryptionConfiguration = { encryptionType: 'KMS', ...(kms.key ? { kmsKey: kms.key } : {}) };
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (list.length > 0) input.tags = list;
  return input;
}

export function toImage(from: ImageDetail): Image {
  const { imageScanStatus: scan, imageScanFindingsSummary: summary } = from;
  return {
    digest: from.imageDigest ?? '',
    tags: from.imageTags ?? [],
    size: from.imageSizeInBytes,
    pushedAt: from.imagePushedAt?.getTime(),
    pulledAt: from.lastRecordedPullTime?.getTime(),
    mediaType: from.imageManifestMediaType,
    artifactType: from.artifactMediaType,
    subject: from.subjectManifestDigest,
    status: from.imageStatus,
    scan:
      scan || summary
        ? {
            status: scan?.status ?? 'COMPLETE',
            description: scan?.description,
            counts: summary?.findingSeverityCounts ?? {},
            completedAt: summary?.imageScanCompletedAt?.getTime(),
          }
        : undefined,
  };
}

export function fromImageId({ digest, tag }: ImageId): ImageIdentifier {
  return { ...(digest ? { imageDigest: digest } : {}), ...(tag ? { imageTag: tag } : {}) };
}

export function toExpiring(from: LifecyclePolicyPreviewResult): ExpiringImage {
  return {
    digest: from.imageDigest ?? '',
    tags: from.imageTags ?? [],
    pushedAt: from.imagePushedAt?.getTime(),
    rule: from.appliedRulePriority,
    action: from.action?.type ?? 'EXPIRE',
  };
}

export function toFindingsPage(from: DescribeImageScanFindingsResponse): FindingsPage {
  const { imageScanStatus: status, imageScanFindings: findings, nextToken } = from;
  return {
    items: [...(findings?.findings ?? []).map(toFinding), ...(findings?.enhancedFindings ?? []).flatMap(toFindings)],
    nextToken,
    scan: {
      status: status?.status,
      description: status?.description,
      counts: findings?.findingSeverityCounts ?? {},
      completedAt: findings?.imageScanCompletedAt?.getTime(),
    },
  };
}

/** Basic scanning: what is known of the package stands in attributes. */
function toFinding(from: ImageScanFinding): Finding {
  const attribute = (pattern: RegExp): string | undefined =>
    from.attributes?.find(({ key }) => pattern.test(key ?? ''))?.value;
  return {
    id: from.name ?? '',
    severity: from.severity ?? 'UNDEFINED',
    packageName: attribute(/^package_name$/i),
    installed: attribute(/^package_version$/i),
    fixedIn: attribute(/fixed.*version/i),
    link: from.uri,
    description: from.description,
  };
}

/** Enhanced scanning (Amazon Inspector): one vulnerability may be in several packages. */
function toFindings(from: EnhancedImageScanFinding): Finding[] {
  const details = from.packageVulnerabilityDetails;
  const common = {
    id: details?.vulnerabilityId ?? from.title ?? from.findingArn ?? '',
    severity: from.severity ?? details?.vendorSeverity ?? 'UNDEFINED',
    link: details?.sourceUrl,
    description: from.description,
  };
  const packages = details?.vulnerablePackages ?? [];
  if (packages.length === 0) return [{ ...common, packageName: undefined, installed: undefined, fixedIn: undefined }];
  return packages.map(({ name, version, release, fixedInVersion }) => ({
    ...common,
    packageName: name,
    installed: [version, release].filter(Boolean).join('-') || undefined,
    // Inspector writes this where nobody has mended it yet.
    fixedIn: fixedInVersion === 'NotAvailable' ? undefined : fixedInVersion,
  }));
}
