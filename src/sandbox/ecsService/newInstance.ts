import { ec2Id, hexId } from '../ids';
import { ecsArn } from '../place';
import type { EcsContext } from './context';
import type { Cluster, ContainerInstance } from './types';

/** A container instance of a seed: this machine, as it would look in ECS. `memory` in MiB. */
export function newInstance(
  context: EcsContext,
  cluster: Cluster,
  {
    cpu,
    memory,
    architecture,
    ...provider
  }: Pick<ContainerInstance, 'cpu' | 'memory' | 'architecture' | 'capacityProvider'>,
): ContainerInstance {
  const id = hexId();
  const instance: ContainerInstance = {
    id,
    arn: ecsArn(context.place, `container-instance/${cluster.name}/${id}`),
    ec2InstanceId: ec2Id('i'),
    status: 'ACTIVE',
    cpu,
    memory,
    architecture,
    registeredAt: context.clock.now(),
    tags: new Map(),
    ...provider,
  };
  cluster.instances.set(id, instance);
  return instance;
}
