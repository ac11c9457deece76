import { nameOf } from '../../core/arn';
import { sameSpec } from '../../core/connection';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import type { RolloutRecord } from '../../deploy/rolloutRecord';
import { askService, type ServicePlace } from '../../ui/askService';
import type { Connections, Session } from '../../ui/connections';
import type { RolloutRef } from './announce';
import type { Rollouts } from './rollouts';

/** What a verb on rollouts was called on: a row, a rollout, or nothing. */
export type RolloutArgument = ServicePlace | RolloutRef | undefined;

/** Where a verb on rollouts works: names only, because what is known of the service may be old. */
export interface RolloutPlace {
  readonly session: Session;
  readonly cluster: string;
  readonly service: string;
}

export function isRolloutRef(argument: unknown): argument is RolloutRef {
  return typeof argument === 'object' && argument !== null && 'rollout' in argument;
}

/** The service that is meant; asks for it where nothing says. */
export async function rolloutPlace(
  connections: Connections,
  rollouts: Rollouts,
  argument: RolloutArgument,
  title: string,
): Promise<RolloutPlace> {
  if (!isRolloutRef(argument)) {
    const { session, cluster, service } = argument ?? (await askService(connections.session, title));
    return { session, cluster, service: service.name };
  }
  const record = await findRollout(rollouts, argument);
  const session = sessionOf(connections, record);
  return { session, cluster: nameOf(record.start.cluster), service: record.start.service };
}

/** @throws GantryError notFound */
export async function findRollout(rollouts: Rollouts, { rollout }: RolloutRef): Promise<RolloutRecord> {
  const record = await rollouts.find(rollout);
  if (record) return record;
  throw new GantryError('notFound', message('This rollout is not known any more.'));
}

/** @throws GantryError notFound when its connection is not open any more */
function sessionOf(connections: Connections, { subject }: RolloutRecord): Session {
  const session = connections.sessions.find(({ spec }) => sameSpec(spec, subject.spec));
  if (session) return session;
  throw new GantryError('notFound', message('The connection of this rollout is not open any more.'));
}
