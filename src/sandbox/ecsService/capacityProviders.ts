import { clientException, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { defaultPageSize } from '../model/apiModel';
import { page } from '../paging';
import { ecsArn } from '../place';
import { type CapacityProvider, checkProviderStrategy, checkProviders, fargateProviders } from './capacity';
import { describeCluster } from './clusters';
import { type EcsContext, clusterNamed, nameOf } from './context';
import { tagList, tagMap } from './tags';
import type { Json, Tag } from './types';

interface DescribeRequest {
  readonly capacityProviders?: readonly string[];
  readonly cluster?: string;
  readonly include?: readonly string[];
  readonly maxResults?: number;
  readonly nextToken?: string;
}

interface PutRequest {
  readonly cluster: string;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly Json[];
}

interface ProviderRequest {
  readonly name: string;
  readonly cluster?: string;
  readonly autoScalingGroupProvider?: Json;
  readonly managedInstancesProvider?: Json;
  readonly tags?: readonly Tag[];
}

/** AWS's defaults for an Auto Scaling group's provider. */
function withDefaults(given: Json): Json {
  const scaling = {
    status: 'DISABLED',
    targetCapacity: 100,
    minimumScalingStepSize: 1,
    maximumScalingStepSize: 10_000,
    instanceWarmupPeriod: 300,
    ...(given['managedScaling'] as Json | undefined),
  };
  const common = { managedTerminationProtection: 'DISABLED', managedDraining: 'ENABLED' };
  return { ...common, ...given, managedScaling: scaling };
}

function create(context: EcsContext, request: ProviderRequest): unknown {
  const { name, cluster, autoScalingGroupProvider: group, managedInstancesProvider: managed } = request;
  const { capacityProviders } = context.state;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name) || /^(aws|ecs|fargate)/i.test(name)) {
    throw invalidParameter(
      'The specified capacity provider name is invalid. Up to 255 characters are allowed, including letters, numbers, ' +
        'underscores and hyphens. The name cannot be prefixed with "aws", "ecs", or "fargate".',
    );
  }
  if ((group === undefined) === (managed === undefined)) {
    throw invalidParameter('Specify either autoScalingGroupProvider or managedInstancesProvider.');
  }
  if (managed && cluster === undefined) throw invalidParameter('A cluster must be specified for managed instances.');
  if (capacityProviders.has(name)) throw clientException('A capacity provider with the specified name already exists.');
  const of = cluster === undefined ? {} : { cluster: clusterNamed(context, cluster).name };
  const provider: CapacityProvider = {
    name,
    arn: ecsArn(context.place, `capacity-provider/${name}`),
    ...of,
    status: managed ? 'PROVISIONING' : 'ACTIVE',
    updateStatus: managed ? 'CREATE_IN_PROGRESS' : 'CREATE_COMPLETE',
    ...(group ? { autoScalingGroupProvider: withDefaults(group) } : {}),
    ...(managed ? { managedInstancesProvider: managed } : {}),
    tags: tagMap(request.tags),
  };
  capacityProviders.set(name, provider);
  const answer = { capacityProvider: describe(provider, true) };
  if (managed) finishLater(context, provider);
  return answer;
}

/** Also for one that was read from a saved state. */
export function finishLater({ clock, pace }: EcsContext, provider: CapacityProvider): void {
  clock.after(pace.provisioning, () => {
    provider.status = 'ACTIVE';
    provider.updateStatus = provider.updateStatus.replace('IN_PROGRESS', 'COMPLETE');
  });
}

function update(context: EcsContext, request: ProviderRequest): unknown {
  const provider = named(context, request.name);
  const { autoScalingGroupProvider: group, managedInstancesProvider: managed } = provider;
  const { autoScalingGroupProvider: newGroup, managedInstancesProvider: newManaged } = request;
  if ((newGroup && !group) || (newManaged && !managed)) {
    throw invalidParameter('The type of a capacity provider cannot be changed.');
  }
  if (group && newGroup) {
    const scaling = { ...(group['managedScaling'] as Json), ...(newGroup['managedScaling'] as Json | undefined) };
    provider.autoScalingGroupProvider = { ...group, ...newGroup, managedScaling: scaling };
  }
  if (managed && newManaged) {
    const template = {
      ...(managed['instanceLaunchTemplate'] as Json),
      ...(newManaged['instanceLaunchTemplate'] as Json | undefined),
    };
    provider.managedInstancesProvider = { ...managed, ...newManaged, instanceLaunchTemplate: template };
  }
  provider.updateStatus = 'UPDATE_COMPLETE';
  return { capacityProvider: describe(provider, true) };
}

