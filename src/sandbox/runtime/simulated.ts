import { randomInt } from 'node:crypto';
import type { Clock, Timer } from '../../core/clock';
import type { NetworkBinding } from '../ecsService/types';
import { hexId } from '../ids';
import type { ImageResolver } from './imageResolver';
import { pullError } from './pullErrors';
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
    for (const container of launch.containers) {
      const { name } = container.definition;
      alive.add(name);
      report({
        kind: 'started',
        container: name,
        runtimeId: `${launch.task.id}-${hexId().slice(0, 10)}`,
        bindings: bindings(container),
      });
    }
    for (const container of launch.containers) {
      const scenario = scenarioOf(container);
      if (scenario && scenario.kind !== 'fails' && scenario.kind !== 'balanced')
        timers.push(this.#play(container.definition.name, scenario, report, alive));
      const healthy = container.definition.healthCheck && scenario?.kind !== 'unhealthy';
      if (healthy) report({ kind: 'health', container: container.definition.name, health: 'HEALTHY' });
    }
  }

  #play(
    container: string,
    scenario: Exclude<Scenario, { kind: 'fails' | 'balanced' }>,
    report: (report: RuntimeReport) => void,
    alive: Set<string>,
  ): Timer {
    return this.#clock.after(scenario.after / this.#times.speed, () => {
      if (scenario.kind === 'unhealthy') return report({ kind: 'health', container, health: 'UNHEALTHY' });
      alive.delete(container);
      const reason = scenario.reason === undefined ? {} : { reason: scenario.reason };
      report({ kind: 'exited', container, exitCode: scenario.exitCode, ...reason });
    });
  }
}

/** Host ports as an instance would give them, from the range for dynamic ports. */
function bindings({ definition }: ContainerLaunch): NetworkBinding[] {
  return (definition.portMappings ?? []).flatMap(({ containerPort, hostPort, protocol = 'tcp' }) => {
    if (containerPort === undefined) return [];
    return [{ bindIP: '127.0.0.1', containerPort, hostPort: hostPort || randomInt(32768, 61000), protocol }];
  });
}
