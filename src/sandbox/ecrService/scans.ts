import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { type EcrContext, owner, repositoryNamed } from './context';
import { enhanced, findingsFor } from './findings';
import { type ImageId, failed, missing, resolve } from './imageIds';
import { isIndex, parseManifest } from './manifest';
import { type Image, type Repository, tagsOf } from './repository';

interface Request {
  readonly repositoryName: string;
  readonly registryId?: string;
  readonly imageId: ImageId;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

/** How long a scan takes, and how long AWS refuses another one of the same image. In milliseconds. */
const duration = 2000;
const quota = 24 * 3600_000;

interface Found {
  readonly repository: Repository;
  readonly image: Image;
}

function find(context: EcrContext, request: Request): Found {
  const repository = repositoryNamed(context, request);
  const image = resolve(repository, request.imageId);
  if (failed(image)) throw missing(context, repository, image);
  return { repository, image };
}

/** A tag of `…scan-failed` or `…scan-unsupported` plays that outcome. */
function statusOf(context: EcrContext, { repository, image }: Found): { status: string; description: string } {
  if (context.clock.now() < (image.scannedAt ?? 0) + duration) {
    return { status: 'IN_PROGRESS', description: 'The scan is in progress.' };
  }
  const tags = tagsOf(repository, image.digest);
  if (tags.some((tag) => tag.endsWith('scan-failed'))) {
    return { status: 'FAILED', description: 'The scan failed. Try again later.' };
  }
  if (tags.some((tag) => tag.endsWith('scan-unsupported'))) {
    return {
      status: 'UNSUPPORTED_IMAGE',
      description: 'UnsupportedImageError: The operating system is not supported.',
    };
  }
  return { status: 'COMPLETE', description: 'The scan was completed successfully.' };
}

function start(context: EcrContext, request: Request): unknown {
  const found = find(context, request);
  const { repository, image } = found;
  if (context.settings.scanType === 'ENHANCED') {
    throw new ApiError('ValidationException', 'This feature is disabled');
  }
  if (isIndex(image)) {
    const text = `The manifest type '${image.mediaType}' is not supported for image scanning`;
    throw new ApiError('UnsupportedImageTypeException', text);
  }
  const now = context.clock.now();
  if (image.scannedAt !== undefined && now < image.scannedAt + quota) {
    throw new ApiError('LimitExceededException', 'The scan quota per image has been exceeded. Wait and try again.');
  }
  image.scannedAt = now;
  return { ...answer(context, repository, image, request.imageId), imageScanStatus: statusOf(context, found) };
}

function answer(
  context: EcrContext,
  repository: Repository,
  image: Image,
  { imageTag }: ImageId,
): Record<string, unknown> {
  return { ...owner(context, repository), imageId: { imageDigest: image.digest, imageTag } };
}

function describe(context: EcrContext, request: Request): unknown {
  const found = find(context, request);
  const { repository, image } = found;
  if (image.scannedAt === undefined) {
    const { imageTag = 'null' } = request.imageId;
    const which = `{imageDigest:'${image.digest}', imageTag:'${imageTag}'}`;
    const where = `in the repository with name '${repository.name}' in the registry with id '${context.place.account}'`;
    throw new ApiError('ScanNotFoundException', `Image scan does not exist for the image with '${which}' ${where}`);
  }
  const imageScanStatus = statusOf(context, found);
  const common = { ...answer(context, repository, image, request.imageId), imageScanStatus };
  if (imageScanStatus.status !== 'COMPLETE') return common;
  const all = findingsFor(baseOf(context, found), tagsOf(repository, image.digest));
  const { items, nextToken } = page(all, request.maxResults ?? 100, request.nextToken, [repository.name, image.digest]);
  const findingSeverityCounts: Record<string, number> = {};
  for (const { severity } of all) findingSeverityCounts[severity] = (findingSeverityCounts[severity] ?? 0) + 1;
  const at = new Date(image.scannedAt + duration);
  const inspector = context.settings.scanType === 'ENHANCED';
  const imageScanFindings = {
    imageScanCompletedAt: at,
    vulnerabilitySourceUpdatedAt: at,
    findingSeverityCounts,
    ...(inspector
      ? { enhancedFindings: items.map((item) => enhanced(item, subject(context, found, at.getTime()))) }
      : { findings: items }),
  };
  const going = { status: 'ACTIVE', description: 'Continuous scan is selected for image.' };
  return { ...common, ...(inspector ? { imageScanStatus: going } : {}), imageScanFindings, nextToken };
}

/** What an enhanced finding is about. */
function subject({ place }: EcrContext, { repository, image }: Found, at: number): Parameters<typeof enhanced>[1] {
  const { account, region } = place;
  const awsEcrContainerImage = {
    ...{ imageHash: image.digest, imageTags: tagsOf(repository, image.digest), platform: 'LINUX' },
    ...{ pushedAt: new Date(image.pushedAt), registry: account, repositoryName: repository.name },
  };
  const id = `arn:aws:ecr:${region}:${account}:repository/${repository.name}/${image.digest}`;
  return {
    account,
    region,
    at,
    resource: { id, type: 'AWS_ECR_CONTAINER_IMAGE', details: { awsEcrContainerImage }, tags: {} },
  };
}

const baseName = 'org.opencontainers.image.base.name';

/** The base image, as the manifest's annotations or the config's labels name it. */
function baseOf({ blobs }: EcrContext, { repository, image }: Found): string | undefined {
  const manifest = parseManifest(image.manifest, image.mediaType)?.manifest;
  const annotated = manifest?.annotations?.[baseName];
  const config = manifest?.config?.digest;
  if (annotated !== undefined || config === undefined || !repository.blobs.has(config)) return annotated;
  try {
    const parsed = JSON.parse(blobs.bytes(config).toString('utf8')) as { config?: { Labels?: Record<string, string> } };
    return parsed.config?.Labels?.[baseName];
  } catch {
    return undefined;
  }
}

export function scanOperations(context: EcrContext): Record<string, Operation> {
  return {
    StartImageScan: (input: Request) => start(context, input),
    DescribeImageScanFindings: (input: Request) => describe(context, input),
  };
}
