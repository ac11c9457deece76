import type { EcsState } from './context';

/** When what an ARN of ECS names came into being; undefined when it is not there or is as old as its cluster. */
export function createdAt({ clusters }: EcsState, arn: string): number | undefined {
  const [, kind, path = ''] = /^arn:aws:ecs:[^:]*:\d*:([a-z-]+)\/(.+)$/.exec(arn) ?? [];
  const [clusterName = '', name = ''] = path.split('/');
  const cluster = clusters.get(clusterName);
  switch (kind) {
    case 'cluster':
      return cluster?.createdAt;
    case 'service':
      return cluster?.services.get(name)?.createdAt;
    case 'task':
      return cluster?.tasks.get(name)?.createdAt;
    case 'container-instance':
      return cluster?.instances.get(name)?.registeredAt;
    default:
      return undefined;
  }
}
