import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { sleep } from '../../core/clock';
import type { EngineParts } from './engine';
import type { ChildProcess } from 'node:child_process';
import { createArgs } from './engineArgs';
import { healthCheckOf, watchHealth } from './engineHealth';
import { type Inspected, bindingsOf, engineMessage, hasEnded, healthOf, parseInspect } from './engineState';
import { pullError } from './pullErrors';
import { type Progress, defaultStartTimeout, isWaitedForToEnd, readiness } from './dependencies';
import type { ContainerLaunch, RuntimeReport, TaskLaunch } from './runtime';

/** Seconds between SIGTERM and SIGKILL when the definition says nothing, at speed 1. */
const defaultStopTimeout = 30;

interface Started {
  readonly id: string;
  readonly launch: ContainerLaunch;
  ended: boolean;
  exitCode: number | undefined;
  health: string | undefined;
}

/** The containers of one task: pull, create, start, watch, stop, remove. */
export class EngineTask {
  readonly #parts: EngineParts;
  readonly #launch: TaskLaunch;
  readonly #report: (report: RuntimeReport) => void;
  readonly #onCreated: (id: string) => void;
  readonly #containers: Started[] = [];
  readonly #abort = new AbortController();
  readonly #waiters = new Set<() => void>();
  readonly #followers = new Map<ChildProcess, Promise<void>>();
  #running: Promise<void> = Promise.resolve();

  constructor(
    parts: EngineParts,
    launch: TaskLaunch,
    report: (report: RuntimeReport) => void,
    onCreated: (id: string) => void,
  ) {
    this.#parts = parts;
    this.#launch = launch;
    this.#report = report;
    this.#onCreated = onCreated;
  }

