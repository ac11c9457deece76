/** How long the steps of a task take, in milliseconds. On AWS they take several times as long. */
export interface Pace {
  /** Until the network interface is there. */
  readonly provisioning: number;
  /** Between the start of the containers and RUNNING: registration at load balancers. */
  readonly activating: number;
  /** Deregistration before the containers are asked to stop. */
  readonly draining: number;
  readonly deprovisioning: number;
  /** How long a task must stay up before it counts as a success of its deployment. */
  readonly settling: number;
  /** Wait after the first failure in a row; doubles with every further one. */
  readonly backoff: number;
  readonly maxBackoff: number;
  /** Between requesting a rollback and carrying it out. */
  readonly rollback: number;
  /** What a second of AWS's lasts: for times that users set in seconds, such as the interval of health checks. */
  readonly second: number;
}

/** AWS restarts failing tasks ever more slowly, at most every 15 minutes. */
const realTime: Pace = {
  provisioning: 500,
  activating: 300,
  draining: 2000,
  deprovisioning: 300,
  settling: 2000,
  backoff: 1000,
  maxBackoff: 15 * 60_000,
  rollback: 500,
  second: 1000,
};

/** The pace at `speed` times the demo's. */
export function paceAt(speed: number): Pace {
  const scaled = Object.entries(realTime).map(([name, ms]) => [name, (ms as number) / speed]);
  return Object.fromEntries(scaled) as Pace;
}

/** Stopped tasks and deleted services stay visible for about an hour. In milliseconds, at any speed. */
export const visibleAfterEnd = 3600_000;
