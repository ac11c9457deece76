import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { defaultPageSize } from '../model/apiModel';
import { page } from '../paging';
import { type EcsContext, clusterNamed, findService } from './context';
import { finishRecord, isGoingOn, lastCompleted, primaryOf } from './deployments';
import { managedResources } from './expressAnswer';
import { rollBack } from './rollback';
import type { Scheduler } from './scheduler';
import { sidesOf, tasksWanted } from './stages';
import { stageOf } from './strategies';
import { type Behind, groupFor } from './taskBalancing';
import { tasksOf } from './taskIndex';
import type { Cluster, HookRun, Service, ServiceDeployment, ServiceRevision, Shift } from './types';

interface ListRequest {
  readonly cluster?: string;
  readonly service: string;
  readonly status?: readonly string[];
  readonly createdAt?: { readonly before?: number; readonly after?: number };
  readonly nextToken?: string;
  readonly maxResults?: number;
}

const at = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

interface Found {
  readonly cluster: Cluster;
  readonly service: Service;
  readonly record: ServiceDeployment;
}

/** `…:service-deployment/CLUSTER/SERVICE/ID` → the deployment, its service and its cluster. */
function findRecord(context: EcsContext, arn: string): Found | undefined {
  const [, clusterName = '', serviceName = ''] = arn.split('/');
  const cluster = context.state.clusters.get(clusterName);
  const service = cluster?.services.get(serviceName);
  const record = service?.history.find((candidate) => candidate.arn === arn);
  return cluster && service && record ? { cluster, service, record } : undefined;
}

function list(context: EcsContext, request: ListRequest): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const service = findService(cluster, request.service);
  if (!service) throw new ApiError('ServiceNotFoundException', 'Service not found.');
  const { status, createdAt } = request;
  const found = service.history
    .filter((record) => !status?.length || status.includes(record.status))
    .filter((record) => createdAt?.after === undefined || record.createdAt >= createdAt.after * 1000)
    .filter((record) => createdAt?.before === undefined || record.createdAt <= createdAt.before * 1000);
  const filters = [service.arn, status ?? null, createdAt ?? null];
  const size = request.maxResults ?? defaultPageSize('ecs', 'ListServiceDeployments');
  const { items, nextToken } = page(found, size, request.nextToken, filters);
  const serviceDeployments = items.map((record) => ({
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: cluster.arn,
    startedAt: at(record.startedAt),
    createdAt: at(record.createdAt),
    finishedAt: at(record.finishedAt),
    targetServiceRevisionArn: record.target.arn,
    status: record.status,
    statusReason: record.statusReason,
  }));
  return { serviceDeployments, nextToken };
}

function describe({ cluster, service, record }: Found): Record<string, unknown> {
  const tasks = tasksOf(cluster, service.name);
  const { shift } = record;
  const sides = service.current === record ? sidesOf(service) : undefined;
  const summary = (revision: ServiceRevision): Record<string, unknown> => {
    const deployment = service.deployments.find((candidate) => candidate.revision === revision);
    const own = tasks.filter(({ startedBy }) => startedBy === deployment?.id);
    const primary = primaryOf(service)?.revision === revision;
    const requested = sides && deployment ? tasksWanted(sides, deployment, service.desiredCount) : undefined;
    const alone = primary && !sides ? service.desiredCount : undefined;
    return {
      arn: revision.arn,
      requestedTaskCount: requested ?? alone ?? own.filter((task) => task.desiredStatus === 'RUNNING').length,
      ...(shift ? trafficWeights(record, shift, revision, sides?.source?.revision) : {}),
      runningTaskCount: own.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
      pendingTaskCount: own.filter((task) => ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus))
        .length,
    };
  };
  const { breaker, rollback } = record;
  return {
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: cluster.arn,
    createdAt: at(record.createdAt),
    startedAt: at(record.startedAt),
    finishedAt: at(record.finishedAt),
    stoppedAt: at(record.stoppedAt),
    updatedAt: at(record.updatedAt),
    sourceServiceRevisions: record.sources.map(summary),
    targetServiceRevision: summary(record.target),
    status: record.status,
    statusReason: record.statusReason,
    deploymentConfiguration: record.configuration,
    rollback: rollback && { ...rollback, startedAt: at(rollback.startedAt) },
    deploymentCircuitBreaker: { status: breaker.status, failureCount: breaker.failures, threshold: breaker.threshold },
    alarms: {
      status: record.alarms?.status ?? 'DISABLED',
      alarmNames: record.alarms?.names ?? [],
      triggeredAlarmNames: record.alarms?.triggered ?? [],
    },
    ...(shift ? { lifecycleStage: stageOf(shift), lifecycleHookDetails: shift.hooks.map(describeHook) } : {}),
  };
}