function remove(context: EcsContext, reference: string): unknown {
  if (fargateProviders.includes(nameOf(reference))) {
    throw invalidParameter('The FARGATE and FARGATE_SPOT capacity providers are reserved and cannot be deleted.');
  }
  const provider = named(context, reference);
  const user = [...context.state.clusters.values()].find(
    ({ status, capacityProviders }) => status === 'ACTIVE' && capacityProviders.map(nameOf).includes(provider.name),
  );
  if (user) {
    throw clientException(
      `The capacity provider cannot be deleted because it is associated with cluster: ${user.name}. Remove the ` +
        'capacity provider from the cluster and try again.',
    );
  }
  context.state.capacityProviders.delete(provider.name);
  return { capacityProvider: { ...describe(provider, false), status: 'INACTIVE', updateStatus: 'DELETE_COMPLETE' } };
}

function named({ state }: EcsContext, reference: string): CapacityProvider {
  const provider = state.capacityProviders.get(nameOf(reference));
  if (provider) return provider;
  throw clientException(`The specified capacity provider was not found: ${reference}`);
}

function describe(provider: CapacityProvider, withTags: boolean): Record<string, unknown> {
  const { autoScalingGroupProvider, managedInstancesProvider } = provider;
  return {
    capacityProviderArn: provider.arn,
    name: provider.name,
    cluster: provider.cluster,
    status: provider.status,
    updateStatus: provider.updateStatus,
    autoScalingGroupProvider,
    managedInstancesProvider,
    type: managedInstancesProvider ? 'MANAGED_INSTANCES' : 'EC2_AUTOSCALING',
    tags: withTags ? tagList(provider.tags) : [],
  };
}

function describeMany(context: EcsContext, input: DescribeRequest): unknown {
  const { capacityProviders } = context.state;
  const cluster = input.cluster === undefined ? undefined : clusterNamed(context, input.cluster).name;
  const all = [...fargateProviders, ...capacityProviders.keys()];
  const names = (input.capacityProviders?.length ? input.capacityProviders : all).map(nameOf);
  const known = names
    .filter((name) => all.includes(name))
    .filter((name) => cluster === undefined || [cluster, undefined].includes(capacityProviders.get(name)?.cluster));
  const size = input.maxResults ?? defaultPageSize('ecs', 'DescribeCapacityProviders');
  const { items, nextToken } = page(known, size, input.nextToken, [names, cluster ?? null]);
  const arn = (name: string): string => ecsArn(context.place, `capacity-provider/${name}`);
  const failures = names.filter((name) => !all.includes(name)).map((name) => ({ arn: arn(name), reason: 'MISSING' }));
  const withTags = input.include?.includes('TAGS') ?? false;
  const answers = items.map((name) => {
    const provider = capacityProviders.get(name);
    if (provider) return describe(provider, withTags);
    return { capacityProviderArn: arn(name), name, status: 'ACTIVE', type: name, tags: [] };
  });
  return { capacityProviders: answers, failures, nextToken };
}

function put(context: EcsContext, input: PutRequest): unknown {
  const cluster = clusterNamed(context, input.cluster);
  checkProviders(context, input.capacityProviders);
  const providers = input.capacityProviders.map(nameOf);
  checkProviderStrategy(context, providers, input.defaultCapacityProviderStrategy);
  cluster.capacityProviders = providers;
  cluster.defaultCapacityProviderStrategy = input.defaultCapacityProviderStrategy;
  // The machines that are there already are taken for those of the first Auto Scaling group.
  const group = providers.find((name) => context.state.capacityProviders.get(name)?.autoScalingGroupProvider);
  if (group !== undefined) {
    for (const instance of cluster.instances.values()) instance.capacityProvider ??= group;
  }
  return { cluster: describeCluster(cluster, ['SETTINGS', 'CONFIGURATIONS', 'TAGS']) };
}

export function capacityProviderOperations(context: EcsContext): Record<string, Operation> {
  return {
    CreateCapacityProvider: (input: ProviderRequest) => create(context, input),
    UpdateCapacityProvider: (input: ProviderRequest) => update(context, input),
    DeleteCapacityProvider: (input: { capacityProvider: string }) => remove(context, input.capacityProvider),
    DescribeCapacityProviders: (input: DescribeRequest) => describeMany(context, input),
    PutClusterCapacityProviders: (input: PutRequest) => put(context, input),
  };
}
