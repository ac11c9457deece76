import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { chooseTarget } from './stickiness';
import { actionsFor } from './ruleMatch';
import type { ElbState, Json, Listener, Target } from './types';

/** Makes an HTTP server that of a listener of an Application Load Balancer. */
export function balanceHttp(server: http.Server | https.Server, state: ElbState, listener: Listener): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const action = actionsFor(listener, request).at(-1) ?? {};
    if (action['Type'] === 'fixed-response') return fixed(action, response);
    if (action['Type'] === 'redirect') return redirect(action, request, response, listener);
    const { target, group, cookies } = chooseTarget(state, action, request.headers.cookie, Date.now());
    if (!target) return refuse(response, 503, 'Service Temporarily Unavailable');
    if (cookies.length > 0) response.setHeader('set-cookie', cookies);
    forward({ target, secure: group?.protocol === 'HTTPS' }, request, response, listener);
  });
  server.on('upgrade', (request: IncomingMessage, socket: net.Socket, head: Buffer) => {
    const action = actionsFor(listener, request).at(-1) ?? {};
    const { target, group } = chooseTarget(state, action, request.headers.cookie, Date.now());
    if (target?.backend.kind !== 'port') return void socket.destroy();
    upgrade(target.backend.port, group?.protocol === 'HTTPS', request, socket, head);
  });
}

/** A target, and whether it is spoken to by TLS. Load balancers do not look at the certificates of targets. */
interface Behind {
  readonly target: Target;
  readonly secure: boolean;
}

function forward(
  { target, secure }: Behind,
  request: IncomingMessage,
  response: ServerResponse,
  listener: Listener,
): void {
  const { backend } = target;
  if (backend.kind === 'scripted') return simulated(backend.task, response);
  if (backend.kind === 'elsewhere') return refuse(response, 504, 'Gateway Time-out');
  const { method, url: path } = request;
  const headers = {
    ...request.headers,
    'x-forwarded-for': [request.headers['x-forwarded-for'], '127.0.0.1'].filter(Boolean).join(', '),
    'x-forwarded-proto': listener.protocol.toLowerCase(),
    'x-forwarded-port': String(listener.port),
  };
  const options = { host: '127.0.0.1', port: backend.port, method, path, headers, agent: false as const };
  const behind = secure ? https.request({ ...options, rejectUnauthorized: false }) : http.request(options);
  behind.once('response', (answer) => {
    const cookies = [response.getHeader('set-cookie') ?? [], answer.headers['set-cookie'] ?? []].flat().map(String);
    const sticky = cookies.length > 0 ? { 'set-cookie': cookies } : {};
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...sticky });
    answer.pipe(response);
    answer.once('error', () => response.destroy());
  });
  behind.once('error', () => {
    if (response.headersSent) response.destroy();
    else refuse(response, 502, 'Bad Gateway');
  });
  response.once('close', () => behind.destroy());
  request.pipe(behind);
}

/** A WebSocket or another protocol on the same connection: from here on bytes are only passed on. */
function upgrade(port: number, secure: boolean, request: IncomingMessage, socket: net.Socket, head: Buffer): void {
  const connected = (): void => {
    const lines: string[] = [];
    for (let index = 0; index < request.rawHeaders.length; index += 2) {
      lines.push(`${request.rawHeaders[index] ?? ''}: ${request.rawHeaders[index + 1] ?? ''}`);
    }
    behind.write(`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    behind.write(head);
    socket.pipe(behind).pipe(socket);
  };
  const place = { host: '127.0.0.1', port };
  const behind = secure
    ? tls.connect({ ...place, rejectUnauthorized: false }, connected)
    : net.connect(place, connected);
  socket.on('error', () => behind.destroy());
  behind.on('error', () => socket.destroy());
}

/** Nothing runs behind this port, and the answer says so. */
function simulated(task: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'x-gantry-sandbox': 'simulated' });
  response.end(`This is the sandbox's load balancer. Task ${task} is simulated: no container answers.\n`);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html', server: 'awselb/2.0' });
  const title = `${status} ${text}`;
  response.end(`<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>`);
}

function fixed(action: Json, response: ServerResponse): void {
  const config = action['FixedResponseConfig'] as { StatusCode: string; MessageBody?: string; ContentType?: string };
  response.writeHead(Number(config.StatusCode), { 'content-type': config.ContentType ?? 'text/plain' });
  response.end(config.MessageBody ?? '');
}

function redirect(action: Json, request: IncomingMessage, response: ServerResponse, listener: Listener): void {
  const config = action['RedirectConfig'] as Record<string, string>;
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
  const known: Readonly<Record<string, string>> = {
    '#{protocol}': listener.protocol.toLowerCase(),
    '#{host}': url.hostname,
    '#{port}': String(listener.port),
    '#{path}': url.pathname.slice(1),
    '#{query}': url.search.slice(1),
  };
  const fill = (text: string): string => text.replace(/#\{\w+\}/g, (name) => known[name] ?? name);
  const protocol = fill(config['Protocol'] ?? '#{protocol}').toLowerCase();
  const query = fill(config['Query'] ?? '#{query}');
  const place = `${fill(config['Host'] ?? '#{host}')}:${fill(config['Port'] ?? '#{port}')}`;
  const location = `${protocol}://${place}${fill(config['Path'] ?? '/#{path}')}${query === '' ? '' : `?${query}`}`;
  response.writeHead(config['StatusCode'] === 'HTTP_301' ? 301 : 302, { location });
  response.end();
}