/** Percent of production and of test traffic that a revision gets: what was in production gets what is left. */
function trafficWeights(
  record: ServiceDeployment,
  shift: Shift,
  revision: ServiceRevision,
  source: ServiceRevision | undefined,
): Record<string, number> {
  const side = (percent: number): number => (revision === record.target ? percent : 100 - percent);
  const before = revision === source || revision.arn === record.rollback?.serviceRevisionArn;
  const none = revision !== record.target && !before;
  const tested = (record.target.settings.loadBalancers as readonly Behind[]).some(
    ({ advancedConfiguration }) => advancedConfiguration?.testListenerRule !== undefined,
  );
  return {
    requestedProductionTrafficWeight: none ? 0 : side(shift.production),
    ...(tested ? { requestedTestTrafficWeight: none ? 0 : side(shift.test) } : {}),
  };
}

function describeHook({ hookId, targetType, targetArn, status, expiresAt, timeoutAction }: HookRun): unknown {
  return { hookId, targetType, targetArn, status, expiresAt: new Date(expiresAt), timeoutAction };
}

function describeMany(context: EcsContext, arns: readonly string[]): unknown {
  const found = arns.map((arn) => ({ arn, record: findRecord(context, arn) }));
  return {
    serviceDeployments: found.flatMap(({ record }) => (record ? [describe(record)] : [])),
    failures: found.filter(({ record }) => !record).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
}

function describeRevision(
  context: EcsContext,
  cluster: Cluster,
  service: Service,
  revision: ServiceRevision,
): Record<string, unknown> {
  const { settings, digests } = revision;
  const fargate = settings.launchType === 'FARGATE';
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: cluster.arn,
    taskDefinition: settings.taskDefinition.arn,
    capacityProviderStrategy: settings.capacityProviderStrategy,
    launchType: settings.launchType,
    platformVersion: fargate ? '1.4.0' : undefined,
    platformFamily: fargate ? 'Linux' : undefined,
    loadBalancers: settings.loadBalancers,
    ...resolved(revision),
    serviceRegistries: settings.serviceRegistries,
    networkConfiguration: settings.networkConfiguration,
    containerImages: settings.taskDefinition.registered.containerDefinitions.map(({ name, image }) => ({
      containerName: name,
      image,
      imageDigest: digests.get(name),
    })),
    ecsManagedResources: managedResources(context, service, revision),
    guardDutyEnabled: false,
    serviceConnectConfiguration: settings.serviceConnectConfiguration,
    volumeConfigurations: settings.volumeConfigurations,
    createdAt: at(revision.createdAt),
  };
}

/** Behind which target group a revision of a service that shifts traffic really is. */
function resolved({ settings, alternate = false }: ServiceRevision): Record<string, unknown> {
  const shifted = (settings.loadBalancers as readonly Behind[]).filter((behind) => behind.advancedConfiguration);
  if (shifted.length === 0) return {};
  const loadBalancers = shifted.map((behind) => ({
    targetGroupArn: groupFor(behind, alternate),
    productionListenerRule: behind.advancedConfiguration?.productionListenerRule,
  }));
  return { resolvedConfiguration: { loadBalancers } };
}

