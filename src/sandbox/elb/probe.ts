import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Target, TargetGroup } from './types';

/** How one health check went. */
export type ProbeResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failed' };

/** One health check of a target. `timeout` in milliseconds. Simulated targets answer at once. */
export function probe(group: TargetGroup, target: Target, timeout: number, done: (result: ProbeResult) => void): void {
  const { backend } = target;
  if (backend.kind === 'elsewhere') return done({ kind: 'timeout' });
  if (backend.kind === 'scripted') {
    return done(backend.code === 'timeout' ? { kind: 'timeout' } : judge(group, backend.code));
  }
  let open = true;
  const once = (result: ProbeResult): void => {
    if (!open) return;
    open = false;
    done(result);
  };
  const port = checkedPort(group, target, backend);
  // A port that the task does not publish cannot be reached from here.
  if (port === undefined) return done({ kind: 'failed' });
  if (['HTTP', 'HTTPS'].includes(group.health.protocol)) probeHttp(group, port, timeout, once);
  else probeTcp(port, timeout, once);
}

/** Where the target group wants its targets to be checked: `traffic-port`, or a port of its own. */
function checkedPort(
  { health }: TargetGroup,
  target: Target,
  { port, others }: Extract<Target['backend'], { kind: 'port' }>,
): number | undefined {
  const wanted = Number(health.port);
  if (health.port === 'traffic-port' || wanted === target.port) return port;
  return target.task === undefined ? wanted : others?.get(wanted);
}

function judge({ health }: TargetGroup, code: number): ProbeResult {
  return matches(health.matcher ?? '200', code) ? { kind: 'passed' } : { kind: 'code', code };
}

/** `200`, `200,202` or `200-299`. */
export function matches(matcher: string, code: number): boolean {
  return matcher.split(',').some((part) => {
    const [low = '', high = low] = part.trim().split('-');
    return code >= Number(low) && code <= Number(high);
  });
}

function probeHttp(group: TargetGroup, port: number, timeout: number, done: (result: ProbeResult) => void): void {
  const options = {
    host: '127.0.0.1',
    port,
    path: group.health.path ?? '/',
    headers: { 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' },
    rejectUnauthorized: false,
    agent: false as const,
  };
  const request = group.health.protocol === 'HTTPS' ? https.request(options) : http.request(options);
  // The whole exchange has to fit, not only each of its pauses.
  const timer = setTimeout(() => {
    done({ kind: 'timeout' });
    request.destroy();
  }, timeout);
  request.once('response', (response) => {
    clearTimeout(timer);
    response.resume();
    done(judge(group, response.statusCode ?? 0));
  });
  request.once('error', () => {
    clearTimeout(timer);
    done({ kind: 'failed' });
  });
  request.end();
}

function probeTcp(port: number, timeout: number, done: (result: ProbeResult) => void): void {
  const socket = net.connect(port, '127.0.0.1');
  socket.setTimeout(timeout, () => {
    done({ kind: 'timeout' });
    socket.destroy();
  });
  socket.once('connect', () => {
    done({ kind: 'passed' });
    socket.destroy();
  });
  socket.once('error', () => done({ kind: 'failed' }));
}