  run(): Promise<void> {
    this.#running = this.#start().catch((error: unknown) =>
      this.#parts.log(`task ${this.#launch.task.id}: ${String(error)}`),
    );
    return this.#running;
  }

  /** Gives up what is being started and asks what runs to stop. Resolves when the containers are gone. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    await Promise.all(this.#containers.map((container) => this.#stopOne(container)));
    await this.#endOfOutput();
    const ids = this.#containers.map(({ id }) => id);
    if (ids.length > 0) await this.#parts.cli.run(['rm', '--force', '--volumes', ...ids]);
    await Promise.all(ids.map((id) => rm(this.#folderOf(id), { recursive: true, force: true })));
  }

  /** The sandbox ends: nothing is to be started any more. */
  abandon(): void {
    this.#abort.abort();
  }

  /** Looks what has become of a container. */
  async look(id: string): Promise<void> {
    const container = this.#containers.find((candidate) => candidate.id === id);
    if (!container || container.ended) return;
    const inspected = parseInspect((await this.#parts.cli.run(['inspect', id])).stdout);
    if (!inspected || container.ended) return;
    const { name } = container.launch.definition;
    if (hasEnded(inspected)) {
      container.ended = true;
      const { ExitCode: exitCode } = inspected.State;
      const outOfMemory = await this.#wasOutOfMemory(id, inspected);
      container.exitCode = exitCode;
      const reason = outOfMemory ? { reason: 'OutOfMemoryError: Container killed due to memory usage' } : {};
      this.#report({ kind: 'exited', container: name, exitCode, ...reason });
      return this.#moved();
    }
    const health = healthOf(inspected);
    if (health !== undefined) this.#healthIs(container, health);
  }

  #healthIs(container: Started, health: 'HEALTHY' | 'UNHEALTHY'): void {
    if (health === container.health) return;
    container.health = health;
    this.#report({ kind: 'health', container: container.launch.definition.name, health });
    this.#moved();
  }

  /** Runs the health checks that the engine does not run by itself. */
  #watchHealth(container: Started): void {
    const healthCheck = healthCheckOf(container.launch);
    if (this.#parts.cli.checksHealth || !healthCheck) return;
    const report = (health: 'HEALTHY' | 'UNHEALTHY'): void => this.#healthIs(container, health);
    watchHealth(this.#parts, container, healthCheck, report, this.#abort.signal).catch((error: unknown) => {
      if (!this.#gone) this.#parts.log(`health of ${container.id}: ${String(error)}`);
    });
  }

  /** The kernel's word for it reaches the engine on a way of its own, which may be slower than that of the exit. */
  async #wasOutOfMemory(id: string, { State }: Inspected): Promise<boolean> {
    let killed = State.OOMKilled || this.#monitorSaysSo(id);
    for (let look = 0; look < 12 && State.ExitCode === 137 && !killed && !this.#gone; look++) {
      await sleep(this.#parts.clock, 250);
      const again = parseInspect((await this.#parts.cli.run(['inspect', id])).stdout);
      killed = again?.State.OOMKilled === true || this.#monitorSaysSo(id);
    }
    return killed;
  }

  /** Podman's monitor of a container (conmon) leaves a file `oom` where it was started; podman 4 does not look there. */
  #monitorSaysSo(id: string): boolean {
    return existsSync(path.join(this.#folderOf(id), 'oom'));
  }

  #folderOf(id: string): string {
    return path.join(this.#parts.scratch, id);
  }

  get #gone(): boolean {
    return this.#abort.signal.aborted;
  }

  async #start(): Promise<void> {
    const images = new Map<ContainerLaunch, string>();
    for (const launch of this.#launch.containers) {
      const pulled = await this.#pull(launch);
      if (this.#gone) return;
      if ('error' in pulled) return this.#fail(launch, pulled.error);
      images.set(launch, pulled.image);
    }
    this.#report({ kind: 'pulled' });
    for (const launch of inOrder(this.#launch.containers)) {
      const problem =
        (await this.#dependenciesOf(launch)) ??
        (await this.#startOne(launch, images.get(launch) ?? launch.definition.image));
      if (this.#gone) return;
      if (problem !== undefined) return this.#fail(launch, problem);
    }
  }

  /** Waits until a container may start. @returns why it never can. */
  async #dependenciesOf(launch: ContainerLaunch): Promise<string | undefined> {
    const { clock, speed } = this.#parts;
    const { name, startTimeout = defaultStartTimeout } = launch.definition;
    const end = clock.now() + (startTimeout * 1000) / speed;
    while (!this.#gone) {
      const state = readiness(launch, (other) => this.#progressOf(other));
      if (state.kind === 'never') return state.reason;
      if (state.kind === 'ready') return undefined;
      const left = end - clock.now();
      if (left <= 0)
        return `TaskDependencyError: container ${name} waited ${startTimeout} seconds for its dependencies`;
      await new Promise<void>((resolve) => {
        this.#waiters.add(resolve);
        clock.after(Math.min(left, 500), resolve);
      });
    }
    return undefined;
  }

  #progressOf(name: string): Progress | undefined {
    const found = this.#containers.find(({ launch }) => launch.definition.name === name);
    return found && { started: true, healthy: found.health === 'HEALTHY', exitCode: found.exitCode };
  }

  /** Something that another container may wait for has happened. */
  #moved(): void {
    for (const resolve of this.#waiters) resolve();
    this.#waiters.clear();
  }

  #fail({ definition }: ContainerLaunch, reason: string): void {
    this.#report({ kind: 'failed', container: definition.name, reason });
  }

  /** Pulls by digest from the sandbox's registry; an image from elsewhere only if the engine does not have it. */
  async #pull(launch: ContainerLaunch): Promise<{ image: string } | { error: string }> {
    const { cli, login, clock, images, registryHost } = this.#parts;
    const error = pullError(images, this.#launch, launch);
    if (error !== undefined) return { error };
    const found = images.resolve(launch.definition.image, launch.digest);
    const own = found.kind === 'found';
    const image = own ? `${registryHost()}/${found.own.repository}@${found.digest}` : launch.definition.image;
    if ((await cli.run(['image', 'inspect', image], this.#abort.signal)).code === 0) return { image };
    await login.refresh(clock.now());
    // Docker trusts registries on loopback without TLS; podman has to be told.
    const plain = own && cli.isPodman ? ['--tls-verify=false'] : [];
    const pulled = await cli.run(['pull', '--quiet', ...plain, image], this.#abort.signal);
    if (pulled.code === 0) return { image };
    const text = engineMessage(pulled.stderr).replace(/^Error response from daemon: /, '');
    return { error: `CannotPullContainerError: Error response from daemon: ${text}` };
  }

  async #startOne(launch: ContainerLaunch, image: string): Promise<string | undefined> {
    const { cli, owner } = this.#parts;
    const { sharedNetwork, task, containers } = this.#launch;
    // Nobody can join the network of a container that has ended, so those that run before the task have their own.
    const lasting = containers.filter(({ definition }) => !isWaitedForToEnd(definition.name, containers));
    const own = !sharedNetwork || !lasting.includes(launch);
    const first = own ? undefined : this.#containers.find((other) => lasting.includes(other.launch))?.id;
    const publishFor = own || first !== undefined ? [] : lasting.filter((other) => other !== launch);
    const join = first === undefined ? {} : { joinNetworkOf: first };
    const created = await cli.run(
      createArgs({
        ...{ launch, image, taskId: task.id, owner, sharedNetwork, publishFor, ...join },
        checksHealth: cli.checksHealth,
      }),
    );
    const id = created.stdout.trim().split('\n').at(-1) ?? '';
    if (created.code !== 0) return `CannotCreateContainerError: ${engineMessage(created.stderr)}`;
    const container: Started = { id, launch, ended: false, exitCode: undefined, health: undefined };
    this.#containers.push(container);
    this.#onCreated(id);
    if (this.#gone) return undefined;
    const folder = this.#folderOf(id);
    await mkdir(folder, { recursive: true });
    const started = await cli.run(['start', id], undefined, folder);
    if (started.code !== 0) {
      container.ended = true;
      return `CannotStartContainerError: ${engineMessage(started.stderr.replace(/^Error: failed to start containers.*$/m, ''))}`;
    }
    await this.#reportStart(container, first ?? id);
    this.#watchHealth(container);
    return undefined;
  }

  /** The ports of a container that joined another's network are that one's. */
  async #reportStart({ id, launch }: Started, network: string): Promise<void> {
    const inspected = parseInspect((await this.#parts.cli.run(['inspect', network])).stdout);
    const own = new Set((launch.definition.portMappings ?? []).map(({ containerPort }) => containerPort));
    const bindings = bindingsOf(inspected).filter(({ containerPort }) => own.has(containerPort));
    this.#report({ kind: 'started', container: launch.definition.name, runtimeId: id, bindings });
    this.#follow(id, launch);
    // It may have ended before anybody listened for it.
    await this.look(id);
  }

  /** Hands the output of a container with the awslogs driver over, line by line. */
  #follow(id: string, { definition }: ContainerLaunch): void {
    if (definition.logConfiguration?.logDriver !== 'awslogs') return;
    const { cli, clock } = this.#parts;
    let done = (): void => undefined;
    const end = new Promise<void>((resolve) => (done = resolve));
    const onLine = (text: string): void => {
      const [, stamp, line] = /^(\d{4}-\d\d-\d\dT\S+) ?(.*)$/s.exec(text) ?? [];
      const at = stamp === undefined ? clock.now() : Date.parse(stamp);
      this.#report({ kind: 'output', container: definition.name, line: line ?? text, at });
    };
    this.#followers.set(cli.follow(['logs', '--follow', '--timestamps', id], onLine, done), end);
  }

  /** The last lines come after the end of a container; what does not come within two seconds never will. */
  async #endOfOutput(): Promise<void> {
    const timeout = new Promise<void>((resolve) => this.#parts.clock.after(2000, resolve));
    await Promise.race([Promise.all(this.#followers.values()), timeout]);
    for (const follower of this.#followers.keys()) follower.kill('SIGKILL');
  }

  async #stopOne(container: Started): Promise<void> {
    if (container.ended) return;
    const wanted = container.launch.definition.stopTimeout ?? defaultStopTimeout;
    const timeout = Math.ceil(wanted / this.#parts.speed);
    await this.#parts.cli.run(['stop', '--time', String(timeout), container.id]);
    await this.look(container.id);
  }
}

/** Containers after those that they depend on. A circle is broken at its first member. */
function inOrder(containers: readonly ContainerLaunch[]): ContainerLaunch[] {
  const ordered: ContainerLaunch[] = [];
  const visit = (launch: ContainerLaunch, path: readonly ContainerLaunch[]): void => {
    if (ordered.includes(launch) || path.includes(launch)) return;
    for (const { containerName } of launch.definition.dependsOn ?? []) {
      const needed = containers.find(({ definition }) => definition.name === containerName);
      if (needed) visit(needed, [...path, launch]);
    }
    ordered.push(launch);
  };
  for (const launch of containers) visit(launch, []);
  return ordered;
}
