import type { IncomingMessage, ServerResponse } from 'node:http';
import { createOnPush } from '../ecrService/creationTemplates';
import { type EcrContext, repositoryMissingText } from '../ecrService/context';
import { ApiError } from '../http/apiError';
import type { Faults } from '../http/faults';
import { refuseBlobDelete, sendBlob } from './blobs';
import { type Exchange, answer } from './exchange';
import { deleteManifest, listReferrers, listTags, sendManifest, takeManifest } from './manifests';
import { RegistryError } from './registryError';
import { appendToUpload, cancelUpload, finishUpload, startUpload, uploadStatus } from './uploads';

type Handler = (exchange: Exchange) => void | Promise<void>;

/** Method and resource → what happens. The names are those that a fault can match with service `registry`. */
const routes: Readonly<Record<string, readonly [name: string, handler: Handler]>> = {
  'GET blob': ['GetBlob', sendBlob],
  'HEAD blob': ['HeadBlob', sendBlob],
  'DELETE blob': ['DeleteBlob', refuseBlobDelete],
  'POST upload': ['StartUpload', startUpload],
  'GET upload': ['UploadStatus', uploadStatus],
  'PATCH upload': ['UploadChunk', appendToUpload],
  'PUT upload': ['FinishUpload', finishUpload],
  'DELETE upload': ['CancelUpload', cancelUpload],
  'GET manifest': ['GetManifest', sendManifest],
  'HEAD manifest': ['HeadManifest', sendManifest],
  'PUT manifest': ['PutManifest', takeManifest],
  'DELETE manifest': ['DeleteManifest', deleteManifest],
  'GET tags': ['ListTags', listTags],
  'GET referrers': ['ListReferrers', listReferrers],
};

const paths: readonly (readonly [resource: string, form: RegExp])[] = [
  ['upload', /^\/v2\/(.+)\/blobs\/uploads\/([^/]*)$/],
  ['blob', /^\/v2\/(.+)\/blobs\/([^/]+)$/],
  ['manifest', /^\/v2\/(.+)\/manifests\/([^/]+)$/],
  ['tags', /^\/v2\/(.+)\/tags\/(list)$/],
  ['referrers', /^\/v2\/(.+)\/referrers\/([^/]+)$/],
];

export interface RegistryParts {
  readonly context: EcrContext;
  readonly faults: Faults;
  readonly log: (line: string) => void;
  readonly beforeAnswer: () => void | Promise<void>;
}

/** Docker Registry HTTP API v2 under `/v2/`, with ECR's rules and ECR's words. */
export async function handleRegistry(
  parts: RegistryParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('docker-distribution-api-version', 'registry/2.0');
  try {
    await route(parts, request, response);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    if (!(error instanceof RegistryError) && !(error instanceof ApiError)) {
      parts.log(`registry ${request.method ?? ''} ${request.url ?? ''}: ${String(error)}`);
    }
    const { status, code, headers } = asRegistryError(error);
    const message = error instanceof Error ? error.message : String(error);
    const body = JSON.stringify({ errors: [{ code, message }] });
    // What is left of the body would be read as the next request on this connection.
    if (!request.complete) response.setHeader('connection', 'close');
    answer({ response }, status, { 'content-type': 'application/json', ...headers }, body);
  }
}

function asRegistryError(error: unknown): Pick<RegistryError, 'status' | 'code' | 'headers'> {
  if (error instanceof RegistryError) return error;
  if (error instanceof ApiError) return { status: error.status, code: 'SIZE_INVALID', headers: {} };
  return { status: 500, code: 'UNKNOWN', headers: {} };
}

async function route(parts: RegistryParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { context } = parts;
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const [resource, form] = paths.find(([, candidate]) => candidate.test(url.pathname)) ?? [];
  const [name, handler] = routes[`${request.method ?? ''} ${resource ?? ''}`] ?? ['Ping', undefined];
  if (await broken(parts, name, response)) return;
  admit(context, request);
  if (url.pathname === '/v2/' || url.pathname === '/v2') {
    return answer({ response }, 200, { 'content-type': 'application/json' }, '{}');
  }
  if (!form) throw new RegistryError(404, 'UNSUPPORTED', 'The operation is unsupported.');
  if (!handler) throw new RegistryError(405, 'UNSUPPORTED', 'The operation is unsupported.');
  const [, repositoryName = '', reference = ''] = form.exec(url.pathname) ?? [];
  const pushes = request.method === 'POST';
  const repository =
    context.repositories.get(repositoryName) ?? (pushes ? createOnPush(context, repositoryName) : undefined);
  if (!repository) {
    throw new RegistryError(404, 'NAME_UNKNOWN', repositoryMissingText(repositoryName, context.place.account));
  }
  const { beforeAnswer } = parts;
  const decoded = decodeReference(reference);
  await handler({ context, repository, request, response, query: url.searchParams, reference: decoded, beforeAnswer });
}

function decodeReference(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    throw new RegistryError(400, 'NAME_INVALID', 'invalid reference');
  }
}

function admit(context: EcrContext, request: IncomingMessage): void {
  const verdict = context.tokens.check(request.headers.authorization);
  if (verdict === 'valid') return;
  if (verdict === 'expired') {
    throw new RegistryError(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');
  }
  const realm = `Basic realm="http://${context.place.registryHost}/",service="ecr.amazonaws.com"`;
  throw new RegistryError(401, 'UNAUTHORIZED', 'authentication required', { 'www-authenticate': realm });
}

/** Carries out an injected fault. @returns true when the request has been dealt with. */
async function broken({ faults, context }: RegistryParts, name: string, response: ServerResponse): Promise<boolean> {
  const fault = faults.take('registry', name);
  switch (fault?.kind) {
    case undefined:
      return false;
    case 'delay':
      await new Promise<void>((resolve) => context.clock.after(fault.ms ?? 1000, resolve));
      return false;
    case 'error':
      throw new RegistryError(fault.status ?? 500, fault.code ?? 'UNKNOWN', fault.message ?? 'Injected fault.');
    case 'html':
      answer({ response }, fault.status ?? 502, { 'content-type': 'text/html' }, '<html>502 Bad Gateway</html>');
      return true;
    case 'hang':
      return true;
    default:
      response.socket?.destroy();
      return true;
  }
}
