import { randomUUID } from 'node:crypto';
import { findCluster, findService } from '../ecsService/context';
import type { Json } from '../ecsService/types';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { allAtOnce, shiftsOf } from './configs';
import { applicationNamed, deploymentsOf, groupNamed, isGoingOn } from './lookUp';
import type { CodeDeployContext, CodeDeployment, DeploymentGroup } from './types';

interface Pair {
  readonly targetGroups?: readonly { readonly name?: string }[];
  readonly prodTrafficRoute?: { readonly listenerArns?: readonly string[] };
  readonly testTrafficRoute?: { readonly listenerArns?: readonly string[] };
}

interface GroupRequest {
  readonly applicationName: string;
  readonly deploymentGroupName: string;
  readonly deploymentConfigName?: string;
  readonly serviceRoleArn: string;
  readonly ecsServices?: readonly { readonly clusterName?: string; readonly serviceName?: string }[];
  readonly deploymentStyle?: { readonly deploymentType?: string; readonly deploymentOption?: string };
  readonly blueGreenDeploymentConfiguration?: {
    readonly terminateBlueInstancesOnDeploymentSuccess?: { readonly terminationWaitTimeInMinutes?: number };
    readonly deploymentReadyOption?: { readonly actionOnTimeout?: string; readonly waitTimeInMinutes?: number };
  };
  readonly loadBalancerInfo?: { readonly targetGroupPairInfoList?: readonly Pair[] };
  readonly autoRollbackConfiguration?: { readonly enabled?: boolean; readonly events?: readonly string[] };
  readonly alarmConfiguration?: { readonly enabled?: boolean; readonly alarms?: readonly { readonly name?: string }[] };
  readonly tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

function create(context: CodeDeployContext, request: GroupRequest): unknown {
  const { groups } = applicationNamed(context, request.applicationName);
  const { deploymentGroupName: name } = request;
  if (groups.has(name)) {
    throw new ApiError(
      'DeploymentGroupAlreadyExistsException',
      `A deployment group with this name already exists: ${name}`,
    );
  }
  const group = newGroup(context, request);
  groups.set(name, group);
  return { deploymentGroupId: group.id };
}

function newGroup(context: CodeDeployContext, request: GroupRequest): DeploymentGroup {
  const { deploymentStyle: style, blueGreenDeploymentConfiguration: blueGreen = {} } = request;
  if (style?.deploymentType !== 'BLUE_GREEN' || style.deploymentOption !== 'WITH_TRAFFIC_CONTROL') {
    throw new ApiError(
      'InvalidDeploymentStyleException',
      'For ECS deployment group, the deployment type must be BLUE_GREEN and the option WITH_TRAFFIC_CONTROL.',
    );
  }
  const config = request.deploymentConfigName ?? allAtOnce;
  shiftsOf(config);
  const { deploymentReadyOption: ready, terminateBlueInstancesOnDeploymentSuccess: end } = blueGreen;
  const rollback = request.autoRollbackConfiguration;
  const alarms = request.alarmConfiguration;
  return {
    ...{ id: randomUUID(), application: request.applicationName, name: request.deploymentGroupName },
    ...{ config, roleArn: request.serviceRoleArn, service: serviceOf(context, request) },
    ...routesOf(context, request),
    shown: {
      ...{ deploymentStyle: style, blueGreenDeploymentConfiguration: blueGreen },
      ...{ loadBalancerInfo: request.loadBalancerInfo, ecsServices: request.ecsServices },
      ...{ autoRollbackConfiguration: rollback, alarmConfiguration: alarms },
    },
    readyMinutes: ready?.actionOnTimeout === 'STOP_DEPLOYMENT' ? (ready.waitTimeInMinutes ?? 0) : undefined,
    terminationMinutes: end?.terminationWaitTimeInMinutes ?? 0,
    rollbackOn: rollback?.enabled ? (rollback.events ?? []) : [],
    alarms: alarms?.enabled ? (alarms.alarms ?? []).flatMap(({ name }) => name ?? []) : [],
    tags: new Map((request.tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}

/** One service that CodeDeploy deploys, and that no other deployment group has. */
function serviceOf({ ecs, state }: CodeDeployContext, { ecsServices = [] }: GroupRequest): DeploymentGroup['service'] {
  const [first] = ecsServices;
  const cluster = findCluster(ecs, first?.clusterName ?? 'default');
  const service = cluster && findService(cluster, first?.serviceName ?? '');
  if (ecsServices.length !== 1 || !cluster || service?.deploymentController !== 'CODE_DEPLOY') {
    throw new ApiError(
      'InvalidECSServiceException',
      'The ECS service must exist and use the deployment controller CODE_DEPLOY.',
    );
  }
  const groups = [...state.applications.values()].flatMap((application) => [...application.groups.values()]);
  if (groups.some((group) => group.service.cluster === cluster.name && group.service.name === service.name)) {
    throw new ApiError(
      'ECSServiceMappingLimitExceededException',
      'The Amazon ECS service is associated with more than one deployment groups.',
    );
  }
  return { cluster: cluster.name, name: service.name };
}

function routesOf(
  { elb }: CodeDeployContext,
  { loadBalancerInfo }: GroupRequest,
): Pick<DeploymentGroup, 'targetGroups' | 'production' | 'test'> {
  const pairs = loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const [pair] = pairs;
  const arns = (pair?.targetGroups ?? []).flatMap(({ name }) => {
    const found = [...elb.state.groups.values()].find((group) => group.name === name);
    return found ? [found.arn] : [];
  });
  const [first, second] = arns;
  if (pairs.length !== 1 || arns.length !== 2 || first === undefined || second === undefined) {
    throw new ApiError('InvalidTargetGroupPairException', 'Two target groups that exist must be specified.');
  }
  const production = pair?.prodTrafficRoute?.listenerArns ?? [];
  const test = pair?.testTrafficRoute?.listenerArns ?? [];
  if (production.length !== 1 || [...production, ...test].some((arn) => !elb.state.listeners.has(arn))) {
    throw new ApiError('InvalidLoadBalancerInfoException', 'The listener of the production traffic must exist.');
  }
  return { targetGroups: [first, second], production, test };
}

function describe(context: CodeDeployContext, group: DeploymentGroup): Json {
  const all = deploymentsOf(context, group.application, group.name);
  const succeeded = all.find(({ status }) => status === 'Succeeded');
  return {
    ...group.shown,
    applicationName: group.application,
    deploymentGroupId: group.id,
    deploymentGroupName: group.name,
    deploymentConfigName: group.config,
    serviceRoleArn: group.roleArn,
    computePlatform: 'ECS',
    terminationHookEnabled: false,
    outdatedInstancesStrategy: 'UPDATE',
    triggerConfigurations: [],
    targetRevision: succeeded && shownRevision(succeeded.revision),
    lastSuccessfulDeployment: lastOf(succeeded),
    lastAttemptedDeployment: lastOf(all[0]),
  };
}

function lastOf(deployment: CodeDeployment | undefined): Json | undefined {
  if (!deployment) return undefined;
  const { id, status, createdAt, completedAt } = deployment;
  const endTime = completedAt === undefined ? undefined : new Date(completedAt);
  return { deploymentId: id, status, createTime: new Date(createdAt), endTime };
}

export function shownRevision(content: string): Json {
  return { revisionType: 'AppSpecContent', appSpecContent: { content } };
}

function remove(context: CodeDeployContext, { applicationName, deploymentGroupName }: GroupRequest): unknown {
  const { groups } = applicationNamed(context, applicationName);
  if (deploymentsOf(context, applicationName, deploymentGroupName).some(isGoingOn)) {
    throw new ApiError('InvalidDeploymentGroupNameException', 'The deployment group has an active deployment.');
  }
  groups.delete(deploymentGroupName);
  return { hooksNotCleanedUp: [] };
}

export function groupOperations(context: CodeDeployContext): Record<string, Operation> {
  return {
    CreateDeploymentGroup: (input: GroupRequest) => create(context, input),
    GetDeploymentGroup: ({ applicationName, deploymentGroupName }: GroupRequest) => ({
      deploymentGroupInfo: describe(context, groupNamed(context, applicationName, deploymentGroupName)),
    }),
    ListDeploymentGroups: ({ applicationName, nextToken }: { applicationName: string; nextToken?: string }) => {
      const { groups } = applicationNamed(context, applicationName);
      const cut = page([...groups.keys()].sort(), 100, nextToken, applicationName);
      return { applicationName, deploymentGroups: cut.items, nextToken: cut.nextToken };
    },
    BatchGetDeploymentGroups: (input: { applicationName: string; deploymentGroupNames: readonly string[] }) => {
      if (input.deploymentGroupNames.length > 100) {
        throw new ApiError('BatchLimitExceededException', 'At most 100 deployment groups can be asked for.');
      }
      const { groups } = applicationNamed(context, input.applicationName);
      const found = input.deploymentGroupNames.flatMap((name) => groups.get(name) ?? []);
      return { deploymentGroupsInfo: found.map((group) => describe(context, group)) };
    },
    DeleteDeploymentGroup: (input: GroupRequest) => remove(context, input),
  };
}
