import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { findService } from '../ecsService/context';
import { tasksOf } from '../ecsService/taskIndex';
import { describeTaskSet } from '../ecsService/taskSetAnswer';
import type { Json } from '../ecsService/types';
import { page } from '../paging';
import { readRevision, type RevisionLocation } from './appSpec';
import { shiftsOf } from './configs';
import { type Course, groupOf } from './course';
import { shownRevision } from './groups';
import { deploymentNamed, deploymentsOf, groupNamed, isGoingOn } from './lookUp';
import type { CodeDeployContext, CodeDeployment } from './types';

interface CreateRequest {
  readonly applicationName: string;
  readonly deploymentGroupName?: string;
  readonly deploymentConfigName?: string;
  readonly description?: string;
  readonly revision?: RevisionLocation;
  readonly autoRollbackConfiguration?: { readonly enabled?: boolean; readonly events?: readonly string[] };
}

interface ListRequest {
  readonly applicationName?: string;
  readonly deploymentGroupName?: string;
  readonly includeOnlyStatuses?: readonly string[];
  readonly createTimeRange?: { readonly start?: Date | number; readonly end?: Date | number };
  readonly nextToken?: string;
}

interface OneRequest {
  readonly deploymentId: string;
}

const date = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));

function create(context: CodeDeployContext, course: Course, request: CreateRequest): unknown {
  const group = groupNamed(context, request.applicationName, request.deploymentGroupName);
  const { text: revision, appSpec } = readRevision(request.revision);
  const config = request.deploymentConfigName ?? group.config;
  shiftsOf(config);
  const active = deploymentsOf(context, group.application, group.name).find(isGoingOn);
  if (active) {
    throw new ApiError(
      'DeploymentLimitExceededException',
      `The Deployment Group '${group.name}' already has an active Deployment '${active.id}'`,
    );
  }
  const own = request.autoRollbackConfiguration;
  const rollbackOn = own ? (own.enabled ? (own.events ?? []) : []) : group.rollbackOn;
  const { description } = request;
  return { deploymentId: course.begin(group, { revision, appSpec, config, description, rollbackOn }).id };
}

function describe(context: CodeDeployContext, deployment: CodeDeployment): Json {
  const { status, rollback, rollbackOn, error } = deployment;
  const group = context.state.applications.get(deployment.application)?.groups.get(deployment.group);
  const counted = { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 };
  const target = targetStatus(status);
  return {
    ...group?.shown,
    ecsServices: undefined,
    alarmConfiguration: undefined,
    applicationName: deployment.application,
    deploymentGroupName: deployment.group,
    deploymentConfigName: deployment.config,
    deploymentId: deployment.id,
    previousRevision: deployment.previous === undefined ? undefined : shownRevision(deployment.previous),
    revision: shownRevision(deployment.revision),
    status,
    errorInformation: error,
    createTime: new Date(deployment.createdAt),
    startTime: status === 'Created' ? undefined : new Date(deployment.createdAt),
    completeTime: date(deployment.completedAt),
    deploymentOverview: { ...counted, [target]: 1 },
    description: deployment.description,
    creator: deployment.creator,
    ignoreApplicationStopFailures: false,
    autoRollbackConfiguration: { enabled: rollbackOn.length > 0, events: rollbackOn },
    updateOutdatedInstancesOnly: false,
    rollbackInfo: rollback && {
      rollbackDeploymentId: rollback.by,
      rollbackTriggeringDeploymentId: rollback.of,
      rollbackMessage: rollback.message,
    },
    instanceTerminationWaitTimeStarted: deployment.terminating,
    fileExistsBehavior: 'DISALLOW',
    deploymentStatusMessages: [],
    computePlatform: 'ECS',
  };
}

function targetStatus(status: CodeDeployment['status']): 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Ready' {
  if (status === 'Created') return 'Pending';
  return status === 'Stopped' ? 'Failed' : status;
}

function list(context: CodeDeployContext, request: ListRequest): unknown {
  const { applicationName, deploymentGroupName, includeOnlyStatuses: wanted, createTimeRange: range } = request;
  if (applicationName !== undefined && deploymentGroupName !== undefined) {
    groupNamed(context, applicationName, deploymentGroupName);
  }
  const from = Number(range?.start ?? 0);
  const to = Number(range?.end ?? Infinity);
  const found = [...context.state.deployments.values()]
    .reverse()
    .filter(({ application }) => applicationName === undefined || application === applicationName)
    .filter(({ group }) => deploymentGroupName === undefined || group === deploymentGroupName)
    .filter(({ status }) => !wanted?.length || wanted.includes(status))
    .filter(({ createdAt }) => createdAt >= from && createdAt <= to)
    .map(({ id }) => id);
  const cut = page(found, 100, request.nextToken, [applicationName, deploymentGroupName, wanted]);
  return { deployments: cut.items, nextToken: cut.nextToken };
}

function stop(
  context: CodeDeployContext,
  course: Course,
  { deploymentId, autoRollbackEnabled }: OneRequest & { autoRollbackEnabled?: boolean },
): unknown {
  const deployment = deploymentNamed(context, deploymentId);
  if (!isGoingOn(deployment)) {
    throw new ApiError('DeploymentAlreadyCompletedException', `The deployment ${deploymentId} is already completed.`);
  }
  const event = 'DEPLOYMENT_STOP_ON_REQUEST';
  const asked = autoRollbackEnabled ?? deployment.rollbackOn.includes(event);
  if (asked && !deployment.rollbackOn.includes(event)) deployment.rollbackOn = [...deployment.rollbackOn, event];
  course.fail(deployment, 'Stopped', 'MANUAL_STOP', 'The deployment was stopped by a user.', asked ? event : undefined);
  return { status: 'Succeeded', statusMessage: 'The deployment was stopped.' };
}

