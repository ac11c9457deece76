import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { ApiError } from './apiError';

export interface Routes {
  readonly api: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly registry: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly control: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** WebSockets. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly log: (line: string) => void;
}

/** Listens on loopback only. @returns the server and the port that it got. */
export async function listen(port: number, routes: Routes): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const handler = path.startsWith('/v2')
      ? routes.registry
      : path.startsWith('/_gantry/')
        ? routes.control
        : routes.api;
    handler(request, response).catch((error: unknown) => fail(error, response, routes.log));
  });
  server.on('upgrade', routes.upgrade);
  // Large layers over slow links are not to be cut off.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function fail(error: unknown, response: ServerResponse, log: (line: string) => void): void {
  log(`request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  if (response.headersSent || response.destroyed) return void response.destroy();
  const status = error instanceof ApiError ? error.status : 500;
  const body = JSON.stringify({ __type: error instanceof ApiError ? error.code : 'InternalFailure' });
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' });
  response.end(body);
}
