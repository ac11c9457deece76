import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { longDigits, shortId } from '../ids';
import { page } from '../paging';
import { ecsArn } from '../place';
import { type EcsContext, clusterNamed, nameOf } from './context';
import { instancesOf, tasksOfDaemon } from './daemonScheduler';
import { daemonTaskDefinition } from './daemonTaskDefinitions';
import type { Scheduler } from './scheduler';
import { tagMap } from './tags';
import type { Cluster, Daemon, DaemonDeployment, DaemonRevision, Json, Tag } from './types';

interface Wish {
  readonly daemonTaskDefinitionArn: string;
  readonly capacityProviderArns: readonly string[];
  readonly deploymentConfiguration?: Json;
  readonly propagateTags?: string;
  readonly enableECSManagedTags?: boolean;
  readonly enableExecuteCommand?: boolean;
}

interface CreateRequest extends Wish {
  readonly daemonName: string;
  readonly clusterArn?: string;
  readonly tags?: readonly Tag[];
  readonly clientToken?: string;
}

interface Found {
  readonly cluster: Cluster;
  readonly daemon: Daemon;
}

const at = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

/** Daemons run on managed instances only. @throws ApiError */
function providersOf(context: EcsContext, cluster: Cluster, arns: readonly string[]): string[] {
  if (arns.length === 0) throw invalidParameter('At least one capacity provider must be specified.');
  const names = arns.map(nameOf);
  for (const name of names) {
    const provider = context.state.capacityProviders.get(name);
    if (!provider?.managedInstancesProvider || !cluster.capacityProviders.includes(name)) {
      throw invalidParameter(
        `The capacity provider ${name} is not a managed instances capacity provider that is associated with the cluster.`,
      );
    }
  }
  return names;
}

function begin(context: EcsContext, cluster: Cluster, daemon: Daemon, sources: DaemonRevision[]): void {
  const now = context.clock.now();
  const [former] = daemon.deployments;
  if (former?.status === 'IN_PROGRESS') Object.assign(former, { status: 'STOPPED', stoppedAt: now, finishedAt: now });
  daemon.deployments.unshift({
    arn: ecsArn(context.place, `daemon-deployment/${cluster.name}/${daemon.name}/${shortId()}`),
    target: daemon.revision,
    sources,
    createdAt: now,
    status: 'IN_PROGRESS',
    configuration: daemon.configuration,
  });
}

function revisionOf(context: EcsContext, cluster: Cluster, name: string, wish: Wish): DaemonRevision {
  return {
    arn: ecsArn(context.place, `daemon-revision/${cluster.name}/${name}/${longDigits()}`),
    createdAt: context.clock.now(),
    definition: daemonTaskDefinition(context, wish.daemonTaskDefinitionArn),
    digests: new Map(),
    propagateTags: wish.propagateTags ?? 'NONE',
    enableECSManagedTags: wish.enableECSManagedTags ?? false,
    enableExecuteCommand: wish.enableExecuteCommand ?? false,
  };
}

function create(context: EcsContext, scheduler: Scheduler, request: CreateRequest): unknown {
  const cluster = clusterNamed(context, request.clusterArn);
  const { daemonName: name, clientToken } = request;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter(`Invalid daemon name '${name}'.`);
  const existing = cluster.daemons?.get(name);
  if (existing && clientToken !== undefined && existing.clientToken === clientToken) return summary(existing);
  if (existing) throw invalidParameter('A daemon with the specified name already exists.');
  const now = context.clock.now();
  const revision = revisionOf(context, cluster, name, request);
  const daemon: Daemon = {
    name,
    arn: ecsArn(context.place, `daemon/${cluster.name}/${name}`),
    ...(clientToken === undefined ? {} : { clientToken }),
    createdAt: now,
    updatedAt: now,
    status: 'ACTIVE',
    providers: providersOf(context, cluster, request.capacityProviderArns),
    configuration: request.deploymentConfiguration ?? {},
    revision,
    revisions: [revision],
    deployments: [],
    tags: tagMap(request.tags),
    notBefore: 0,
  };
  (cluster.daemons ??= new Map()).set(name, daemon);
  begin(context, cluster, daemon, []);
  scheduler.keepDaemons(cluster);
  return { ...summary(daemon), updatedAt: undefined };
}

function summary(daemon: Daemon): Record<string, unknown> {
  return {
    daemonArn: daemon.arn,
    status: daemon.status,
    createdAt: at(daemon.createdAt),
    updatedAt: at(daemon.updatedAt),
    deploymentArn: daemon.deployments[0]?.arn,
  };
}

