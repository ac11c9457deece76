import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EcrContext } from '../ecrService/context';
import type { Repository } from '../ecrService/repository';

/** One request to the registry, with its repository found and its caller let in. */
export interface Exchange {
  readonly context: EcrContext;
  readonly repository: Repository;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** What follows the resource in the path: a digest, a tag or an upload's id. */
  readonly reference: string;
  /** Called before anything is acknowledged that must survive. */
  readonly beforeAnswer: () => void | Promise<void>;
}

export function answer(
  { response }: Pick<Exchange, 'response'>,
  status: number,
  headers: Readonly<Record<string, string | number>> = {},
  body?: string | Buffer,
): void {
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  response.writeHead(status, { 'content-length': length, ...headers });
  response.end(body);
}