function goOn(
  context: CodeDeployContext,
  course: Course,
  { deploymentId, deploymentWaitType: wait = 'READY_WAIT' }: OneRequest & { deploymentWaitType?: string },
): unknown {
  const deployment = deploymentNamed(context, deploymentId);
  if (!isGoingOn(deployment)) {
    throw new ApiError('DeploymentAlreadyCompletedException', `The deployment ${deploymentId} is already completed.`);
  }
  const waits = wait === 'READY_WAIT' ? deployment.status === 'Ready' : deployment.terminating;
  if (!waits) {
    throw new ApiError(
      'DeploymentIsNotInReadyStateException',
      `The deployment ${deploymentId} is not in a wait state.`,
    );
  }
  course.goOn(deployment, wait);
  return {};
}

/** The only target of an ECS deployment: the service. */
function targetOf(context: CodeDeployContext, deployment: CodeDeployment): { id: string; shown: Json } {
  const group = context.state.applications.get(deployment.application)?.groups.get(deployment.group);
  const cluster = context.ecs.state.clusters.get(group?.service.cluster ?? '');
  const service = cluster && findService(cluster, group?.service.name ?? '');
  const id = `${group?.service.cluster ?? ''}:${group?.service.name ?? ''}`;
  const sets = cluster && service ? (service.taskSets ?? []) : [];
  const taskSetsInfo: Json[] = sets.map((taskSet) => {
    const shown = cluster && service ? describeTaskSet(cluster, service, taskSet) : {};
    const isGreen = taskSet.id === deployment.green;
    const arn = groupOf(taskSet);
    const name = context.elb.state.groups.get(arn ?? '')?.name;
    return {
      ...{ identifer: taskSet.id, desiredCount: shown['computedDesiredCount'], pendingCount: shown['pendingCount'] },
      ...{ runningCount: shown['runningCount'], status: taskSet.status },
      trafficWeight: isGreen ? deployment.traffic : taskSet.id === deployment.blue ? 100 - deployment.traffic : 0,
      targetGroup: name === undefined ? undefined : { name },
      taskSetLabel: isGreen ? 'Green' : 'Blue',
    };
  });
  const isGone = deployment.green !== undefined && !sets.some((taskSet) => taskSet.id === deployment.green);
  const gone = { identifer: deployment.green, desiredCount: 0, pendingCount: 0, runningCount: 0, trafficWeight: 0 };
  if (isGone) taskSetsInfo.push({ ...gone, status: 'DRAINING', targetGroup: undefined, taskSetLabel: 'Green' });
  const tasks = cluster && service ? tasksOf(cluster, service.name, deployment.green) : [];
  const lifecycleEvents = deployment.events.map(({ name, status, start, end }) => ({
    ...{ lifecycleEventName: name, status, startTime: date(start), endTime: date(end) },
  }));
  const last = Math.max(deployment.since, ...tasks.map(({ createdAt }) => createdAt));
  const ecsTarget = {
    ...{ deploymentId: deployment.id, targetId: id, targetArn: service?.arn, lastUpdatedAt: new Date(last) },
    ...{ lifecycleEvents, status: targetStatus(deployment.status), taskSetsInfo },
  };
  return { id, shown: { deploymentTargetType: 'ECSTarget', ecsTarget } };
}

function oneTarget(context: CodeDeployContext, { deploymentId, targetId }: OneRequest & { targetId: string }): Json {
  const { id, shown } = targetOf(context, deploymentNamed(context, deploymentId));
  if (id === targetId) return shown;
  throw new ApiError('DeploymentTargetDoesNotExistException', `The deployment target ${targetId} does not exist.`);
}

export function deploymentOperations(context: CodeDeployContext, course: Course): Record<string, Operation> {
  return {
    CreateDeployment: (input: CreateRequest) => create(context, course, input),
    GetDeployment: ({ deploymentId }: OneRequest) => ({
      deploymentInfo: describe(context, deploymentNamed(context, deploymentId)),
    }),
    BatchGetDeployments: ({ deploymentIds }: { deploymentIds: readonly string[] }) => {
      const found = deploymentIds.flatMap((id) => context.state.deployments.get(id) ?? []);
      return { deploymentsInfo: found.map((each) => describe(context, each)) };
    },
    ListDeployments: (input: ListRequest) => list(context, input),
    StopDeployment: (input: OneRequest) => stop(context, course, input),
    ContinueDeployment: (input: OneRequest) => goOn(context, course, input),
    ListDeploymentTargets: ({ deploymentId }: OneRequest) => ({
      targetIds: [targetOf(context, deploymentNamed(context, deploymentId)).id],
    }),
    GetDeploymentTarget: (input: OneRequest & { targetId: string }) => ({
      deploymentTarget: oneTarget(context, input),
    }),
    BatchGetDeploymentTargets: ({ deploymentId, targetIds }: OneRequest & { targetIds?: readonly string[] }) => ({
      deploymentTargets: (targetIds ?? []).map((targetId) => oneTarget(context, { deploymentId, targetId })),
    }),
  };
}
