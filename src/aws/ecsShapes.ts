import type * as sdk from '@aws-sdk/client-ecs';
import { nameOf } from '../core/arn';
import type { Cluster, Container, Deployment, Service, ServiceDeployment, Task } from '../ecs/model';

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
  };
}

export function toService(from: sdk.Service): Service {
  return {
    arn: from.serviceArn ?? '',
    name: from.serviceName ?? nameOf(from.serviceArn ?? ''),
    clusterArn: from.clusterArn ?? '',
    status: from.status ?? '',
    desired: from.desiredCount ?? 0,
    running: from.runningCount ?? 0,
    pending: from.pendingCount ?? 0,
    taskDefinition: from.taskDefinition,
    launchType: from.launchType ?? from.capacityProviderStrategy?.[0]?.capacityProvider,
    controller: from.deploymentController?.type ?? 'ECS',
    express: from.resourceManagementType === 'ECS',
    deployments: (from.deployments ?? []).map(toDeployment),
    targetGroups: (from.loadBalancers ?? []).flatMap(({ targetGroupArn, containerPort }) =>
      targetGroupArn ? [{ arn: targetGroupArn, containerPort }] : [],
    ),
    events: (from.events ?? []).map(({ id, createdAt, message }) => ({
      id: id ?? '',
      at: createdAt?.getTime() ?? 0,
      text: message ?? '',
    })),
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
    launchType: from.launchType ?? from.capacityProviderName,
    stopCode: from.stopCode,
    stoppedReason: from.stoppedReason,
    startedAt: from.startedAt?.getTime(),
    createdAt: from.createdAt?.getTime(),
    containerInstance: from.containerInstanceArn,
    networkInterface: eni?.details?.find(({ name }) => name === 'networkInterfaceId')?.value,
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

export function toServiceDeployment(from: sdk.ServiceDeployment): ServiceDeployment {
  return {
    arn: from.serviceDeploymentArn ?? '',
    status: from.status ?? '',
    reason: from.statusReason,
    lifecycleStage: from.lifecycleStage,
    targetServiceRevision: from.targetServiceRevision?.arn,
    createdAt: from.createdAt?.getTime() ?? 0,
    failureCount: from.deploymentCircuitBreaker?.failureCount,
    failureThreshold: from.deploymentCircuitBreaker?.threshold,
  };
}
