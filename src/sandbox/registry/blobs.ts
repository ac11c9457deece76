import { pipeline } from 'node:stream/promises';
import { type Exchange, answer } from './exchange';
import { RegistryError } from './registryError';

/** GET and HEAD of a blob, whole or a range of it. */
export async function sendBlob(exchange: Exchange): Promise<void> {
  const { context, repository, request, response, reference } = exchange;
  const size = repository.blobs.get(reference);
  if (size === undefined) throw new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry');
  const headers = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': reference,
    'accept-ranges': 'bytes',
  };
  if (request.method === 'HEAD') {
    response.writeHead(200, { ...headers, 'content-length': size });
    return void response.end();
  }
  const range = wantedRange(request.headers.range, size);
  if (range === 'unsatisfiable') return answer(exchange, 416, { 'content-range': `bytes */${size}` });
  const length = range ? range.end - range.start + 1 : size;
  const partial = range ? { 'content-range': `bytes ${range.start}-${range.end}/${size}` } : {};
  response.writeHead(range ? 206 : 200, { ...headers, ...partial, 'content-length': length });
  await pipeline(context.blobs.read(reference, range), response);
}

function wantedRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined) return undefined;
  const start = Number(first);
  const end = Math.min(size - 1, last ? Number(last) : size - 1);
  return start <= end ? { start, end } : 'unsatisfiable';
}

/** DELETE of a blob. ECR refuses it; layers go with the images that use them. */
export function refuseBlobDelete(): never {
  throw new RegistryError(405, 'UNSUPPORTED', 'The operation is unsupported.');
}
