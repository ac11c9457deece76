import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { findService } from '../../ecs/findService';
import type { RolloutRef } from '../rollouts/announce';
import { findRollout, rolloutPlace } from '../rollouts/rolloutPlace';
import type { Rollouts } from '../rollouts/rollouts';
import { fixButton, type Fixers } from './fixButton';

/** Does what helps against the first cause of a rollout; each fix asks before it changes anything. */
export async function applyFix(fixers: Fixers, rollouts: Rollouts, ref: RolloutRef): Promise<void> {
  const { findings } = await findRollout(rollouts, ref);
  const { session, cluster, service: name } = await rolloutPlace(fixers.connections, rollouts, ref, '');
  const service = await findService(session.connection.ecs, cluster, name, session.signal);
  const button = fixButton(fixers, { session, service: { session, cluster, service } }, findings[0]?.action);
  if (!button) throw new GantryError('notFound', message('There is nothing that Gantry could do about it.'));
  await button.run();
}
