import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import spawn from 'cross-spawn';
import { canInstallPackages, installPackages } from './apt';
import { onEnd } from './cleanup';
import { run } from './command';
import { Missing } from './missing';
import { allOnPath, onPath } from './onPath';
import { cacheDir } from './paths';
import { endTree } from './processTree';
import { say } from './say';

export interface Engine {
  /** Absolute path of the client. */
  readonly docker: string;
  readonly version: string;
  /** What a process needs in its environment to reach the same engine. */
  readonly env: Readonly<Record<string, string>>;
}

async function answering(host?: string): Promise<Engine | undefined> {
  for (const docker of allOnPath('docker')) {
    const env: Record<string, string> = host === undefined ? {} : { DOCKER_HOST: host };
    const asked = await run(docker, ['version', '--format', '{{.Server.Version}}'], {
      env: { ...process.env, ...env },
      timeoutMs: 10_000,
    });
    if (asked.code !== 0) continue;
    // The product looks for `docker` on PATH: the one that answers has to be the first there.
    if (docker !== onPath('docker')) env['PATH'] = path.dirname(docker) + path.delimiter + (process.env['PATH'] ?? '');
    return { docker, version: asked.stdout.trim(), env };
  }
  return undefined;
}

async function answeringWithin(
  ms: number,
  host: string | undefined,
  ended: () => boolean,
): Promise<Engine | undefined> {
  for (const end = Date.now() + ms; Date.now() < end && !ended();) {
    const engine = await answering(host);
    if (engine !== undefined) return engine;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return undefined;
}

/** Two daemons must not share their data: the second one at a time gets a folder of its own, which is then forgotten. */
function daemonHome(): string {
  const shared = path.join(cacheDir, 'engine');
  const owner = path.join(shared, 'owner');
  mkdirSync(shared, { recursive: true });
  if (existsSync(owner) && isRunning(Number(readFileSync(owner, 'utf8')))) {
    const own = path.join(cacheDir, `engine-${process.pid}`);
    onEnd(() => rmSync(own, { recursive: true, force: true }));
    return own;
  }
  writeFileSync(owner, String(process.pid));
  onEnd(() => rmSync(owner, { force: true }));
  return shared;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}

/**
 * A daemon of our own, with all of its state in the cache folder and its sockets in a private one: a socket's path
 * has to be short. It ends with this process.
 */
async function startDaemon(dockerd: string, extra: readonly string[]): Promise<Engine | undefined> {
  const home = daemonHome();
  const runtime = mkdtempSync(path.join(os.tmpdir(), 'gantry-engine-'));
  mkdirSync(home, { recursive: true });
  const config = path.join(runtime, 'daemon.json');
  writeFileSync(config, '{}'); // or it would read the system's
  const host = `unix://${path.join(runtime, 'docker.sock')}`;
  const log = openSync(path.join(home, 'dockerd.log'), 'w');
  const places = ['--data-root', path.join(home, 'data'), '--exec-root', path.join(runtime, 'exec')];
  const args = ['--host', host, '--config-file', config, ...places, '--pidfile', path.join(runtime, 'pid'), ...extra];
  // A process group of its own: Ctrl+C must reach the containers' owner before it reaches the engine.
  const child = spawn(dockerd, args, { stdio: ['ignore', log, log], detached: true });
  let over = false;
  child.once('exit', () => (over = true)).once('error', () => (over = true));
  const stop = onEnd(async () => {
    if (child.pid !== undefined && !over) await endTree(child.pid, 20_000);
    rmSync(runtime, { recursive: true, force: true });
  });
  const engine = await answeringWithin(40_000, host, () => over);
  if (engine === undefined) await stop();
  return engine;
}

async function startAny(): Promise<Engine | undefined> {
  if (existsSync('/run/systemd/system')) {
    await run('systemctl', ['start', 'docker'], { timeoutMs: 60_000 });
    const engine = await answering();
    if (engine !== undefined) return engine;
  }
  const dockerd = onPath('dockerd');
  if (dockerd === undefined || process.getuid?.() !== 0) return undefined;
  say('Starting a container engine of our own; it ends when this does.');
  // Some kernels have no packet filter. Ports published on the loopback address work without one.
  return (await startDaemon(dockerd, [])) ?? (await startDaemon(dockerd, ['--iptables=false']));
}

/**
 * A container engine that answers: the one that is there, else one that is installed and started now.
 * @throws Missing when there is none and none can be had.
 */
export async function ensureEngine(): Promise<Engine> {
  const present = await answering();
  if (present !== undefined) return present;
  if (canInstallPackages() && (onPath('dockerd') === undefined || onPath('docker') === undefined)) {
    say('No container engine answers on this machine.');
    await installPackages(['docker.io', 'iptables'], 'Installing one');
    // Where an init system runs, installing the package has started it.
    const installed = await answeringWithin(3_000, undefined, () => false);
    if (installed !== undefined) return installed;
  }
  const started = await startAny();
  if (started !== undefined) return started;
  throw new Missing(
    onPath('docker') === undefined
      ? 'There is no container engine: install Docker (https://docs.docker.com/engine/install/) and start it.'
      : `Docker is installed, but its engine does not answer: start it (see also ${path.join(cacheDir, 'engine', 'dockerd.log')}).`,
  );
}
