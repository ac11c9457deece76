import type * as sdk from '@aws-sdk/client-ecs';
import { nameOf } from '../core/arn';
import type {
  Cluster,
  Container,
  ContainerInstance,
  Deployment,
  DeploymentRules,
  Service,
  Task,
  TaskPlacement,
} from '../ecs/model';

/* From the SDK's shapes, in which every member is optional, to Gantry's words. */

export function toCluster(from: sdk.Cluster): Cluster {
  return {
    arn: from.clusterArn ?? '',
    name: from.clusterName ?? nameOf(from.clusterArn ?? ''),
    status: from.status ?? '',
    runningTasks: from.runningTasksCount ?? 0,
    pendingTasks: from.pendingTasksCount ?? 0,
    activeServices: from.activeServicesCount ?? 0,
    containerInstances: from.registeredContainerInstancesCount ?? 0,
    capacityProviders: from.capacityProviders ?? [],
    insights: from.settings?.find(({ name }) => name === 'containerInsights')?.value,
  };
}

export function toService(from: sdk.Service): Service {
  const deployments = deploymentsOf(from);
  return {
    arn: from.serviceArn ?? '',
    name: from.serviceName ?? nameOf(from.serviceArn ?? ''),
    clusterArn: from.clusterArn ?? '',
    status: from.status ?? '',
    desired: from.desiredCount ?? 0,
    running: from.runningCount ?? 0,
    pending: from.pendingCount ?? 0,
    // Services of Express Mode and of external controllers do not say what they run.
    taskDefinition: from.taskDefinition ?? deployments.find(({ status }) => status === 'PRIMARY')?.taskDefinition,
    launchType: from.launchType ?? from.capacityProviderStrategy?.[0]?.capacityProvider,
    scheduling: from.schedulingStrategy ?? 'REPLICA',
    execEnabled: from.enableExecuteCommand === true,
    strategy: from.deploymentConfiguration?.strategy ?? 'ROLLING',
    rules: toRules(from),
    placement: toPlacement(from.networkConfiguration?.awsvpcConfiguration),
    gracePeriod: from.healthCheckGracePeriodSeconds,
    createdAt: from.createdAt?.getTime() ?? 0,
    controller: from.deploymentController?.type ?? 'ECS',
    express: from.resourceManagementType === 'ECS',
    deployments,
    revisions: (from.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []),
    targetGroups: balancersOf(from).flatMap(({ targetGroupArn, containerName, containerPort }) =>
      targetGroupArn ? [{ arn: targetGroupArn, container: containerName, containerPort }] : [],
    ),
    events: (from.events ?? []).map(({ id, createdAt, message }) => ({
      id: id ?? '',
      at: createdAt?.getTime() ?? 0,
      text: message ?? '',
    })),
  };
}

/** Defaults: ECS CreateService, deploymentConfiguration. */
function toRules({ deploymentConfiguration: from = {}, schedulingStrategy }: sdk.Service): DeploymentRules {
  const isDaemon = schedulingStrategy === 'DAEMON';
  const { canaryConfiguration: canary, linearConfiguration: linear } = from;
  const shift = canary
    ? { percent: canary.canaryPercent ?? 5, minutes: canary.canaryBakeTimeInMinutes ?? 10 }
    : linear && { percent: linear.stepPercent ?? 10, minutes: linear.stepBakeTimeInMinutes ?? 6 };
  return {
    minimumPercent: from.minimumHealthyPercent ?? (isDaemon ? 0 : 100),
    maximumPercent: from.maximumPercent ?? (isDaemon ? 100 : 200),
    breaker: {
      enabled: from.deploymentCircuitBreaker?.enable === true,
      rollback: from.deploymentCircuitBreaker?.rollback === true,
    },
    ...(shift ? { shift } : {}),
    bakeMinutes: from.bakeTimeInMinutes ?? 0,
  };
}

function toPlacement(from: sdk.AwsVpcConfiguration | undefined): TaskPlacement | undefined {
  return (
    from && {
      subnets: from.subnets ?? [],
      securityGroups: from.securityGroups ?? [],
      publicAddress: from.assignPublicIp === 'ENABLED',
    }
  );
}

/** Controllers other than ECS have task sets in their place. */
function deploymentsOf(from: sdk.Service): Deployment[] {
  if (!from.taskSets?.length) return (from.deployments ?? []).map(toDeployment);
  return from.taskSets.map(toTaskSet).sort((a, b) => b.createdAt - a.createdAt);
}