/** `…/CLUSTER/NAME` or `…/CLUSTER/NAME/ID`. */
function find({ state }: EcsContext, arn: string): Found | undefined {
  const [, clusterName = '', name = ''] = arn.split('/');
  const cluster = state.clusters.get(clusterName);
  const daemon = cluster?.daemons?.get(name);
  return cluster && daemon ? { cluster, daemon } : undefined;
}

function named(context: EcsContext, arn: string): Found {
  const found = find(context, arn);
  if (found?.daemon.arn === arn) return found;
  throw new ApiError('DaemonNotFoundException', 'The specified daemon was not found.');
}

function activeOne(context: EcsContext, arn: string): Found {
  const found = named(context, arn);
  if (found.daemon.status === 'ACTIVE') return found;
  throw new ApiError('DaemonNotActiveException', 'The specified daemon is not active.');
}

function update(context: EcsContext, scheduler: Scheduler, request: Wish & { daemonArn: string }): unknown {
  const { cluster, daemon } = activeOne(context, request.daemonArn);
  const providers = providersOf(context, cluster, request.capacityProviderArns);
  const revision = revisionOf(context, cluster, daemon.name, request);
  const former = daemon.revision;
  daemon.providers = providers;
  daemon.configuration = request.deploymentConfiguration ?? daemon.configuration;
  daemon.revision = revision;
  daemon.revisions.push(revision);
  daemon.updatedAt = context.clock.now();
  daemon.notBefore = 0;
  begin(context, cluster, daemon, [former]);
  scheduler.keepDaemons(cluster);
  return summary(daemon);
}

function describe(context: EcsContext, { cluster, daemon }: Found): unknown {
  const tasks = tasksOfDaemon(cluster, daemon).filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const shown = daemon.revisions.filter(
    (revision) => revision === daemon.revision || tasks.some((task) => task.taskDefinition === revision.definition),
  );
  const currentRevisions = shown.map(({ arn, definition }) => {
    const own = tasks.filter(({ taskDefinition }) => taskDefinition === definition);
    const capacityProviders = daemon.providers.map((name) => ({
      arn: ecsArn(context.place, `capacity-provider/${name}`),
      runningCount: own.filter(({ capacityProvider }) => capacityProvider === name).length,
    }));
    return { arn, capacityProviders, totalRunningCount: own.length };
  });
  const { deploymentArn, ...rest } = summary(daemon);
  return { daemon: { ...rest, clusterArn: cluster.arn, currentRevisions, deploymentArn } };
}

function describeDeployment(context: EcsContext, found: Found, deployment: DaemonDeployment): Record<string, unknown> {
  const { cluster, daemon } = found;
  const detail = ({ arn, definition }: DaemonRevision): Record<string, unknown> => {
    const tasks = tasksOfDaemon(cluster, daemon).filter(({ taskDefinition }) => taskDefinition === definition);
    const on = (name: string): number => tasks.filter(({ capacityProvider }) => capacityProvider === name).length;
    const capacityProviders = daemon.providers.map((name) => ({
      arn: ecsArn(context.place, `capacity-provider/${name}`),
      runningInstanceCount: on(name),
      drainingInstanceCount: 0,
    }));
    return { arn, capacityProviders, totalRunningInstanceCount: tasks.length, totalDrainingInstanceCount: 0 };
  };
  return {
    daemonDeploymentArn: deployment.arn,
    clusterArn: cluster.arn,
    status: deployment.status,
    targetDaemonRevision: detail(deployment.target),
    sourceDaemonRevisions: deployment.sources.map(detail),
    circuitBreaker: { failureCount: 0, status: 'DISABLED', threshold: instancesOf(cluster, daemon).length },
    alarms: { status: 'DISABLED', alarmNames: [], triggeredAlarmNames: [] },
    deploymentConfiguration: deployment.configuration,
    createdAt: at(deployment.createdAt),
    startedAt: at(deployment.createdAt),
    stoppedAt: at(deployment.stoppedAt),
    finishedAt: at(deployment.finishedAt),
  };
}

interface ListDeploymentsRequest {
  readonly daemonArn: string;
  readonly status?: readonly string[];
  readonly createdAt?: { readonly before?: number; readonly after?: number };
  readonly maxResults?: number;
  readonly nextToken?: string;
}

