import { scannedOnPush } from './registrySettings';
import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { hexId } from '../ids';
import { page } from '../paging';
import { type EcrContext, owner, repositoryNamed } from './context';
import { type Failure, type ImageId, failed, missing, resolve } from './imageIds';
import { parseManifest } from './manifest';
import { putImage } from './putImage';
import { type Image, type Repository, tagsByDigest, tagsOf } from './repository';

interface Named {
  readonly repositoryName: string;
  readonly registryId?: string;
}

interface ListRequest extends Named {
  readonly imageIds?: readonly ImageId[];
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly filter?: { readonly tagStatus?: 'TAGGED' | 'UNTAGGED' | 'ANY'; readonly imageStatus?: string };
}

interface BatchRequest extends Named {
  readonly imageIds: readonly ImageId[];
  readonly acceptedMediaTypes?: readonly string[];
}

interface PutRequest extends Named {
  readonly imageManifest: string;
  readonly imageManifestMediaType?: string;
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

function details(context: EcrContext, repository: Repository, images: readonly Image[]): Record<string, unknown>[] {
  const tags = tagsByDigest(repository);
  return images.map((image) => detail(context, repository, image, tags.get(image.digest) ?? []));
}

function detail(
  context: EcrContext,
  repository: Repository,
  image: Image,
  tags: readonly string[],
): Record<string, unknown> {
  return {
    ...owner(context, repository),
    imageDigest: image.digest,
    imageTags: tags.length > 0 ? tags : undefined,
    imageSizeInBytes: image.size,
    imagePushedAt: new Date(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    artifactMediaType: image.artifactMediaType,
    lastRecordedPullTime: image.pulledAt === undefined ? undefined : new Date(image.pulledAt),
    subjectManifestDigest: image.subject,
    imageStatus: statusOf(context, image),
    lastArchivedAt: image.archivedAt === undefined ? undefined : new Date(image.archivedAt),
    lastActivatedAt: image.activatedAt === undefined ? undefined : new Date(image.activatedAt),
  };
}

/** How long an archived image takes to come back, in milliseconds; AWS takes minutes. */
const activation = 5000;

/** Of an image: whether it can be pulled. */
export function statusOf({ clock }: Pick<EcrContext, 'clock'>, image: Image): 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING' {
  const { archivedAt, activatedAt } = image;
  if (archivedAt === undefined) return 'ACTIVE';
  if (activatedAt === undefined || activatedAt < archivedAt) return 'ARCHIVED';
  return clock.now() < activatedAt + activation ? 'ACTIVATING' : 'ACTIVE';
}

type StorageRequest = Named & { readonly imageId: ImageId; readonly targetStorageClass: 'STANDARD' | 'ARCHIVE' };

function setStorageClass(context: EcrContext, request: StorageRequest): unknown {
  const repository = repositoryNamed(context, request);
  const image = resolve(repository, request.imageId);
  if (failed(image)) throw missing(context, repository, image);
  const archive = request.targetStorageClass === 'ARCHIVE';
  if (archive === (statusOf(context, image) !== 'ACTIVE')) {
    const text = `The image is in the storage class ${request.targetStorageClass} already.`;
    throw new ApiError('ImageStorageClassUpdateNotSupportedException', text);
  }
  if (archive) image.archivedAt = context.clock.now();
  else image.activatedAt = context.clock.now();
  const imageId = { imageDigest: image.digest, imageTag: request.imageId.imageTag };
  return { ...owner(context, repository), imageId, imageStatus: statusOf(context, image) };
}

/** Images in an order that means nothing, as AWS gives them: by digest. */
function selected(context: EcrContext, repository: Repository, filter: ListRequest['filter']): Image[] {
  const status = filter?.imageStatus ?? 'ACTIVE';
  const tagged = new Set(repository.tags.values());
  return [...repository.images.values()]
    .filter((image) => status === 'ANY' || statusOf(context, image) === status)
    .filter(({ digest }) => {
      if (filter?.tagStatus === 'TAGGED') return tagged.has(digest);
      return filter?.tagStatus !== 'UNTAGGED' || !tagged.has(digest);
    })
    .sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

function describe(context: EcrContext, request: ListRequest): unknown {
  const repository = repositoryNamed(context, request);
  if (!request.imageIds) {
    const all = selected(context, repository, request.filter);
    const { items, nextToken } = page(all, request.maxResults ?? 100, request.nextToken, [
      repository.name,
      request.filter ?? null,
    ]);
    return { imageDetails: details(context, repository, items), nextToken };
  }
  if (request.maxResults !== undefined || request.nextToken !== undefined) {
    throw invalidParameter('Invalid parameter: maxResults and nextToken cannot be used with imageIds.');
  }
  const images = new Map<string, Image>();
  for (const id of request.imageIds) {
    const found = resolve(repository, id);
    if (!failed(found)) images.set(found.digest, found);
    else throw missing(context, repository, found);
  }
  return { imageDetails: details(context, repository, [...images.values()]) };
}

function list(context: EcrContext, request: ListRequest): unknown {
  const repository = repositoryNamed(context, request);
  const named = tagsByDigest(repository);
  const ids = selected(context, repository, request.filter).flatMap(({ digest }): ImageId[] => {
    const tags = named.get(digest) ?? [];
    if (tags.length === 0) return [{ imageDigest: digest }];
    return tags.map((imageTag) => ({ imageDigest: digest, imageTag }));
  });
  const filters = [repository.name, request.filter ?? null];
  const { items, nextToken } = page(ids, request.maxResults ?? 100, request.nextToken, filters);
  return { imageIds: items, nextToken };
}

/** An image that can be read: an archived one cannot. */
function readable(context: EcrContext, repository: Repository, imageId: ImageId): Image | Failure {
  const image = resolve(repository, imageId);
  if (failed(image) || statusOf(context, image) === 'ACTIVE') return image;
  return { imageId, failureCode: 'ImageInaccessible', failureReason: 'The image is archived.' };
}

/** Remembers that an image was pulled, unless the settings of the registry leave this caller out. */
export function recordPull({ settings, clock, place }: EcrContext, image: Image): void {
  if (settings.pullExclusions.has(`arn:aws:iam::${place.account}:user/sandbox`)) return;
  image.pulledAt = clock.now();
}

function batchGet(context: EcrContext, request: BatchRequest): unknown {
  const repository = repositoryNamed(context, request);
  const found = request.imageIds.map((id) => ({ id, found: readable(context, repository, id) }));
  const images = found.flatMap(({ id, found: image }) => {
    if (failed(image)) return [];
    recordPull(context, image);
    const imageId = { imageDigest: image.digest, ...(id.imageTag === undefined ? {} : { imageTag: id.imageTag }) };
    const { manifest: imageManifest, mediaType: imageManifestMediaType } = image;
    return [{ ...owner(context, repository), imageId, imageManifest, imageManifestMediaType }];
  });
  return { images, failures: found.map(({ found: failure }) => failure).filter(failed) };
}

/** By tag: the tag goes, and the image with its last tag. By digest: the image goes with all its tags. */
function batchDelete(context: EcrContext, request: BatchRequest): unknown {
  const repository = repositoryNamed(context, request);
  const imageIds: ImageId[] = [];
  const failures: Failure[] = [];
  for (const id of request.imageIds) {
    const found = resolve(repository, id);
    if (failed(found)) failures.push(found);
    else if (holdingIndex(repository, found) && (!id.imageTag || tagsOf(repository, found.digest).length === 1)) {
      const holder = holdingIndex(repository, found);
      const failureReason = `Requested image referenced by manifest list: [${holder?.digest ?? ''}]`;
      failures.push({ imageId: id, failureCode: 'ImageReferencedByManifestList', failureReason });
    } else imageIds.push(...deleteOne(repository, found, id));
  }
  return { imageIds, failures };
}

function holdingIndex(repository: Repository, image: Image): Image | undefined {
  return [...repository.images.values()].find((candidate) =>
    parseManifest(candidate.manifest, candidate.mediaType)?.manifest.manifests?.some(
      ({ digest }) => digest === image.digest,
    ),
  );
}

function deleteOne(repository: Repository, image: Image, id: ImageId): ImageId[] {
  const { digest } = image;
  if (id.imageTag !== undefined) {
    repository.tags.delete(id.imageTag);
    if (tagsOf(repository, digest).length === 0) repository.images.delete(digest);
    return [{ imageDigest: digest, imageTag: id.imageTag }];
  }
  const tags = tagsOf(repository, digest);
  for (const tag of tags) repository.tags.delete(tag);
  repository.images.delete(digest);
  return tags.length === 0 ? [{ imageDigest: digest }] : tags.map((imageTag) => ({ imageDigest: digest, imageTag }));
}

function put(context: EcrContext, request: PutRequest): unknown {
  const repository = repositoryNamed(context, request);
  const { image, known } = putImage(repository, {
    scan: scannedOnPush(context.settings, repository.name),
    text: request.imageManifest,
    mediaType: request.imageManifestMediaType,
    tag: request.imageTag,
    digest: request.imageDigest,
    at: context.clock.now(),
  });
  const tag = request.imageTag;
  if (known) {
    const text = `Image with digest '${image.digest}' and tag '${tag ?? 'null'}' already exists in the repository`;
    const where = `with name '${repository.name}' in registry with id '${context.place.account}'`;
    throw new ApiError('ImageAlreadyExistsException', `${text} ${where}`);
  }
  return {
    image: {
      ...owner(context, repository),
      imageId: { imageDigest: image.digest, imageTag: tag },
      imageManifest: image.manifest,
      imageManifestMediaType: image.mediaType,
    },
  };
}

/** An address that needs no login, as the signed ones of AWS; good for an hour. */
function downloadUrl(context: EcrContext, request: Named & { layerDigest: string }): unknown {
  const { repositoryName, layerDigest } = request;
  const repository = repositoryNamed(context, request);
  if (!repository.blobs.has(layerDigest)) {
    const text = `The layer with digest '${layerDigest}' does not exist in the repository with name '${repositoryName}'`;
    throw new ApiError('LayersNotFoundException', `${text} in the registry with id '${context.place.account}'`);
  }
  const key = hexId();
  context.downloads.set(key, layerDigest);
  context.clock.after(3600_000, () => context.downloads.delete(key));
  return { downloadUrl: `http://${context.place.registryHost}/_gantry/layers/${key}`, layerDigest };
}

export function imageOperations(context: EcrContext): Record<string, Operation> {
  return {
    DescribeImages: (input: ListRequest) => describe(context, input),
    ListImages: (input: ListRequest) => list(context, input),
    BatchGetImage: (input: BatchRequest) => batchGet(context, input),
    UpdateImageStorageClass: (input: StorageRequest) => setStorageClass(context, input),
    BatchDeleteImage: (input: BatchRequest) => batchDelete(context, input),
    PutImage: (input: PutRequest) => put(context, input),
    GetDownloadUrlForLayer: (input: Named & { layerDigest: string }) => downloadUrl(context, input),
    BatchCheckLayerAvailability: (input: Named & { layerDigests: readonly string[] }) => {
      const { blobs } = repositoryNamed(context, input);
      const wrong = input.layerDigests.filter((digest) => !/^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/.test(digest));
      const layers = input.layerDigests
        .filter((digest) => !wrong.includes(digest))
        .map((layerDigest) => ({
          layerDigest,
          layerAvailability: blobs.has(layerDigest) ? 'AVAILABLE' : 'UNAVAILABLE',
          layerSize: blobs.get(layerDigest),
        }));
      const failures = wrong.map((layerDigest) => ({
        layerDigest,
        failureCode: 'InvalidLayerDigest',
        failureReason: 'Invalid request parameters: layer digest is not valid',
      }));
      return { layers, failures };
    },
  };
}
