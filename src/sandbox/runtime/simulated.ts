import { randomInt } from 'node:crypto';
import type { Clock, Timer } from '../../core/clock';
import type { NetworkBinding } from '../ecsService/types';
import { hexId } from '../ids';
import { type Progress, isWaitedForToEnd, readiness } from './dependencies';
import type { ImageResolver } from './imageResolver';
import { pullError } from './pullErrors';
import { SimulatedInside } from './simulatedInside';
import { type Scenario, scenarioOf } from './scenarios';
import type { ContainerLaunch, RunningTask, RuntimeReport, TaskLaunch, TaskRuntime } from './runtime';

/** How long a simulated pull and a simulated stop take, in milliseconds, and the factor for scenarios. */
export interface SimulatedTimes {
  readonly pull: number;
  readonly stop: number;
  readonly speed: number;
}

/**
 * Tasks without a container engine: an image that the registry does not have cannot be pulled, everything else
 * runs until it is asked to stop. Nothing listens on the ports that the tasks show.
 */
export class SimulatedRuntime implements TaskRuntime {
  readonly kind = 'simulated';
  readonly engine = null;
  readonly inside = new SimulatedInside();
  readonly #clock: Clock;
  readonly #images: ImageResolver;
  readonly #times: SimulatedTimes;

  constructor(clock: Clock, images: ImageResolver, times: SimulatedTimes) {
    this.#clock = clock;
    this.#images = images;
    this.#times = times;
  }

  start(launch: TaskLaunch, report: (report: RuntimeReport) => void): RunningTask {
    const alive = new Set<string>();
    const timers: Timer[] = [];
    timers.push(this.#clock.after(this.#times.pull, () => this.#run(launch, report, alive, timers)));
    return {
      stop: (done) => {
        for (const timer of timers) timer.cancel();
        if (alive.size === 0) return done();
        this.#clock.after(this.#times.stop, () => {
          // A container that ends on SIGTERM: 128 + 15.
          for (const container of alive) report({ kind: 'exited', container, exitCode: 143 });
          done();
        });
      },
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #run(launch: TaskLaunch, report: (report: RuntimeReport) => void, alive: Set<string>, timers: Timer[]): void {
    for (const container of launch.containers) {
      const scenario = scenarioOf(container);
      const scripted = scenario?.kind === 'fails' ? scenario.reason : undefined;
      const reason = pullError(this.#images, launch, container) ?? scripted;
      if (reason !== undefined) return report({ kind: 'failed', container: container.definition.name, reason });
    }
    report({ kind: 'pulled' });
    const progress = new Map<string, Progress>();
    const step = (): void => this.#startReady(launch, tell, { alive, timers, progress });
    const tell = (what: RuntimeReport): void => {
      note(progress, what);
      report(what);
      if (what.kind === 'exited' || what.kind === 'health') step();
    };
    step();
  }

  /** Starts what may start: containers without dependencies first, the others as theirs come about. */
  #startReady(
    launch: TaskLaunch,
    report: (report: RuntimeReport) => void,
    { alive, timers, progress }: { alive: Set<string>; timers: Timer[]; progress: Map<string, Progress> },
  ): void {
    const pending = (): ContainerLaunch[] =>
      launch.containers.filter(({ definition }) => !progress.has(definition.name));
    for (let round = launch.containers.length; round > 0; round -= 1) {
      for (const container of pending()) {
        const state = readiness(container, (name) => progress.get(name));
        if (state.kind === 'never') {
          return report({ kind: 'failed', container: container.definition.name, reason: state.reason });
        }
        // Starting one may have started another already: a health check that passes at once.
        if (state.kind === 'ready' && !progress.has(container.definition.name))
          this.#startOne(launch, container, report, alive, timers);
      }
    }
  }

  #startOne(
    launch: TaskLaunch,
    container: ContainerLaunch,
    report: (report: RuntimeReport) => void,
    alive: Set<string>,
    timers: Timer[],
  ): void {
    const { name } = container.definition;
    alive.add(name);
    const runtimeId = `${launch.task.id}-${hexId().slice(0, 10)}`;
    report({ kind: 'started', container: name, runtimeId, bindings: bindings(container) });
    // What others wait for to end ends, or nothing would ever come of the task.
    const initial = isWaitedForToEnd(name, launch.containers) ? endsWell : undefined;
    const scenario = scenarioOf(container) ?? initial;
    if (scenario && scenario.kind !== 'fails' && scenario.kind !== 'balanced') {
      timers.push(this.#play(container.definition, scenario, report, alive));
    }
    const healthy = container.definition.healthCheck && scenario?.kind !== 'unhealthy';
    if (healthy) report({ kind: 'health', container: name, health: 'HEALTHY' });
  }

  #play(
    { name: container, logConfiguration }: ContainerLaunch['definition'],
    scenario: Exclude<Scenario, { kind: 'fails' | 'balanced' }>,
    report: (report: RuntimeReport) => void,
    alive: Set<string>,
  ): Timer {
    return this.#clock.after(scenario.after / this.#times.speed, () => {
      if (scenario.kind === 'unhealthy') return report({ kind: 'health', container, health: 'UNHEALTHY' });
      alive.delete(container);
      if (scenario.output !== undefined && logConfiguration?.logDriver === 'awslogs')
        report({ kind: 'output', container, line: scenario.output, at: this.#clock.now() });
      const reason = scenario.reason === undefined ? {} : { reason: scenario.reason };
      report({ kind: 'exited', container, exitCode: scenario.exitCode, ...reason });
    });
  }
}

const endsWell: Scenario = { kind: 'exits', after: 500, exitCode: 0 };

function note(progress: Map<string, Progress>, report: RuntimeReport): void {
  if (!('container' in report)) return;
  const former = progress.get(report.container) ?? { started: true, healthy: false };
  if (report.kind === 'started') progress.set(report.container, former);
  if (report.kind === 'exited') progress.set(report.container, { ...former, exitCode: report.exitCode });
  if (report.kind === 'health') progress.set(report.container, { ...former, healthy: report.health === 'HEALTHY' });
}

/** Host ports as an instance would give them, from the range for dynamic ports. */
function bindings({ definition }: ContainerLaunch): NetworkBinding[] {
  return (definition.portMappings ?? []).flatMap(({ containerPort, hostPort, protocol = 'tcp' }) => {
    if (containerPort === undefined) return [];
    return [{ bindIP: '127.0.0.1', containerPort, hostPort: hostPort || randomInt(32768, 61000), protocol }];
  });
}