function describeRevisions(context: EcsContext, arns: readonly string[]): unknown {
  const serviceRevisions: unknown[] = [];
  const failures: unknown[] = [];
  for (const arn of arns) {
    const [, clusterName = '', serviceName = ''] = arn.split('/');
    const cluster = context.state.clusters.get(clusterName);
    const service = cluster?.services.get(serviceName);
    if (service?.status === 'INACTIVE') {
      throw invalidParameter('Cannot call DescribeServiceRevisions for a service that is INACTIVE');
    }
    const revision = service?.revisions.get(arn);
    if (cluster && service && revision) serviceRevisions.push(describeRevision(context, cluster, service, revision));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { serviceRevisions, failures };
}

function stop(context: EcsContext, scheduler: Scheduler, arn: string, stopType: 'ABORT' | 'ROLLBACK'): unknown {
  const found = findRecord(context, arn);
  if (!found) throw new ApiError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  const { cluster, service, record } = found;
  const primary = primaryOf(service);
  if (!isGoingOn(record) || record !== service.current || record.status !== 'IN_PROGRESS' || !primary) {
    throw new ApiError(
      'ConflictException',
      `The service deployment is in ${record.status} state and cannot be stopped.`,
    );
  }
  const now = context.clock.now();
  const target = lastCompleted(service, primary);
  if (stopType === 'ROLLBACK' && !target) {
    throw invalidParameter('There is no completed service deployment to roll back to.');
  }
  record.status = stopType === 'ROLLBACK' ? 'ROLLBACK_REQUESTED' : 'STOP_REQUESTED';
  record.statusReason = 'Service deployment was stopped by a user.';
  record.updatedAt = now;
  stopLater(context, scheduler, cluster, service);
  return { serviceDeploymentArn: record.arn };
}

/** Carries out a requested stop after a moment, in which the request can be seen. */
function stopLater(context: EcsContext, scheduler: Scheduler, cluster: Cluster, service: Service): void {
  const record = service.current;
  const primary = primaryOf(service);
  context.clock.after(context.pace.rollback, () => {
    // Somebody may have started another deployment in the meantime.
    if (!record || !primary || service.current !== record || primaryOf(service) !== primary) return;
    const target = lastCompleted(service, primary);
    primary.rolloutState = 'FAILED';
    primary.rolloutStateReason = 'ECS deployment stopped by a user.';
    if (record.status === 'ROLLBACK_REQUESTED' && target) {
      rollBack(context, service, primary, target, { breaker: false, reason: 'StopServiceDeployment was called.' });
    } else {
      record.stoppedAt = context.clock.now();
      finishRecord(record, 'STOPPED', record.stoppedAt);
    }
    scheduler.reconcile(cluster, service);
  });
}

/** A stop that was requested before the sandbox ended is still to be carried out. */
export function resumeStop(context: EcsContext, scheduler: Scheduler, cluster: Cluster, service: Service): void {
  const status = service.current?.status;
  if (status === 'ROLLBACK_REQUESTED' || status === 'STOP_REQUESTED') stopLater(context, scheduler, cluster, service);
}

interface ContinueRequest {
  readonly serviceDeploymentArn: string;
  readonly hookId: string;
  readonly action?: 'CONTINUE' | 'ROLLBACK';
}

/** Answers a PAUSE hook: the deployment goes on, or back. */
function goOn(context: EcsContext, scheduler: Scheduler, request: ContinueRequest): unknown {
  const found = findRecord(context, request.serviceDeploymentArn);
  if (!found) throw new ApiError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  const { cluster, service, record } = found;
  const hook = record.shift?.hooks.find(({ hookId }) => hookId === request.hookId);
  if (!hook) throw invalidParameter(`The hook ${request.hookId} was not found in the service deployment.`);
  if (hook.status !== 'AWAITING_ACTION' || record.status !== 'IN_PROGRESS') {
    throw invalidParameter(`The hook ${request.hookId} is not awaiting an action.`);
  }
  hook.status = request.action === 'ROLLBACK' ? 'FAILED' : 'SUCCEEDED';
  scheduler.reconcile(cluster, service);
  return { serviceDeploymentArn: record.arn };
}

export function serviceDeploymentOperations(context: EcsContext, scheduler: Scheduler): Record<string, Operation> {
  return {
    ListServiceDeployments: (input: ListRequest) => list(context, input),
    DescribeServiceDeployments: (input: { serviceDeploymentArns: readonly string[] }) =>
      describeMany(context, input.serviceDeploymentArns),
    DescribeServiceRevisions: (input: { serviceRevisionArns: readonly string[] }) =>
      describeRevisions(context, input.serviceRevisionArns),
    ContinueServiceDeployment: (input: ContinueRequest) => goOn(context, scheduler, input),
    StopServiceDeployment: (input: { serviceDeploymentArn: string; stopType?: 'ABORT' | 'ROLLBACK' }) =>
      stop(context, scheduler, input.serviceDeploymentArn, input.stopType ?? 'ROLLBACK'),
  };
}
