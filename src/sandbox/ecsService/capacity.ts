import { clientException, invalidParameter } from '../http/apiError';
import { type EcsContext, nameOf } from './context';
import type { Cluster, Json, LaunchType, Task } from './types';

export interface StrategyItem {
  readonly capacityProvider: string;
  readonly weight?: number;
  readonly base?: number;
}

/** A capacity provider of the account's own. */
export interface CapacityProvider {
  readonly name: string;
  readonly arn: string;
  /** Only the managed-instances kind belongs to one cluster. */
  readonly cluster?: string;
  status: 'PROVISIONING' | 'ACTIVE';
  updateStatus: string;
  autoScalingGroupProvider?: Json;
  managedInstancesProvider?: Json;
  readonly tags: Map<string, string>;
}

/** AWS's own. */
export const fargateProviders = ['FARGATE', 'FARGATE_SPOT'];

/** On what the tasks of a provider run. */
export function launchTypeOf({ state }: EcsContext, provider: string): LaunchType {
  if (fargateProviders.includes(provider)) return 'FARGATE';
  return state.capacityProviders.get(nameOf(provider))?.managedInstancesProvider ? 'MANAGED_INSTANCES' : 'EC2';
}

/** @throws ApiError unless every provider exists. */
export function checkProviders({ state }: EcsContext, names: readonly string[]): void {
  const unknown = names.find((name) => !fargateProviders.includes(name) && !state.capacityProviders.has(nameOf(name)));
  if (unknown !== undefined) throw clientException(`The specified capacity provider was not found: ${unknown}`);
}

/** The request in which an empty strategy is none, as AWS takes it: Terraform sends one beside a launch type. */
export function withoutEmptyStrategy<T extends { readonly capacityProviderStrategy?: readonly Json[] }>(request: T): T {
  return request.capacityProviderStrategy?.length === 0 ? { ...request, capacityProviderStrategy: undefined } : request;
}

/** What ECS asks of a capacity provider strategy. @throws ApiError */
export function checkProviderStrategy(
  context: EcsContext,
  associated: readonly string[],
  strategy: readonly Json[] | undefined,
): void {
  const items = (strategy ?? []) as unknown as readonly StrategyItem[];
  if (items.some(({ capacityProvider }) => !associated.map(nameOf).includes(nameOf(capacityProvider)))) {
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with ' +
        'the cluster. Associate the capacity provider with the cluster and try again.',
    );
  }
  if (new Set(items.map(({ capacityProvider }) => launchTypeOf(context, capacityProvider))).size > 1) {
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups, ' +
        'managed instances and AWS Fargate.',
    );
  }
  if (items.filter(({ base = 0 }) => base > 0).length > 1) {
    throw invalidParameter('The specified capacity provider strategy can have only one capacity provider with a base.');
  }
  if (items.length > 0 && items.every(({ weight = 0, base = 0 }) => weight === 0 && base === 0) && items.length > 1) {
    throw invalidParameter('At least one capacity provider of a strategy must have a weight greater than 0.');
  }
}

/** The provider whose turn it is: first the base, then by weight. `running` are tasks of the same origin. */
export function chooseProvider(strategy: readonly Json[], running: readonly Task[]): string | undefined {
  const items = strategy as unknown as readonly StrategyItem[];
  const count = ({ capacityProvider }: StrategyItem): number =>
    running.filter((task) => task.capacityProvider === nameOf(capacityProvider)).length;
  const base = items.find((item) => count(item) < (item.base ?? 0));
  if (base) return nameOf(base.capacityProvider);
  const share = (item: StrategyItem): number => (count(item) - (item.base ?? 0) + 1) / (item.weight ?? 0);
  const [best = items[0]] = items.filter(({ weight = 0 }) => weight > 0).sort((a, b) => share(a) - share(b));
  return best && nameOf(best.capacityProvider);
}

/** Where the instances that a provider has in a cluster may still become more: AWS's managed scaling. */
export function scales({ state }: EcsContext, cluster: Cluster, name: string): boolean {
  const provider = state.capacityProviders.get(name);
  if (provider?.status !== 'ACTIVE') return false;
  const scaling = provider.autoScalingGroupProvider?.['managedScaling'] as { status?: string } | undefined;
  if (!provider.managedInstancesProvider && scaling?.status !== 'ENABLED') return false;
  const instances = [...cluster.instances.values()].filter(({ capacityProvider }) => capacityProvider === name);
  return instances.length < mostInstances;
}

/** The sandbox's own limit: they are all the same machine. */
const mostInstances = 10;

/** CPU units and MiB of an instance that a provider launches: what its requirements ask for at least. */
export function instanceSize({ state }: EcsContext, name: string): { cpu: number; memory: number } {
  const managed = state.capacityProviders.get(name)?.managedInstancesProvider;
  const template = managed?.['instanceLaunchTemplate'] as
    { instanceRequirements?: { vCpuCount?: { min?: number }; memoryMiB?: { min?: number } } } | undefined;
  const { vCpuCount, memoryMiB } = template?.instanceRequirements ?? {};
  return { cpu: Math.max(2, vCpuCount?.min ?? 0) * 1024, memory: Math.max(4096, memoryMiB?.min ?? 0) };
}
