import { ApiError, invalidParameter } from '../http/apiError';
import type { EcrContext } from './context';
import type { Image, Repository } from './repository';

export interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

/** Why an id names no image, as the batch operations answer it. */
export interface Failure {
  readonly imageId: ImageId;
  readonly failureCode: string;
  readonly failureReason: string;
}

/** The image that an id names, or why there is none. */
export function resolve(repository: Repository, id: ImageId): Image | Failure {
  const { imageDigest, imageTag } = id;
  const failure = (failureCode: string, failureReason: string): Failure => ({
    imageId: id,
    failureCode,
    failureReason,
  });
  if (imageDigest === undefined && imageTag === undefined) {
    return failure('MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null');
  }
  if (imageDigest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(imageDigest)) {
    const text = "must satisfy regular expression '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'";
    return failure('InvalidImageDigest', `Invalid request parameters: image digest should satisfy the regex, ${text}`);
  }
  const digest = imageDigest ?? repository.tags.get(imageTag ?? '') ?? '';
  const image = repository.images.get(digest);
  if (!image) return failure('ImageNotFound', 'Requested image not found');
  if (imageTag !== undefined && repository.tags.get(imageTag) !== digest) {
    return failure('ImageTagDoesNotMatchDigest', 'Tag does not match digest');
  }
  return image;
}

export const failed = (found: Image | Failure): found is Failure => 'failureCode' in found;

/** The error of an operation on one image that is not there. */
export function missing(
  context: EcrContext,
  repository: Repository,
  { imageId, failureCode, failureReason }: Failure,
): Error {
  if (failureCode !== 'ImageNotFound') return invalidParameter(failureReason);
  const { imageDigest = 'null', imageTag = 'null' } = imageId;
  return new ApiError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within the ` +
      `repository with name '${repository.name}' in the registry with id '${context.place.account}'`,
  );
}
