import { nameOf } from '../../core/arn';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { allPages } from '../../core/paging';
import { findService } from '../../ecs/findService';
import type { ServicePlace } from '../../ui/askService';
import { plainName, type Connections, type Session } from '../../ui/connections';

/** How a model names a connection. */
export interface ConnectionInput {
  /** The name that `gantry_listServices` shows; the first one unless said. */
  readonly connection?: string;
}

/** How a model names a service. */
export interface ServiceInput extends ConnectionInput {
  readonly service: string;
  /** May be left out where only one cluster has such a service. */
  readonly cluster?: string;
}

/** @throws GantryError notFound with the names that there are */
export function sessionNamed(connections: Connections, { connection }: ConnectionInput): Session {
  if (!connection) return connections.session;
  const found = connections.sessions.find(({ spec }) => plainName(spec) === connection);
  if (found) return found;
  const names = connections.sessions.map(({ spec }) => plainName(spec)).join(', ');
  throw new GantryError('notFound', message('There is no connection “{0}”. Open are: {1}', connection, names));
}

/**
 * The service that a model names.
 * @throws GantryError notFound with what there is instead
 */
export async function serviceNamed(
  connections: Connections,
  input: ServiceInput,
  signal: AbortSignal,
): Promise<ServicePlace> {
  const session = sessionNamed(connections, input);
  const { ecs } = session.connection;
  const cluster = input.cluster ?? (await clusterWith(session, input.service, signal));
  return { session, cluster, service: await findService(ecs, cluster, input.service, signal) };
}

async function clusterWith({ connection }: Session, service: string, signal: AbortSignal): Promise<string> {
  const { ecs } = connection;
  const clusters = await allPages((token) => ecs.listClusters(token, signal));
  const found: string[] = [];
  const names: string[] = [];
  for (const cluster of clusters) {
    const services = (await allPages((token) => ecs.listServices(cluster, token, signal))).map(nameOf);
    if (services.includes(service)) found.push(nameOf(cluster));
    names.push(...services.map((name) => `${nameOf(cluster)}/${name}`));
  }
  if (found.length === 1 && found[0]) return found[0];
  if (found.length > 1) {
    throw new GantryError(
      'notFound',
      message('Several clusters have a service “{0}”; name one of them: {1}', service, found.join(', ')),
    );
  }
  const some = names.slice(0, 50).join(', ');
  throw new GantryError('notFound', message('No cluster has a service “{0}”. There are: {1}', service, some));
}
