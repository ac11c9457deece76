import { type Clock, sleep } from '../../core/clock';
import type { EngineCli } from './engineCli';
import type { ContainerLaunch } from './runtime';

type HealthCheck = NonNullable<ContainerLaunch['definition']['healthCheck']>;

/** What ECS takes where a health check says nothing (API_HealthCheck). Seconds, but for the retries. */
export function healthPace(check: HealthCheck): Required<Omit<HealthCheck, 'command'>> {
  const { interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = check;
  return { interval, timeout, retries, startPeriod };
}

/**
 * Runs a container's health check until `signal` ends it. Podman leaves that to a timer of systemd, which a machine
 * may lack; Docker does it by itself.
 */
export async function watchHealth(
  { cli, clock }: { readonly cli: EngineCli; readonly clock: Clock },
  id: string,
  check: HealthCheck,
  report: (health: 'HEALTHY' | 'UNHEALTHY') => void,
  signal: AbortSignal,
): Promise<void> {
  const { interval, timeout, retries, startPeriod } = healthPace(check);
  const counts = clock.now() + startPeriod * 1000;
  let failures = 0;
  while (!signal.aborted) {
    await sleep(clock, interval * 1000, signal);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)]);
    const { code } = await cli.run(['healthcheck', 'run', id], limit);
    if (signal.aborted) return;
    if (code === 0) failures = 0;
    else if (clock.now() >= counts) failures += 1;
    if (code === 0) report('HEALTHY');
    else if (failures >= retries) report('UNHEALTHY');
  }
}
