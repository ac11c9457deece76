import { hopOf } from '../../deploy/finding';
import type { Connections } from '../../ui/connections';
import type { NetworkPlace } from '../network/networkPlace';
import type { RolloutRef } from './announce';
import { findRollout, rolloutPlace } from './rolloutPlace';
import type { Rollouts } from './rollouts';

/** Where in the network the cause of a rollout's failure is: its service, and the hop that explains it. */
export async function networkOf(connections: Connections, rollouts: Rollouts, ref: RolloutRef): Promise<NetworkPlace> {
  const { findings } = await findRollout(rollouts, ref);
  const { session, cluster, service } = await rolloutPlace(connections, rollouts, ref, '');
  return { session, subject: { kind: 'service', cluster, service }, hop: hopOf(findings) };
}
