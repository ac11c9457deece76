import { clientException, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { defaultPageSize } from '../model/apiModel';
import { page } from '../paging';
import { ecsArn } from '../place';
import { describeCluster } from './clusters';
import { type EcsContext, clusterNamed, nameOf } from './context';
import type { Json } from './types';

interface DescribeRequest {
  readonly capacityProviders?: readonly string[];
  readonly maxResults?: number;
  readonly nextToken?: string;
}

interface PutRequest {
  readonly cluster: string;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly Json[];
}

/** AWS's own; the sandbox has no Auto Scaling groups to make others from. */
const own = ['FARGATE', 'FARGATE_SPOT'];

export function capacityProviderOperations(context: EcsContext): Record<string, Operation> {
  const describe = (name: string): Record<string, unknown> => ({
    capacityProviderArn: ecsArn(context.place, `capacity-provider/${name}`),
    name,
    status: 'ACTIVE',
    tags: [],
  });
  return {
    DescribeCapacityProviders: (input: DescribeRequest) => {
      const names = (input.capacityProviders ?? own).map(nameOf);
      const known = names.filter((name) => own.includes(name));
      const size = input.maxResults ?? defaultPageSize('ecs', 'DescribeCapacityProviders');
      const { items, nextToken } = page(known, size, input.nextToken, names);
      const failures = names
        .filter((name) => !own.includes(name))
        .map((name) => ({ arn: ecsArn(context.place, `capacity-provider/${name}`), reason: 'MISSING' }));
      return { capacityProviders: items.map(describe), failures, nextToken };
    },
    PutClusterCapacityProviders: (input: PutRequest) => {
      const cluster = clusterNamed(context, input.cluster);
      const unknown = input.capacityProviders.find((name) => !own.includes(name));
      if (unknown !== undefined) throw clientException(`The specified capacity provider was not found: ${unknown}`);
      const strategy = input.defaultCapacityProviderStrategy;
      if (strategy.some(({ capacityProvider }) => !input.capacityProviders.includes(String(capacityProvider)))) {
        throw invalidParameter(
          'The specified capacity provider strategy cannot contain a capacity provider that is not associated with ' +
            'the cluster. Associate the capacity provider with the cluster and try again.',
        );
      }
      cluster.capacityProviders = input.capacityProviders;
      cluster.defaultCapacityProviderStrategy = strategy;
      return { cluster: describeCluster(cluster, ['SETTINGS', 'CONFIGURATIONS', 'TAGS']) };
    },
  };
}
