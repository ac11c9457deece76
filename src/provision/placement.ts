import { message, type Message } from '../core/message';
import type { DescribedTaskDefinition } from '../ecs/gateway';
import { needsOf } from '../ecs/taskNeeds';
import type { CapacityChoice, NetworkChoice } from './choices';
import { placeTasks } from './defaults';
import type { KnownNetwork } from './facts';

/** What a registered task definition says about where its tasks can run. */
export interface DefinitionFacts {
  readonly arn: string;
  readonly family: string;
  /** awsvpc, bridge, host or none. */
  readonly networkMode: string;
  /** FARGATE, EC2, MANAGED_INSTANCES, EXTERNAL. */
  readonly compatibilities: readonly string[];
  readonly isWindows: boolean;
  readonly hasTaskRole: boolean;
  /** TCP ports with the containers that listen on them. */
  readonly ports: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly container: string;
  readonly port: number;
}

/** Reads them (ECS DescribeTaskDefinition). */
export function definitionFacts({ taskDefinition }: DescribedTaskDefinition): DefinitionFacts {
  const needs = needsOf(taskDefinition);
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const known = texts(taskDefinition['compatibilities']);
  const asked = texts(taskDefinition['requiresCompatibilities']);
  const compatibilities = known.length > 0 ? known : asked;
  return {
    arn: String(taskDefinition['taskDefinitionArn'] ?? ''),
    family: String(taskDefinition['family'] ?? ''),
    networkMode: needs.networkMode,
    compatibilities: compatibilities.length > 0 ? compatibilities : ['EC2'],
    isWindows: needs.operatingSystem?.startsWith('WINDOWS') ?? false,
    hasTaskRole: needs.taskRole !== undefined,
    ports: needs.containers.flatMap(({ name, ports }) => ports.map((port) => ({ container: name, port }))),
  };
}

/** What a cluster has to run tasks on, beside Fargate. */
export interface ClusterCapacity {
  readonly name: string;
  readonly providers: readonly string[];
  /** Those of the providers whose instances ECS manages. */
  readonly managed: readonly string[];
  /** Instances that are registered with it. */
  readonly instances: number;
}

/** Where tasks of a definition can run in a cluster, the most usual first; empty when nowhere. */
export function capacitiesFor(definition: DefinitionFacts, cluster: ClusterCapacity): CapacityChoice[] {
  const can = (compatibility: string): boolean => definition.compatibilities.includes(compatibility);
  const own = cluster.providers.filter((name) => !name.startsWith('FARGATE'));
  const usable = own.filter((name) => can(cluster.managed.includes(name) ? 'MANAGED_INSTANCES' : 'EC2'));
  // Fargate Spot has no Windows (Amazon ECS Developer Guide, "Fargate capacity providers").
  const hasSpot = can('FARGATE') && cluster.providers.includes('FARGATE_SPOT') && !definition.isWindows;
  return [
    ...(can('FARGATE') ? [{ kind: 'fargate' } as const] : []),
    ...(hasSpot ? [{ kind: 'fargateSpot' } as const] : []),
    ...usable.map((name) => ({ kind: 'provider', name }) as const),
    ...(can('EC2') && cluster.instances > 0 ? [{ kind: 'registeredInstances' } as const] : []),
  ];
}

/** Where tasks of a definition are put. */
export interface PlacedChoices {
  readonly definition: DefinitionFacts;
  /** Of an existing cluster. */
  readonly cluster: string;
  readonly capacity: CapacityChoice;
  /** What else they could run on. */
  readonly capacities: readonly CapacityChoice[];
  /** In awsvpc mode, and only then. */
  readonly network: NetworkChoice | undefined;
}

/** The most usual of what tasks can run on. */
export function usualCapacity([first = { kind: 'fargate' }]: readonly CapacityChoice[]): CapacityChoice {
  return first;
}

export function onFargate({ capacity }: Pick<PlacedChoices, 'capacity'>): boolean {
  return capacity.kind === 'fargate' || capacity.kind === 'fargateSpot';
}

/** Private subnets that reach ECR, else public ones; on instances a task gets no public address (awsvpc mode). */
export function networkFor(
  definition: DefinitionFacts,
  capacity: CapacityChoice,
  known: KnownNetwork,
): NetworkChoice | undefined {
  if (definition.networkMode !== 'awsvpc') return undefined;
  const placed = placeTasks(known);
  return onFargate({ capacity }) ? placed : { ...placed, publicAddress: false };
}

/** What ECS refuses about a placement (CreateService and RunTask, `awsvpcConfiguration`). */
export function placementProblems({ network, capacity }: PlacedChoices): Message[] {
  if (!network) return [];
  const { subnets, securityGroups = [], publicAddress } = network;
  return [
    subnets.length === 0 ? message('Tasks need a subnet.') : undefined,
    subnets.length > 16 ? message('Tasks are put into at most {0} subnets.', 16) : undefined,
    securityGroups.length > 5 ? message('Tasks have at most {0} security groups.', 5) : undefined,
    publicAddress && !onFargate({ capacity })
      ? message('Tasks on instances get no public address of their own (awsvpc network mode).')
      : undefined,
  ].filter((problem) => problem !== undefined);
}

/** Why tasks of a definition cannot run in a cluster. */
export function nowhereToRun({ arn, compatibilities }: DefinitionFacts, cluster: string): Message {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return message('“{0}” runs on {1}, and the cluster “{2}” has none of it.', name, compatibilities.join(', '), cluster);
}
