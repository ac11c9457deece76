import { scannedOnPush } from '../ecrService/registrySettings';
import { recordPull, statusOf } from '../ecrService/images';
import { putImage } from '../ecrService/putImage';
import { parseManifest } from '../ecrService/manifest';
import { type Image, findImage, tagsOf } from '../ecrService/repository';
import { ApiError } from '../http/apiError';
import { readBody } from '../http/body';
import { type Exchange, answer } from './exchange';
import { RegistryError } from './registryError';

/** The largest manifest that ECR takes, in bytes. */
const maxManifest = 4 * 1024 * 1024;
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,299}$/;

/** GET and HEAD of a manifest by tag or digest. */
export function sendManifest(exchange: Exchange): void {
  const image = imageOf(exchange);
  const { request, response } = exchange;
  if (statusOf(exchange.context, image) !== 'ACTIVE') {
    throw new RegistryError(403, 'DENIED', 'The image is archived: activate it before it is pulled.');
  }
  if (request.method === 'GET') recordPull(exchange.context, image);
  response.writeHead(200, {
    'content-type': image.mediaType,
    'content-length': Buffer.byteLength(image.manifest),
    'docker-content-digest': image.digest,
    etag: `"${image.digest}"`,
  });
  response.end(request.method === 'HEAD' ? undefined : image.manifest);
}

/** PUT of a manifest under a tag or its digest. */
export async function takeManifest(exchange: Exchange): Promise<void> {
  const { context, repository, request, reference } = exchange;
  const bytes = await readBody(request, maxManifest);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) throw new RegistryError(400, 'MANIFEST_INVALID', 'manifest is not UTF-8');
  const byDigest = reference.includes(':');
  if (!byDigest && !tagForm.test(reference)) throw new RegistryError(400, 'TAG_INVALID', 'tag is not valid');
  const image = store(() =>
    putImage(repository, {
      scan: scannedOnPush(context.settings, repository.name),
      text,
      mediaType: request.headers['content-type'],
      ...(byDigest ? { digest: reference } : { tag: reference }),
      at: context.clock.now(),
    }),
  );
  await exchange.beforeAnswer();
  const location = `/v2/${repository.name}/manifests/${image.digest}`;
  const subject = image.subject === undefined ? {} : { 'oci-subject': image.subject };
  answer(exchange, 201, { location, 'docker-content-digest': image.digest, ...subject });
}

const codes: Readonly<Record<string, string>> = {
  ImageTagAlreadyExistsException: 'TAG_INVALID',
  ImageDigestDoesNotMatchException: 'DIGEST_INVALID',
  LayersNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
  ReferencedImagesNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
};

/** The same rules as PutImage, answered in the registry's codes. */
function store(put: () => { image: Image }): Image {
  try {
    return put().image;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new RegistryError(400, codes[error.code] ?? 'MANIFEST_INVALID', error.message);
  }
}

/** DELETE of a tag, or of an image by digest. */
export async function deleteManifest(exchange: Exchange): Promise<void> {
  const { repository, reference } = exchange;
  const image = imageOf(exchange);
  const tags = reference.includes(':') ? tagsOf(repository, image.digest) : [reference];
  for (const tag of tags) repository.tags.delete(tag);
  if (tagsOf(repository, image.digest).length === 0) repository.images.delete(image.digest);
  await exchange.beforeAnswer();
  answer(exchange, 202);
}

/** GET …/tags/list, in pages of `n` with a Link to the next. */
export function listTags(exchange: Exchange): void {
  const { repository, query } = exchange;
  const last = query.get('last') ?? '';
  const all = [...repository.tags.keys()].filter((tag) => tag > last).sort();
  const wanted = query.get('n');
  const size = wanted !== null && /^\d+$/.test(wanted) ? Number(wanted) : all.length;
  const tags = all.slice(0, size);
  const more = tags.length < all.length && tags.length > 0;
  const next = `/v2/${repository.name}/tags/list?n=${size}&last=${encodeURIComponent(tags.at(-1) ?? '')}`;
  const body = JSON.stringify({ name: repository.name, tags });
  answer(
    exchange,
    200,
    { 'content-type': 'application/json', ...(more ? { link: `<${next}>; rel="next"` } : {}) },
    body,
  );
}

/** GET …/referrers/DIGEST: the manifests that name this one as their subject, as an index. */
export function listReferrers(exchange: Exchange): void {
  const { repository, reference, query } = exchange;
  const wanted = query.get('artifactType');
  const manifests = [...repository.images.values()]
    .filter(({ subject, artifactMediaType }) => subject === reference && (!wanted || wanted === artifactMediaType))
    .map((image) => ({
      mediaType: image.mediaType,
      digest: image.digest,
      size: Buffer.byteLength(image.manifest),
      artifactType: image.artifactMediaType,
      annotations: parseManifest(image.manifest)?.manifest.annotations,
    }));
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const filtered = wanted === null ? {} : { 'oci-filters-applied': 'artifactType' };
  answer(
    exchange,
    200,
    { 'content-type': mediaType, ...filtered },
    JSON.stringify({ schemaVersion: 2, mediaType, manifests }),
  );
}

function imageOf({ repository, reference }: Exchange): Image {
  const image = findImage(repository, reference);
  if (!image) throw new RegistryError(404, 'MANIFEST_UNKNOWN', 'Requested image not found');
  return image;
}
