import type { Clock } from '../../core/clock';
import { ApiError, clientException, invalidParameter } from '../http/apiError';
import type { LogStore } from '../logs/logStore';
import type { Network } from '../ec2/network';
import type { RoleChecks } from '../iam/roleChecks';
import type { Place } from '../place';
import type { SecretStore } from '../secrets/secretStore';
import type { TaskRuntime } from '../runtime/runtime';
import type { ImageResolver } from '../runtime/imageResolver';
import type { CapacityProvider } from './capacity';
import type { RunTokenEntries } from './runTokens';
import type { AlarmState, AlarmStates } from './alarmStates';
import type { Pace } from './pace';
import type { TaskBalancing } from './taskBalancing';
import type { Cluster, Service, Task, TaskDefinition } from './types';

/** The state of ECS: clusters by name, task definitions by family (revision 1 first). */
export interface EcsState {
  readonly clusters: Map<string, Cluster>;
  readonly families: Map<string, (TaskDefinition | undefined)[]>;
  readonly alarms: Map<string, AlarmState>;
  /** By name. */
  readonly capacityProviders: Map<string, CapacityProvider>;
  /** Daemon task definitions by family, revision 1 first. */
  readonly daemonFamilies: Map<string, TaskDefinition[]>;
  /** Values by principal and name. */
  readonly accountSettings: Map<string, string>;
  readonly runTokens: RunTokenEntries;
}

/** An empty state, or a saved one with what an earlier sandbox did not know yet. */
export function ecsState(saved: Partial<EcsState> = {}): EcsState {
  return {
    clusters: new Map(),
    families: new Map(),
    alarms: new Map(),
    capacityProviders: new Map(),
    daemonFamilies: new Map(),
    accountSettings: new Map(),
    runTokens: new Map(),
    ...saved,
  };
}

/** What ECS's operations and its rollout engine work with. */
export interface EcsContext {
  readonly clock: Clock;
  readonly place: Place;
  readonly pace: Pace;
  readonly state: EcsState;
  readonly runtime: TaskRuntime;
  readonly images: ImageResolver;
  readonly logs: LogStore;
  readonly balancing: TaskBalancing;
  readonly secrets: SecretStore;
  readonly alarms: AlarmStates;
  readonly network: Network;
  readonly roleChecks: RoleChecks;
  readonly log: (line: string) => void;
}

/** The last part of an ARN, or the name itself. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

/** @throws ApiError unless the cluster exists and is active. Without a name it is the one called `default`. */
export function clusterNamed(context: EcsContext, nameOrArn: string | undefined | null): Cluster {
  const cluster = findCluster(context, nameOrArn ?? 'default');
  if (cluster?.status === 'ACTIVE') return cluster;
  throw new ApiError('ClusterNotFoundException', 'Cluster not found.');
}

export function findCluster(context: EcsContext, nameOrArn: string): Cluster | undefined {
  const cluster = context.state.clusters.get(nameOf(nameOrArn));
  return !nameOrArn.startsWith('arn:') || nameOrArn === cluster?.arn ? cluster : undefined;
}

export function findService(cluster: Cluster, nameOrArn: string): Service | undefined {
  const service = cluster.services.get(nameOf(nameOrArn));
  return !nameOrArn.startsWith('arn:') || nameOrArn === service?.arn ? service : undefined;
}

/** @throws ApiError unless the service exists and has not been deleted. */
export function serviceNamed(cluster: Cluster, nameOrArn: string): Service {
  const service = findService(cluster, nameOrArn);
  if (!service) throw new ApiError('ServiceNotFoundException', 'Service not found.');
  if (service.status !== 'ACTIVE') throw new ApiError('ServiceNotActiveException', 'Service was not ACTIVE.');
  return service;
}

export function findTask(cluster: Cluster, idOrArn: string): Task | undefined {
  const task = cluster.tasks.get(nameOf(idOrArn));
  return !idOrArn.startsWith('arn:') || idOrArn === task?.arn ? task : undefined;
}

/** `family`, `family:revision` or an ARN. Without a revision it is the newest active one. */
export function findTaskDefinition(context: EcsContext, reference: string): TaskDefinition | undefined {
  const [family = '', revision] = nameOf(reference).split(':');
  const revisions = context.state.families.get(family) ?? [];
  if (revision === undefined) return revisions.findLast((candidate) => candidate?.status === 'ACTIVE');
  const found = /^\d+$/.test(revision) ? revisions[Number(revision) - 1] : undefined;
  return !reference.startsWith('arn:') || reference === found?.arn ? found : undefined;
}

/** A task definition that may be used for something new. @throws ApiError */
export function usableTaskDefinition(context: EcsContext, reference: string): TaskDefinition {
  const found = findTaskDefinition(context, reference);
  if (!found) throw clientException('TaskDefinition not found.');
  if (found.status !== 'ACTIVE') throw clientException('TaskDefinition is inactive');
  return found;
}

/** Every live ARN must name something of this account and Region. */
export function invalidIdentifier(kind: string): ApiError {
  return invalidParameter(`Invalid identifier: Unexpected resource type or identifier for ${kind}.`);
}