function listDeployments(context: EcsContext, request: ListDeploymentsRequest): unknown {
  const found = find(context, request.daemonArn);
  if (!found) throw invalidParameter('The specified daemon was not found.');
  const { status, createdAt: { before = Infinity, after = 0 } = {} } = request;
  const all = found.daemon.deployments
    .filter((one) => !status?.length || status.includes(one.status))
    .filter(({ createdAt }) => createdAt >= after * 1000 && createdAt <= before * 1000);
  const filters = [request.daemonArn, status ?? null, request.createdAt ?? null];
  const { items, nextToken } = page(all, request.maxResults ?? 20, request.nextToken, filters);
  const daemonDeployments = items.map((one) => ({
    daemonDeploymentArn: one.arn,
    daemonArn: found.daemon.arn,
    clusterArn: found.cluster.arn,
    status: one.status,
    targetDaemonRevisionArn: one.target.arn,
    createdAt: at(one.createdAt),
    startedAt: at(one.createdAt),
    stoppedAt: at(one.stoppedAt),
    finishedAt: at(one.finishedAt),
  }));
  return { daemonDeployments, nextToken };
}

/** Answers for what is there and failures for what is not. */
function each(
  arns: readonly string[],
  answer: (arn: string) => Record<string, unknown> | undefined,
): { found: Record<string, unknown>[]; failures: { arn: string; reason: string }[] } {
  const all = arns.map((arn) => ({ arn, value: answer(arn) }));
  return {
    found: all.flatMap(({ value }) => (value ? [value] : [])),
    failures: all.filter(({ value }) => !value).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
}

function describeRevision({ cluster, daemon }: Found, arn: string): Record<string, unknown> | undefined {
  const revision = daemon.revisions.find((candidate) => candidate.arn === arn);
  if (!revision) return undefined;
  return {
    daemonRevisionArn: arn,
    clusterArn: cluster.arn,
    daemonArn: daemon.arn,
    daemonTaskDefinitionArn: revision.definition.arn,
    createdAt: at(revision.createdAt),
    containerImages: revision.definition.registered.containerDefinitions.map(({ name, image }) => ({
      containerName: name,
      image,
      imageDigest: revision.digests.get(name),
    })),
    propagateTags: revision.propagateTags,
    enableECSManagedTags: revision.enableECSManagedTags,
    enableExecuteCommand: revision.enableExecuteCommand,
  };
}

function list(
  context: EcsContext,
  request: { clusterArn?: string; capacityProviderArns?: readonly string[]; maxResults?: number; nextToken?: string },
): unknown {
  const cluster = clusterNamed(context, request.clusterArn);
  const providers = request.capacityProviderArns?.map(nameOf);
  const found = [...(cluster.daemons?.values() ?? [])].filter(
    (daemon) => !providers?.length || daemon.providers.some((name) => providers.includes(name)),
  );
  const { items, nextToken } = page(found, request.maxResults ?? 100, request.nextToken, [
    cluster.name,
    providers ?? null,
  ]);
  return { daemonSummariesList: items.map((daemon) => ({ ...summary(daemon), deploymentArn: undefined })), nextToken };
}

export function daemonOperations(context: EcsContext, scheduler: Scheduler): Record<string, Operation> {
  return {
    CreateDaemon: (input: CreateRequest) => create(context, scheduler, input),
    UpdateDaemon: (input: Wish & { daemonArn: string }) => update(context, scheduler, input),
    DeleteDaemon: ({ daemonArn }: { daemonArn: string }) => {
      const { cluster, daemon } = activeOne(context, daemonArn);
      daemon.status = 'DELETE_IN_PROGRESS';
      daemon.updatedAt = context.clock.now();
      scheduler.keepDaemons(cluster);
      return summary(daemon);
    },
    DescribeDaemon: ({ daemonArn }: { daemonArn: string }) => describe(context, named(context, daemonArn)),
    ListDaemons: (input: { clusterArn?: string }) => list(context, input),
    ListDaemonDeployments: (input: ListDeploymentsRequest) => listDeployments(context, input),
    DescribeDaemonDeployments: (input: { daemonDeploymentArns: readonly string[] }) => {
      const { found, failures } = each(input.daemonDeploymentArns, (arn) => {
        const owner = find(context, arn);
        const deployment = owner?.daemon.deployments.find((candidate) => candidate.arn === arn);
        return owner && deployment && describeDeployment(context, owner, deployment);
      });
      return { daemonDeployments: found, failures };
    },
    DescribeDaemonRevisions: (input: { daemonRevisionArns: readonly string[] }) => {
      const { found, failures } = each(input.daemonRevisionArns, (arn) => {
        const owner = find(context, arn);
        return owner && describeRevision(owner, arn);
      });
      return { daemonRevisions: found, failures };
    },
  };
}
