import { type Clock, sleep } from '../../core/clock';
import type { EngineCli } from './engineCli';
import type { ContainerLaunch } from './runtime';

type HealthCheck = NonNullable<ContainerLaunch['definition']['healthCheck']>;

/** The health check that is to be run, if there is one: `NONE` and an empty command are none (API_HealthCheck). */
export function healthCheckOf({ definition }: ContainerLaunch): HealthCheck | undefined {
  const { healthCheck } = definition;
  const form = healthCheck?.command[0];
  return form === undefined || form === 'NONE' ? undefined : healthCheck;
}

/** What ECS takes where a health check says nothing (API_HealthCheck). Seconds, but for the retries. */
export function healthPace(check: HealthCheck): Required<Omit<HealthCheck, 'command'>> {
  const { interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = check;
  return { interval, timeout, retries, startPeriod };
}

/** Runs a container's health check until the container is over or `signal` ends it, with which it rejects. */
export async function watchHealth(
  { cli, clock }: { readonly cli: EngineCli; readonly clock: Clock },
  container: { readonly id: string; readonly ended: boolean },
  check: HealthCheck,
  report: (health: 'HEALTHY' | 'UNHEALTHY') => void,
  signal: AbortSignal,
): Promise<void> {
  const { interval, timeout, retries, startPeriod } = healthPace(check);
  const counts = clock.now() + startPeriod * 1000;
  let failures = 0;
  for (;;) {
    await sleep(clock, interval * 1000, signal);
    if (container.ended) return;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)]);
    const { code } = await cli.run(['healthcheck', 'run', container.id], limit);
    signal.throwIfAborted();
    if (container.ended) return;
    if (code === 0) {
      failures = 0;
      report('HEALTHY');
    } else if (clock.now() >= counts) {
      failures += 1;
      if (failures >= retries) report('UNHEALTHY');
    }
  }
}
