import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { isOnBehalf } from '../http/onBehalf';
import { type EcsContext, findCluster, findService, findTask, findTaskDefinition, invalidIdentifier } from './context';
import type { Tag } from './types';

/** A resource may carry this many tags. */
const maxTags = 50;

export function tagMap(tags: readonly Tag[] | undefined): Map<string, string> {
  const map = new Map<string, string>();
  for (const { key, value } of tags ?? []) {
    if (key === undefined) throw invalidParameter('Tag key cannot be null.');
    if (key.toLowerCase().startsWith('aws:') && !isOnBehalf())
      throw invalidParameter('Tag keys cannot start with aws:');
    map.set(key, value ?? '');
  }
  return map;
}

export function tagList(tags: ReadonlyMap<string, string>): { key: string; value: string }[] {
  return [...tags].map(([key, value]) => ({ key, value }));
}

export function tagOperations(context: EcsContext): Record<string, Operation> {
  return {
    ListTagsForResource: ({ resourceArn }: { resourceArn: string }) => ({
      tags: tagList(tagged(context, resourceArn)),
    }),
    TagResource: ({ resourceArn, tags }: { resourceArn: string; tags: readonly Tag[] }) => {
      const target = tagged(context, resourceArn);
      const added = tagMap(tags);
      if (new Set([...target.keys(), ...added.keys()]).size > maxTags) {
        throw invalidParameter(`The maximum number of tags per resource is ${maxTags}.`);
      }
      for (const [key, value] of added) target.set(key, value);
    },
    UntagResource: ({ resourceArn, tagKeys }: { resourceArn: string; tagKeys: readonly string[] }) => {
      const target = tagged(context, resourceArn);
      for (const key of tagKeys) target.delete(key);
    },
  };
}

/** The tags of what an ARN names. @throws ApiError */
function tagged(context: EcsContext, arn: string): Map<string, string> {
  const [, kind = '', path = ''] = /^arn:aws:ecs:[a-z0-9-]*:\d{12}:([a-z-]+)\/(.+)$/.exec(arn) ?? [];
  const clusterName = path.split('/')[0] ?? '';
  const cluster = kind === 'cluster' ? findCluster(context, arn) : findCluster(context, clusterName);
  switch (kind) {
    case 'task-definition':
      return found(findTaskDefinition(context, arn)?.tags);
    case 'cluster':
      if (cluster?.status !== 'ACTIVE') throw new ApiError('ClusterNotFoundException', 'Cluster not found.');
      return cluster.tags;
    case 'service':
      return found(cluster && findService(cluster, arn)?.tags);
    case 'daemon':
      return found(cluster?.daemons?.get(path.split('/')[1] ?? '')?.tags);
    case 'daemon-task-definition':
      return found(context.state.daemonFamilies.get(path.split(':')[0] ?? '')?.find((one) => one.arn === arn)?.tags);
    case 'capacity-provider':
      return found(context.state.capacityProviders.get(path)?.tags);
    case 'task-set':
      return found(
        [...(cluster?.services.values() ?? [])]
          .flatMap(({ taskSets }) => taskSets ?? [])
          .find((taskSet) => taskSet.arn === arn)?.tags,
      );
    case 'task':
      return found(cluster && findTask(cluster, arn)?.tags);
    case 'container-instance':
      return found([...(cluster?.instances.values() ?? [])].find((instance) => instance.arn === arn)?.tags);
    default:
      throw invalidIdentifier('resourceArn');
  }
}

function found(tags: Map<string, string> | undefined): Map<string, string> {
  if (tags) return tags;
  throw invalidParameter('The specified resource cannot be found. Verify that the resource exists and try again.');
}
