import { GantryError, reasonOf } from '../core/errors';
import { message } from '../core/message';
import type { EcsGateway } from './gateway';
import type { Service } from './model';

/**
 * The service, if Gantry can deploy to it.
 * @throws GantryError serviceMissing, serviceNotOurs
 */
export async function findService(
  ecs: EcsGateway,
  cluster: string,
  name: string,
  signal: AbortSignal,
): Promise<Service> {
  const service = await findAnyService(ecs, cluster, name, signal);
  if (service.controller === 'ECS' && !service.express) return service;
  throw new GantryError(
    'serviceNotOurs',
    message(
      '“{0}” is deployed by {1}, which Gantry cannot drive yet.',
      name,
      service.express ? 'Express Mode' : service.controller,
    ),
  );
}

/**
 * The service, whoever deploys to it.
 * @throws GantryError serviceMissing
 */
export async function findAnyService(
  ecs: EcsGateway,
  cluster: string,
  name: string,
  signal: AbortSignal,
): Promise<Service> {
  const missing = new GantryError(
    'serviceMissing',
    message('There is no service “{0}” in the cluster “{1}” of this account and Region.', name, cluster),
  );
  const { found } = await ecs.describeServices(cluster, [name], signal).catch((error: unknown) => {
    throw reasonOf(error) === 'notFound' ? missing : error;
  });
  const service = found.find(({ status }) => status === 'ACTIVE');
  if (!service) throw missing;
  return service;
}
