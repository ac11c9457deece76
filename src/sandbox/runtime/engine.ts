import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../../core/clock';
import { isAlive } from '../isAlive';
import type { EngineCli } from './engineCli';
import { type Owner, instanceLabel, pidLabel } from './engineArgs';
import type { EngineLogin } from './engineLogin';
import { EngineInside } from './engineExec';
import { usageOf } from './engineStats';
import { eventContainer } from './engineState';
import { EngineTask } from './engineTask';
import type { ImageResolver } from './imageResolver';
import type { RunningTask, RuntimeReport, TaskLaunch, TaskRuntime, Usage } from './runtime';

export interface EngineParts {
  readonly cli: EngineCli;
  readonly login: EngineLogin;
  readonly clock: Clock;
  readonly images: ImageResolver;
  /** A private folder in which containers are started. */
  readonly scratch: string;
  readonly owner: Owner;
  readonly registryHost: () => string;
  /** Shortens the wait between SIGTERM and SIGKILL. */
  readonly speed: number;
  readonly log: (line: string) => void;
}

/** Tasks as real containers of docker or podman, published on 127.0.0.1 only. */
export class EngineRuntime implements TaskRuntime {
  readonly kind = 'engine';
  readonly engine: string;
  readonly inside: EngineInside;
  readonly #parts: EngineParts;
  readonly #tasks = new Set<EngineTask>();
  readonly #byContainer = new Map<string, EngineTask>();
  #events: ChildProcess | undefined;
  #closed = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.inside = new EngineInside(parts.cli);
    this.engine = parts.cli.isPodman ? 'podman' : 'docker';
  }

  /** Removes containers that sandboxes left behind which are no longer running, then listens for what happens. */
  async open(): Promise<void> {
    await this.#removeOrphans();
    this.#listen();
  }

  start(launch: TaskLaunch, report: (report: RuntimeReport) => void): RunningTask {
    const task = new EngineTask(this.#parts, launch, report, (id) => this.#byContainer.set(id, task));
    this.#tasks.add(task);
    void task.run();
    return {
      stop: (done) => {
        void task.stop().finally(() => {
          this.#tasks.delete(task);
          for (const [id, owner] of this.#byContainer) if (owner === task) this.#byContainer.delete(id);
          done();
        });
      },
    };
  }

  async usage(containers: readonly string[]): Promise<ReadonlyMap<string, Usage>> {
    const args = ['stats', '--no-stream', '--format', '{{.ID}} {{.CPUPerc}} {{.MemUsage}}', ...containers];
    const { stdout } = await this.#parts.cli.run(args, AbortSignal.timeout(30_000));
    return usageOf(stdout, containers);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#events?.kill();
    for (const task of this.#tasks) task.abandon();
    const { cli, owner } = this.#parts;
    cli.endAll();
    // A container may be in the making while the others go: look twice.
    for (let round = 0; round < 2; round += 1) {
      const listed = await cli.run(['ps', '--all', '--quiet', '--filter', `label=${instanceLabel}=${owner.instance}`]);
      const ids = listed.stdout.split(/\s+/).filter((id) => id !== '');
      if (ids.length === 0) break;
      await cli.run(['rm', '--force', '--volumes', ...ids]);
    }
    await this.#removePulled();
  }

  /** What was pulled by digest is of no use once the registry is gone. What somebody tagged is left alone. */
  async #removePulled(): Promise<void> {
    const { cli, registryHost } = this.#parts;
    const listed = await cli.run(['images', '--digests', '--format', '{{.Repository}}@{{.Digest}} {{.Tag}}']);
    const pulled = listed.stdout
      .split('\n')
      .map((line) => line.trim().split(' '))
      .filter(
        ([image = '', tag]) => image.startsWith(`${registryHost()}/`) && !image.endsWith('<none>') && tag === '<none>',
      )
      .map(([image = '']) => image);
    if (pulled.length > 0) await cli.run(['image', 'rm', ...pulled]);
  }

  #listen(): void {
    const { cli, owner, clock, log } = this.#parts;
    const filters = ['--filter', `label=${instanceLabel}=${owner.instance}`, '--filter', 'type=container'];
    const format = ['--format', cli.isPodman ? 'json' : '{{json .}}'];
    this.#events = cli.follow(
      ['events', ...filters, ...format],
      (line) => {
        const id = eventContainer(line);
        if (id !== undefined) void this.#byContainer.get(id)?.look(id);
      },
      () => {
        if (this.#closed) return;
        log('the engine no longer reports events; asking again');
        clock.after(2000, () => {
          if (this.#closed) return;
          this.#listen();
          // Whatever happened in between has to be looked up.
          for (const [id, task] of this.#byContainer) void task.look(id);
        });
      },
    );
  }

  async #removeOrphans(): Promise<void> {
    const { cli, log } = this.#parts;
    const label = cli.isPodman ? `index .Labels "${pidLabel}"` : `.Label "${pidLabel}"`;
    const format = `{{.ID}} {{${label}}}`;
    const listed = await cli.run(['ps', '--all', '--filter', `label=${pidLabel}`, '--format', format]);
    const orphans = listed.stdout
      .split('\n')
      .map((line) => line.trim().split(' '))
      .filter(([id, pid]) => id !== undefined && id !== '' && !isAlive(Number(pid)))
      .map(([id = '']) => id);
    if (orphans.length === 0) return;
    log(`removing ${orphans.length} containers of sandboxes that have ended`);
    await cli.run(['rm', '--force', '--volumes', ...orphans]);
  }
}
