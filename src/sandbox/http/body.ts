import type { IncomingMessage } from 'node:http';
import { ApiError } from './apiError';

/** AWS's front end refuses larger requests. In bytes. */
const maxBody = 10 * 1024 * 1024;

/** Reads a whole request body. @throws ApiError when it is larger than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit = maxBody): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new ApiError('RequestEntityTooLargeException', 'Request body is too large.', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
