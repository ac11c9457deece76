import { ApiError } from '../http/apiError';
import { imageRecord, isIndex, missingBlobs, missingImages, parseManifest, sha256 } from './manifest';
import { type Image, type Repository, mayOverwrite } from './repository';

/** A manifest on its way into a repository, through PutImage or `docker push`. */
export interface ImageToPut {
  /** The registry's own rules scan it. */
  readonly scan?: boolean;
  readonly text: string;
  readonly mediaType?: string | undefined;
  readonly tag?: string | undefined;
  /** The digest that the caller expects. */
  readonly digest?: string | undefined;
  readonly at: number;
}

export function immutableText(tag: string, repository: string): string {
  const which = `The image tag '${tag}' already exists in the '${repository}' repository`;
  return `${which} and cannot be overwritten because the repository is immutable.`;
}

/**
 * Stores a manifest and moves its tag.
 * @throws ApiError with PutImage's codes; `known` tells whether the very same image and tag were there before.
 */
export function putImage(repository: Repository, put: ImageToPut): { image: Image; known: boolean } {
  const parsed = parseManifest(put.text, put.mediaType);
  if (!parsed) throw new ApiError('InvalidParameterException', "Invalid parameter at 'ImageManifest'");
  const digest = sha256(put.text);
  if (put.digest !== undefined && put.digest !== digest) {
    const text = `Provided digest '${put.digest}' does not match the calculated digest '${digest}'.`;
    throw new ApiError('ImageDigestDoesNotMatchException', text);
  }
  const blobs = missingBlobs(repository, parsed.manifest);
  if (blobs.length > 0) {
    throw new ApiError('LayersNotFoundException', `The following layers do not exist: [${blobs.join(', ')}]`);
  }
  const images = missingImages(repository, parsed.manifest);
  if (images.length > 0) {
    throw new ApiError(
      'ReferencedImagesNotFoundException',
      `Images with digests '${images.join(', ')}' required for pushing image into repository with name ` +
        `'${repository.name}' do not exist`,
    );
  }
  const { tag } = put;
  // AWS refuses an immutable tag even when it already names this very image.
  if (tag !== undefined && repository.tags.has(tag) && !mayOverwrite(repository, tag)) {
    throw new ApiError('ImageTagAlreadyExistsException', immutableText(tag, repository.name));
  }
  const before = repository.images.get(digest);
  const known = before !== undefined && (tag === undefined || repository.tags.get(tag) === digest);
  const image = before ?? imageRecord(repository, put.text, parsed, put.at);
  repository.images.set(digest, image);
  if ((repository.scanOnPush || put.scan) && !isIndex(image)) image.scannedAt ??= put.at;
  if (tag !== undefined) repository.tags.set(tag, digest);
  return { image, known };
}
