import { GantryError, reasonOf } from '../core/errors';
import { message } from '../core/message';
import type { EcsGateway } from './gateway';
import type { Service } from './model';

/**
 * The service, whoever deploys to it, as it is now.
 * @throws GantryError serviceMissing
 */
export async function findService(
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

/**
 * The service, to deploy to it.
 * @throws GantryError serviceMissing, serviceNotOurs
 */
export async function findDeployable(
  ecs: EcsGateway,
  cluster: string,
  name: string,
  signal: AbortSignal,
): Promise<Service> {
  const service = await findService(ecs, cluster, name, signal);
  requireDeployable(service);
  return service;
}

/**
 * What a controller of somebody's own deploys, only that one can change.
 * @throws GantryError serviceNotOurs
 */
export function requireDeployable({ name, controller }: Pick<Service, 'name' | 'controller'>): void {
  if (controller === 'ECS' || controller === 'CODE_DEPLOY') return;
  throw new GantryError(
    'serviceNotOurs',
    message(
      '“{0}” is deployed by an {1} controller, so Gantry only shows it: deploy it with the tool that made its task sets.',
      name,
      controller,
    ),
  );
}
