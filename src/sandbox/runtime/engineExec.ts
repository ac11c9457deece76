import { spawn } from 'node:child_process';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import net, { type Socket } from 'node:net';
import { engineMessage, parseInspect } from './engineState';
import type { EngineCli } from './engineCli';
import type { Exec, ExecHandlers, ExecRequest, Inside } from './exec';

/** In the environment of a command, so that its processes are found again when the session is ended. */
const sessionVariable = 'GANTRY_SESSION';
const terminal = 'TERM=xterm-256color';

/** Commands in containers of docker and podman, and connections to their ports. */
export class EngineInside implements Inside {
  readonly #cli: EngineCli;

  constructor(cli: EngineCli) {
    this.#cli = cli;
  }

  /** By the engine's API, which gives a terminal without having one; podman's command line can do that itself. */
  exec(request: ExecRequest, handlers: ExecHandlers): Exec {
    const api = this.#cli.isPodman ? undefined : apiAddress(this.#cli.host);
    return api ? new ApiExec(this.#cli, api, request, handlers) : cliExec(this.#cli, request, handlers);
  }

  async dial(container: string, port: number): Promise<Socket> {
    const inspected = parseInspect((await this.#cli.run(['inspect', container])).stdout);
    const published = inspected?.NetworkSettings?.Ports?.[`${port}/tcp`]?.[0]?.HostPort;
    if (published !== undefined) return connected(Number(published), '127.0.0.1');
    // What is not published is reached by the container's own address, where the engine runs on this machine.
    const [network] = Object.values(inspected?.NetworkSettings?.Networks ?? {});
    const address = network?.IPAddress ?? '';
    if (address === '') throw new Error(`port ${port} of the container cannot be reached`);
    return connected(port, address);
  }
}

function connected(port: number, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, host);
    socket.setTimeout(5000, () => socket.destroy(new Error(`${host}:${port} does not answer`)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Where the engine's API listens; undefined when it needs a certificate. */
export function apiAddress(host: string | undefined): RequestOptions | undefined {
  if (host === undefined || host === '') {
    return { socketPath: process.platform === 'win32' ? '//./pipe/docker_engine' : '/var/run/docker.sock' };
  }
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) };
  if (host.startsWith('npipe://')) return { socketPath: host.slice('npipe://'.length) };
  const [, name, port] = /^tcp:\/\/([^:/]+):(\d+)\/?$/.exec(host) ?? [];
  const plain = name !== undefined && !process.env['DOCKER_TLS_VERIFY'];
  return plain ? { host: name, port: Number(port) } : undefined;
}

/** `exec` of the Docker Engine API: a connection that carries the terminal's bytes both ways. */
class ApiExec implements Exec {
  readonly #cli: EngineCli;
  readonly #api: RequestOptions;
  readonly #request: ExecRequest;
  readonly #handlers: ExecHandlers;
  readonly #waiting: Buffer[] = [];
  #id = '';
  #socket: Socket | undefined;
  #size: readonly [columns: number, rows: number] | undefined;
  #paused = false;
  #ended = false;

  constructor(cli: EngineCli, api: RequestOptions, request: ExecRequest, handlers: ExecHandlers) {
    this.#cli = cli;
    this.#api = api;
    this.#request = request;
    this.#handlers = handlers;
    this.#start().catch((error: unknown) => this.#end(error instanceof Error ? error.message : String(error)));
  }

  write(data: Buffer): void {
    if (this.#socket) this.#socket.write(data);
    else this.#waiting.push(data);
  }

  resize(columns: number, rows: number): void {
    this.#size = [columns, rows];
    if (this.#socket) this.#applySize();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (paused) this.#socket?.pause();
    else this.#socket?.resume();
  }

  kill(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket?.destroy();
    killSession(this.#cli, this.#request);
  }

  async #start(): Promise<void> {
    const { container, command, session } = this.#request;
    const attach = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true };
    // The agent of ECS runs as root, and so does what it starts.
    const created = await this.#post(`/containers/${encodeURIComponent(container)}/exec`, {
      ...{ ...attach, User: '0', Cmd: command, Env: [`${sessionVariable}=${session}`, terminal] },
    });
    const { Id: id, message } = JSON.parse(created) as { Id?: string; message?: string };
    if (id === undefined) throw new Error(message ?? 'the engine does not run the command');
    this.#id = id;
    if (this.#ended) return;
    const socket = await this.#upgrade(`/exec/${id}/start`, { Detach: false, Tty: true });
    if (this.#ended) return void socket.destroy();
    this.#socket = socket;
    socket.on('data', (data: Buffer) => this.#handlers.output(data));
    socket.once('error', () => this.#end());
    socket.once('close', () => this.#end());
    socket.once('end', () => socket.end());
    if (this.#size) this.#applySize();
    for (const data of this.#waiting) socket.write(data);
    if (this.#paused) socket.pause();
  }

  #end(problem?: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handlers.ended(problem);
  }

  #applySize(): void {
    const [columns = 80, rows = 24] = this.#size ?? [];
    this.#post(`/exec/${this.#id}/resize?h=${rows}&w=${columns}`, undefined).catch(() => undefined);
  }

  #options(path: string, body: string, headers: Record<string, string>): RequestOptions {
    const all = { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return { ...this.#api, method: 'POST', path, headers: all, agent: false };
  }

  #post(path: string, body: unknown): Promise<string> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const request = http.request(this.#options(path, text, {}), (response) => resolve(textOf(response)));
      request.setTimeout(15_000, () => request.destroy(new Error('the engine does not answer')));
      request.once('error', reject);
      request.end(text);
    });
  }

  #upgrade(path: string, body: unknown): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const request = http.request(this.#options(path, text, { connection: 'Upgrade', upgrade: 'tcp' }));
      request.once('upgrade', (_response: IncomingMessage, socket: Socket, head: Buffer) => {
        resolve(socket);
        if (head.length > 0) socket.unshift(head);
      });
      request.once('response', (response: IncomingMessage) => {
        void textOf(response).then((answer) => reject(new Error(messageOf(answer))));
      });
      request.once('error', reject);
      request.end(text);
    });
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

function messageOf(answer: string): string {
  try {
    return (JSON.parse(answer) as { message?: string }).message ?? answer;
  } catch {
    return answer;
  }
}

/** Without the API: the size of the terminal stays what the engine makes it. */
function cliExec(cli: EngineCli, request: ExecRequest, handlers: ExecHandlers): Exec {
  const { container, command, session } = request;
  const variables = ['--env', `${sessionVariable}=${session}`, '--env', terminal];
  const tty = cli.isPodman ? ['--tty'] : [];
  const args = ['exec', '--interactive', ...tty, '--user', '0', ...variables, container, ...command];
  const child = spawn(cli.command, args, { env: cli.env, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  let ended = false;
  const end = (problem?: string): void => {
    if (ended) return;
    ended = true;
    handlers.ended(problem);
  };
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', handlers.output);
  child.stderr.on('data', (data: Buffer) => {
    errors = (errors + data.toString('utf8')).slice(-4000);
    handlers.output(data);
  });
  child.once('error', (error) => end(error.message));
  // 126 and 127 are the engine's own words about a command that cannot be run.
  child.once('close', (code) => end(code === 126 || code === 127 ? engineMessage(errors) : undefined));
  return {
    write: (data) => void child.stdin.write(data),
    resize: () => undefined,
    pause: (paused) => void (paused ? child.stdout.pause() : child.stdout.resume()),
    kill: () => {
      ended = true;
      child.kill();
      killSession(cli, request);
    },
  };
}

/** The engine leaves a command running when its client goes. Best effort: the container may have no shell. */
function killSession(cli: EngineCli, { container, session }: ExecRequest): void {
  const script =
    `for signal in HUP KILL; do for file in /proc/[0-9]*/environ; do ` +
    `if tr '\\0' '\\n' < "$file" 2>/dev/null | grep -qx '${sessionVariable}=${session}'; then ` +
    `id=\${file#/proc/}; kill -$signal "\${id%/environ}" 2>/dev/null; fi; done; sleep 1; done`;
  void cli
    .run(['exec', '--user', '0', container, 'sh', '-c', script], AbortSignal.timeout(15_000))
    .catch(() => undefined);
}
