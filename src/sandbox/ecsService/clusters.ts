import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { defaultPageSize } from '../model/apiModel';
import { page } from '../paging';
import { ecsArn } from '../place';
import { effectiveSetting } from './accountSettings';
import { checkProviderStrategy, checkProviders } from './capacity';
import { type EcsContext, clusterNamed, findCluster, nameOf } from './context';
import { tagList, tagMap } from './tags';
import type { Cluster, Json, Tag, Task } from './types';

interface CreateRequest {
  readonly clusterName?: string;
  readonly tags?: readonly Tag[];
  readonly settings?: readonly Json[];
  readonly configuration?: Json;
  readonly capacityProviders?: readonly string[];
  readonly defaultCapacityProviderStrategy?: readonly Json[];
  readonly serviceConnectDefaults?: Json;
}

interface DescribeRequest {
  readonly clusters?: readonly string[];
  readonly include?: readonly string[];
}

const pending = ['PROVISIONING', 'PENDING', 'ACTIVATING'];

export function isPending({ lastStatus, desiredStatus }: Task): boolean {
  return desiredStatus === 'RUNNING' && pending.includes(lastStatus);
}

/** A cluster of its own, without instances. Also used by the seeds. */
export function newCluster(context: EcsContext, name: string): Cluster {
  const cluster: Cluster = {
    name,
    arn: ecsArn(context.place, `cluster/${name}`),
    createdAt: context.clock.now(),
    status: 'ACTIVE',
    settings: [{ name: 'containerInsights', value: effectiveSetting(context, 'containerInsights') }],
    configuration: undefined,
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    tags: new Map(),
    services: new Map(),
    tasks: new Map(),
    instances: new Map(),
  };
  context.state.clusters.set(name, cluster);
  return cluster;
}

/** A cluster as DescribeClusters shows it, with what `include` names. */
export function describeCluster(cluster: Cluster, include: readonly string[]): Record<string, unknown> {
  const tasks = [...cluster.tasks.values()];
  const services = [...cluster.services.values()];
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: cluster.instances.size,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(isPending).length,
    activeServicesCount: services.filter(({ status }) => status !== 'INACTIVE').length,
    statistics: include.includes('STATISTICS') ? statistics(cluster) : [],
    tags: include.includes('TAGS') ? tagList(cluster.tags) : [],
    settings: include.includes('SETTINGS') ? cluster.settings : [],
    configuration: include.includes('CONFIGURATIONS') ? cluster.configuration : undefined,
    capacityProviders: cluster.capacityProviders,
    defaultCapacityProviderStrategy: cluster.defaultCapacityProviderStrategy,
  };
}

function statistics(cluster: Cluster): { name: string; value: string }[] {
  const count = (tasks: readonly Task[], of: (task: Task) => boolean): string => String(tasks.filter(of).length);
  const isRunning = ({ lastStatus }: Task): boolean => lastStatus === 'RUNNING';
  return ['EC2', 'Fargate', 'External'].flatMap((kind) => {
    const launchType = kind.toUpperCase();
    const tasks = [...cluster.tasks.values()].filter((task) => task.launchType === launchType);
    const services = [...cluster.services.values()].filter(({ settings }) => settings.launchType === launchType);
    return [
      { name: `running${kind}TasksCount`, value: count(tasks, isRunning) },
      { name: `pending${kind}TasksCount`, value: count(tasks, isPending) },
      { name: `active${kind}ServiceCount`, value: String(services.filter(({ status }) => status === 'ACTIVE').length) },
      {
        name: `draining${kind}ServiceCount`,
        value: String(services.filter(({ status }) => status === 'DRAINING').length),
      },
    ];
  });
}

function create(context: EcsContext, request: CreateRequest): unknown {
  const name = request.clusterName ?? 'default';
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw invalidParameter('Cluster name should only contain alphanumeric characters, hyphens and underscores.');
  }
  const providers = request.capacityProviders ?? [];
  checkProviders(context, providers);
  checkProviderStrategy(context, providers, request.defaultCapacityProviderStrategy);
  const tags = tagMap(request.tags);
  const existing = context.state.clusters.get(name);
  // Creating a cluster that is there answers with it, as AWS does.
  if (existing?.status === 'ACTIVE')
    return { cluster: describeCluster(existing, ['TAGS', 'SETTINGS', 'CONFIGURATIONS']) };
  const cluster: Cluster = {
    ...newCluster(context, name),
    ...(request.settings ? { settings: request.settings } : {}),
    configuration: request.configuration,
    capacityProviders: providers,
    defaultCapacityProviderStrategy: request.defaultCapacityProviderStrategy ?? [],
    tags,
  };
  context.state.clusters.set(name, cluster);
  return { cluster: describeCluster(cluster, ['TAGS', 'SETTINGS', 'CONFIGURATIONS']) };
}

function describeMany(context: EcsContext, request: DescribeRequest): unknown {
  const wantedNames = request.clusters?.length ? request.clusters : ['default'];
  const clusters: unknown[] = [];
  const failures: unknown[] = [];
  for (const name of wantedNames) {
    const cluster = findCluster(context, name);
    if (cluster) clusters.push(describeCluster(cluster, request.include ?? []));
    else failures.push({ arn: ecsArn(context.place, `cluster/${nameOf(name)}`), reason: 'MISSING' });
  }
  return { clusters, failures };
}

function remove(context: EcsContext, name: string): unknown {
  const cluster = clusterNamed(context, name);
  if (cluster.instances.size > 0) {
    const text = 'The Cluster cannot be deleted while Container Instances are active or draining.';
    throw new ApiError('ClusterContainsContainerInstancesException', text);
  }
  if ([...cluster.services.values()].some(({ status }) => status !== 'INACTIVE')) {
    throw new ApiError('ClusterContainsServicesException', 'The Cluster cannot be deleted while Services are active.');
  }
  if ([...cluster.tasks.values()].some(({ lastStatus }) => lastStatus !== 'STOPPED')) {
    throw new ApiError('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');
  }
  cluster.status = 'INACTIVE';
  return { cluster: describeCluster(cluster, []) };
}

export function clusterOperations(context: EcsContext): Record<string, Operation> {
  return {
    CreateCluster: (input: CreateRequest) => create(context, input),
    DescribeClusters: (input: DescribeRequest) => describeMany(context, input),
    DeleteCluster: ({ cluster }: { cluster: string }) => remove(context, cluster),
    ListClusters: ({ maxResults, nextToken }: { maxResults?: number; nextToken?: string }) => {
      const active = [...context.state.clusters.values()].filter(({ status }) => status === 'ACTIVE');
      const arns = active.map(({ arn }) => arn).sort();
      const cut = page(arns, maxResults ?? defaultPageSize('ecs', 'ListClusters'), nextToken);
      return { clusterArns: cut.items, nextToken: cut.nextToken };
    },
    UpdateCluster: (input: { cluster: string; settings?: readonly Json[]; configuration?: Json }) => {
      const cluster = clusterNamed(context, input.cluster);
      if (input.settings) cluster.settings = input.settings;
      if (input.configuration) cluster.configuration = input.configuration;
      return { cluster: describeCluster(cluster, ['SETTINGS', 'CONFIGURATIONS', 'TAGS']) };
    },
    UpdateClusterSettings: (input: { cluster: string; settings: readonly Json[] }) => {
      const cluster = clusterNamed(context, input.cluster);
      cluster.settings = input.settings;
      return { cluster: describeCluster(cluster, ['SETTINGS']) };
    },
  };
}
