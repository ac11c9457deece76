import type { Page } from '../core/paging';
import type { ExpressChange, ExpressService } from './express';
import type { Cluster, ContainerInstance, Daemon, Service, Task } from './model';
import type { ServiceDeployment, ServiceDeploymentBrief, ServiceRevision } from './serviceDeployment';

/** What a Describe call found, and what it did not: ECS answers 200 with `failures[]` for missing things. */
export interface Described<T> {
  readonly found: readonly T[];
  readonly missing: readonly { readonly arn: string; readonly reason: string }[];
}

/**
 * A task definition as JSON, exactly as ECS sent it: members that no SDK knows yet and empty strings included.
 * The SDK's own types would lose them.
 */
export type RawTaskDefinition = Readonly<Record<string, unknown>>;

/** A task definition with its tags, as DescribeTaskDefinition returns them. */
export interface DescribedTaskDefinition {
  readonly taskDefinition: RawTaskDefinition;
  readonly tags: readonly { readonly key?: string; readonly value?: string }[];
}

export interface ListTasksFilter {
  readonly serviceName?: string | undefined;
  readonly desiredStatus?: 'RUNNING' | 'STOPPED' | undefined;
  /** ID or ARN of a container instance. */
  readonly containerInstance?: string | undefined;
}

export interface ServiceDeploymentFilter {
  /** Milliseconds since the epoch. */
  readonly createdAfter?: number;
  readonly status?: 'SUCCESSFUL' | 'IN_PROGRESS';
}

/** How a deployment goes on after a hook that asks a person. */
export type HookAnswer = 'CONTINUE' | 'ROLLBACK';

/** What UpdateService is told: only what changes, so that nobody needs more permissions than the change needs. */
export interface ServiceChange {
  readonly cluster: string;
  readonly service: string;
  readonly taskDefinition?: string;
  readonly forceNewDeployment?: boolean;
  readonly desiredCount?: number;
  readonly enableExecuteCommand?: boolean;
  /** Further members of UpdateService as ECS gave them, for a rollback. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What RunTask is told, as JSON of the ECS API. */
export type RunTaskInput = Readonly<Record<string, unknown>> & {
  readonly cluster: string;
  readonly taskDefinition: string;
};

/**
 * ECS as Gantry asks it: one method per API operation, one call per method, so that the number of calls of a
 * gesture can be read off the code. Every method throws `GantryError`; every method takes a signal.
 */
export interface EcsGateway {
  /** ListClusters, 100 a page. */
  listClusters(token: string | undefined, signal: AbortSignal): Promise<Page<string>>;
  /** DescribeClusters, at most 100. */
  describeClusters(arns: readonly string[], signal: AbortSignal): Promise<Described<Cluster>>;
  /** ListServices, 100 a page. */
  listServices(cluster: string, token: string | undefined, signal: AbortSignal): Promise<Page<string>>;
  /** DescribeServices, at most 10. */
  describeServices(cluster: string, services: readonly string[], signal: AbortSignal): Promise<Described<Service>>;
  /** ListTasks, 100 a page. */
  listTasks(
    cluster: string,
    filter: ListTasksFilter,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<Page<string>>;
  /** DescribeTasks, at most 100. */
  describeTasks(cluster: string, tasks: readonly string[], signal: AbortSignal): Promise<Described<Task>>;
  /** DescribeTaskDefinition with tags, as raw JSON. */
  describeTaskDefinition(taskDefinition: string, signal: AbortSignal): Promise<DescribedTaskDefinition>;
  /** RegisterTaskDefinition with raw JSON; returns the ARN of the new revision. */
  registerTaskDefinition(input: RawTaskDefinition, signal: AbortSignal): Promise<string>;
  /** UpdateService. */
  updateService(input: ServiceChange, signal: AbortSignal): Promise<Service>;
  /** DescribeExpressGatewayService: what the newest revision of an Express Mode service was made from. */
  describeExpress(arn: string, signal: AbortSignal): Promise<ExpressService>;
  /** UpdateExpressGatewayService with the members that change. Its answer names no deployment. */
  updateExpress(arn: string, change: ExpressChange, signal: AbortSignal): Promise<void>;
  /** StopTask; the reason shows as the task's stopped reason. */
  stopTask(cluster: string, task: string, reason: string, signal: AbortSignal): Promise<void>;
  /**
   * RunTask; returns the ARNs of the new tasks.
   * @throws GantryError refused when ECS started none and said why in `failures[]`
   */
  runTask(input: RunTaskInput, signal: AbortSignal): Promise<readonly string[]>;
  /** DescribeServices of one service as raw JSON: what a task that runs like its tasks is made from. */
  describeRawService(cluster: string, service: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  /** ListContainerInstances, 100 a page. */
  listContainerInstances(cluster: string, token: string | undefined, signal: AbortSignal): Promise<Page<string>>;
  /** DescribeContainerInstances, at most 100. */
  describeContainerInstances(
    cluster: string,
    arns: readonly string[],
    signal: AbortSignal,
  ): Promise<Described<ContainerInstance>>;
  /** DescribeCapacityProviders: those whose instances ECS manages (Managed Instances). At most 100 names. */
  describeManagedProviders(names: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** ListDaemons of a cluster, 100 a page. */
  listDaemons(cluster: string, token: string | undefined, signal: AbortSignal): Promise<Page<Daemon>>;
  /** ListTaskDefinitionFamilies with active revisions, 100 a page. */
  listFamilies(token: string | undefined, signal: AbortSignal): Promise<Page<string>>;
  /** ListTaskDefinitions of a family, the newest revision first, 100 a page. */
  listRevisions(family: string, token: string | undefined, signal: AbortSignal): Promise<Page<string>>;
  /** DeregisterTaskDefinition: tasks that run keep running. */
  deregisterRevision(revision: string, signal: AbortSignal): Promise<void>;
  /** ListServiceDeployments, newest first: one page of at most 100. */
  listServiceDeployments(
    cluster: string,
    service: string,
    filter: ServiceDeploymentFilter,
    signal: AbortSignal,
  ): Promise<readonly ServiceDeploymentBrief[]>;
  /** DescribeServiceDeployments, at most 20. */
  describeServiceDeployments(arns: readonly string[], signal: AbortSignal): Promise<readonly ServiceDeployment[]>;
  /** DescribeServiceRevisions, at most 20. */
  describeServiceRevisions(arns: readonly string[], signal: AbortSignal): Promise<readonly ServiceRevision[]>;
  /** StopServiceDeployment with ROLLBACK: back to the last service revision that was deployed successfully. */
  rollBackServiceDeployment(arn: string, signal: AbortSignal): Promise<void>;
  /** ContinueServiceDeployment: answers a hook that waits for a person. */
  continueServiceDeployment(arn: string, hook: string, answer: HookAnswer, signal: AbortSignal): Promise<void>;
}
