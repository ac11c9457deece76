import { type Exchange, answer } from './exchange';
import { RegistryError } from './registryError';
import type { Upload } from './blobStore';

const digestForm = /^sha256:[0-9a-f]{64}$/;

/** POST …/blobs/uploads/: mounts a blob, takes it in one request, or opens an upload. */
export async function startUpload(exchange: Exchange): Promise<void> {
  const { context, repository, query } = exchange;
  const mount = query.get('mount');
  const source = context.repositories.get(query.get('from') ?? '');
  const size = mount === null ? undefined : (source?.blobs.get(mount) ?? repository.blobs.get(mount));
  if (mount !== null && size !== undefined) {
    repository.blobs.set(mount, size);
    await exchange.beforeAnswer();
    return blobCreated(exchange, mount);
  }
  const upload = context.blobs.begin(repository.name);
  const digest = query.get('digest');
  if (digest !== null) return finish(exchange, upload, digest);
  accepted(exchange, upload, 202);
}

/** PATCH: appends one chunk. Chunks must follow each other without a gap. */
export async function appendToUpload(exchange: Exchange): Promise<void> {
  const upload = openUpload(exchange);
  checkRange(exchange, upload);
  await exchange.context.blobs.append(upload, exchange.request);
  accepted(exchange, upload, 202);
}

/** PUT: takes the last bytes, if any, and checks the digest. */
export async function finishUpload(exchange: Exchange): Promise<void> {
  const upload = openUpload(exchange);
  checkRange(exchange, upload);
  await finish(exchange, upload, exchange.query.get('digest') ?? '');
}

/** GET: how far the upload is. */
export function uploadStatus(exchange: Exchange): void {
  accepted(exchange, openUpload(exchange), 204);
}

export async function cancelUpload(exchange: Exchange): Promise<void> {
  await exchange.context.blobs.cancel(openUpload(exchange));
  answer(exchange, 204);
}

function openUpload({ context, repository, reference }: Exchange): Upload {
  const upload = context.blobs.upload(reference, repository.name);
  if (!upload) throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
  if (upload.busy) throw new RegistryError(409, 'BLOB_UPLOAD_INVALID', 'another request writes to this upload');
  return upload;
}

function checkRange({ request }: Exchange, upload: Upload): void {
  const start = /^(?:bytes[ =])?(\d+)-\d+/.exec(request.headers['content-range'] ?? '')?.[1];
  if (start === undefined || Number(start) === upload.size) return;
  const headers = { range: `0-${Math.max(0, upload.size - 1)}` };
  throw new RegistryError(416, 'BLOB_UPLOAD_INVALID', 'chunk out of order', headers);
}

async function finish(exchange: Exchange, upload: Upload, digest: string): Promise<void> {
  const { context, repository, request } = exchange;
  if (!digestForm.test(digest)) {
    await context.blobs.cancel(upload);
    throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest is not a sha256 digest');
  }
  await context.blobs.append(upload, request);
  if (!(await context.blobs.finish(upload, digest))) {
    throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
  }
  repository.blobs.set(digest, upload.size);
  await exchange.beforeAnswer();
  blobCreated(exchange, digest);
}

function blobCreated(exchange: Exchange, digest: string): void {
  const location = `/v2/${exchange.repository.name}/blobs/${digest}`;
  answer(exchange, 201, { location, 'docker-content-digest': digest });
}

function accepted(exchange: Exchange, upload: Upload, status: number): void {
  answer(exchange, status, {
    location: `/v2/${exchange.repository.name}/blobs/uploads/${upload.id}`,
    range: `0-${Math.max(0, upload.size - 1)}`,
    'docker-upload-uuid': upload.id,
  });
}
