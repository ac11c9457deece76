import { sleep, systemClock, type Clock } from '../core/clock';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { ExpressChange } from '../ecs/express';
import { findService } from '../ecs/findService';
import type { EcsGateway, RawTaskDefinition } from '../ecs/gateway';
import { hasNewPrimary, rolloutStart, type DeployPlace } from './deploymentStart';
import { expressChange } from './expressChange';
import { explainRefusal } from './refusal';
import type { RolloutStart } from './rollout';

/** Milliseconds within which ECS shows the deployment that an update has started, and between two looks at it. */
const limit = 60_000;
const pause = 1_000;

/**
 * Lets an Express Mode service run a task definition, of which it makes a revision of its own.
 * @throws GantryError refused; also where nothing changes, because Express Mode replaces no tasks for nothing
 */
export async function deployExpress(
  ecs: EcsGateway,
  place: DeployPlace,
  definition: RawTaskDefinition,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<RolloutStart> {
  const { service } = place;
  const current = await ecs.describeExpress(service.arn, signal);
  const change = expressChange(definition, service.targetGroups[0]?.container, current);
  if (Object.keys(change).length === 0) throw nothingToDeploy(service.name);
  return updateAndFind(ecs, place, change, clock, signal);
}

/** Why the tasks of an Express Mode service cannot be replaced by the same ones. */
export function nothingToDeploy(name: string): GantryError {
  return new GantryError(
    'refused',
    message('Express Mode deploys changes only, and “{0}” runs this already: ship another image or roll back.', name),
  );
}

/** The answer to the update names no deployment, so the newest one before and after it are compared. */
async function updateAndFind(
  ecs: EcsGateway,
  { cluster, service: { arn, name } }: DeployPlace,
  change: ExpressChange,
  clock: Clock,
  signal: AbortSignal,
): Promise<RolloutStart> {
  const before = await findService(ecs, cluster, name, signal);
  await ecs.updateExpress(arn, change, signal).catch(explainRefusal);
  const until = clock.now() + limit;
  for (;;) {
    const after = await findService(ecs, cluster, name, signal);
    if (hasNewPrimary(before, after) || clock.now() > until) return rolloutStart(cluster, before, after);
    await sleep(clock, pause, signal);
  }
}