/** An external controller gives each task set load balancers of its own. */
function balancersOf({ loadBalancers, taskSets }: sdk.Service): readonly sdk.LoadBalancer[] {
  if (loadBalancers?.length) return loadBalancers;
  return taskSets?.find(({ status }) => status === 'PRIMARY')?.loadBalancers ?? [];
}

function toTaskSet(from: sdk.TaskSet): Deployment {
  return {
    id: from.id ?? '',
    status: from.status ?? '',
    taskDefinition: from.taskDefinition ?? '',
    desired: from.computedDesiredCount ?? 0,
    running: from.runningCount ?? 0,
    pending: from.pendingCount ?? 0,
    failed: 0,
    rolloutState: undefined,
    rolloutReason: undefined,
    createdAt: from.createdAt?.getTime() ?? 0,
    externalId: from.externalId,
  };
}

function toDeployment(from: sdk.Deployment): Deployment {
  return {
    id: from.id ?? '',
    status: from.status ?? '',
    taskDefinition: from.taskDefinition ?? '',
    desired: from.desiredCount ?? 0,
    running: from.runningCount ?? 0,
    pending: from.pendingCount ?? 0,
    failed: from.failedTasks ?? 0,
    rolloutState: from.rolloutState,
    rolloutReason: from.rolloutStateReason,
    createdAt: from.createdAt?.getTime() ?? 0,
  };
}

export function toTask(from: sdk.Task): Task {
  const eni = from.attachments?.find(({ type }) => type === 'ElasticNetworkInterface');
  const detail = (name: string): string | undefined => eni?.details?.find((each) => each.name === name)?.value;
  return {
    arn: from.taskArn ?? '',
    id: nameOf(from.taskArn ?? ''),
    clusterArn: from.clusterArn ?? '',
    group: from.group,
    startedBy: from.startedBy,
    lastStatus: from.lastStatus ?? '',
    desiredStatus: from.desiredStatus ?? '',
    health: from.healthStatus,
    taskDefinition: from.taskDefinitionArn ?? '',
    launchType: from.capacityProviderName ?? from.launchType,
    stopCode: from.stopCode,
    stoppedReason: from.stoppedReason,
    startedAt: from.startedAt?.getTime(),
    createdAt: from.createdAt?.getTime(),
    containerInstance: from.containerInstanceArn,
    stoppedAt: from.stoppedAt?.getTime(),
    execEnabled: from.enableExecuteCommand === true,
    cpu: from.cpu,
    memory: from.memory,
    zone: from.availabilityZone,
    networkInterface: detail('networkInterfaceId'),
    subnet: detail('subnetId'),
    privateAddress: detail('privateIPv4Address'),
    containers: (from.containers ?? []).map(toContainer),
  };
}

function toContainer(from: sdk.Container): Container {
  return {
    name: from.name ?? '',
    image: from.image ?? '',
    imageDigest: from.imageDigest,
    status: from.lastStatus ?? '',
    health: from.healthStatus,
    exitCode: from.exitCode,
    reason: from.reason,
    networkBindings: (from.networkBindings ?? []).flatMap(({ bindIP, containerPort, hostPort }) =>
      hostPort ? [{ bindIp: bindIP ?? '0.0.0.0', containerPort, hostPort }] : [],
    ),
  };
}

export function toContainerInstance(from: sdk.ContainerInstance): ContainerInstance {
  const amount = (name: string, of: sdk.Resource[] | undefined): number =>
    of?.find((resource) => resource.name === name)?.integerValue ?? 0;
  const resources = (name: string): ContainerInstance['cpu'] => ({
    remaining: amount(name, from.remainingResources),
    registered: amount(name, from.registeredResources),
  });
  const attribute = (name: string): string | undefined => from.attributes?.find((each) => each.name === name)?.value;
  return {
    arn: from.containerInstanceArn ?? '',
    id: nameOf(from.containerInstanceArn ?? ''),
    ec2Instance: from.ec2InstanceId,
    status: from.status ?? '',
    agentConnected: from.agentConnected === true,
    agentVersion: from.versionInfo?.agentVersion,
    runningTasks: from.runningTasksCount ?? 0,
    pendingTasks: from.pendingTasksCount ?? 0,
    capacityProvider: from.capacityProviderName,
    cpu: resources('CPU'),
    memory: resources('MEMORY'),
    zone: attribute('ecs.availability-zone'),
    instanceType: attribute('ecs.instance-type'),
    registeredAt: from.registeredAt?.getTime(),
  };
}
