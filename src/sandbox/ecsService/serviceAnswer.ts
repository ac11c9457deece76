import { isPending } from './clusters';
import { primaryOf } from './deployments';
import { platform } from './platform';
import { tagList } from './tags';
import { tasksOf } from './taskIndex';
import { describeTaskSet } from './taskSetAnswer';
import type { Cluster, Deployment, Service, Task } from './types';

interface Counts {
  readonly running: number;
  readonly pending: number;
}

function countsOf(tasks: readonly Task[]): Counts {
  return {
    running: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pending: tasks.filter(isPending).length,
  };
}

/** A service as DescribeServices shows it. Tags come only when they are asked for. */
export function describeService(cluster: Cluster, service: Service, withTags: boolean): Record<string, unknown> {
  const tasks = tasksOf(cluster, service.name);
  const { running, pending } = countsOf(tasks);
  const { settings } = service;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: cluster.arn,
    loadBalancers: settings.loadBalancers,
    serviceRegistries: settings.serviceRegistries,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: running,
    pendingCount: pending,
    launchType: settings.launchType,
    capacityProviderStrategy: settings.capacityProviderStrategy,
    ...platform(settings.launchType, settings.platformVersion ?? 'LATEST'),
    // A service of Express Mode shows what it runs in its revisions only.
    taskDefinition: service.express ? undefined : settings.taskDefinition?.arn,
    resourceManagementType: service.express ? 'ECS' : 'CUSTOMER',
    taskSets: service.taskSets?.map((taskSet) => describeTaskSet(cluster, service, taskSet)),
    deploymentConfiguration: deploymentConfiguration(service),
    deployments: service.deployments.map((deployment) => describeDeployment(service, deployment, tasks)),
    events: service.events.map((event) => ({ ...event, createdAt: new Date(event.createdAt) })),
    createdAt: new Date(service.createdAt),
    currentServiceDeployment: service.current?.arn,
    currentServiceRevisions: currentRevisions(service, tasks),
    placementConstraints: service.placementConstraints,
    placementStrategy: service.placementStrategy,
    networkConfiguration: settings.networkConfiguration,
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    schedulingStrategy: service.schedulingStrategy,
    deploymentController: { type: service.deploymentController },
    tags: withTags ? tagList(service.tags) : undefined,
    createdBy: service.createdBy,
    enableECSManagedTags: service.enableECSManagedTags,
    propagateTags: service.propagateTags,
    enableExecuteCommand: service.enableExecuteCommand,
    availabilityZoneRebalancing: service.availabilityZoneRebalancing,
  };
}

/** AWS fills in what was left out. */
function deploymentConfiguration({ configuration, schedulingStrategy }: Service): Record<string, unknown> {
  const daemon = schedulingStrategy === 'DAEMON';
  return {
    deploymentCircuitBreaker: { enable: false, rollback: false },
    maximumPercent: daemon ? 100 : 200,
    minimumHealthyPercent: daemon ? 0 : 100,
    strategy: 'ROLLING',
    bakeTimeInMinutes: 0,
    ...configuration,
  };
}

function describeDeployment(service: Service, deployment: Deployment, all: readonly Task[]): Record<string, unknown> {
  const tasks = all.filter(({ startedBy }) => startedBy === deployment.id);
  const { running, pending } = countsOf(tasks);
  const { settings } = deployment.revision;
  const live = tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').length;
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: settings.taskDefinition.arn,
    // An earlier deployment wants only what has not been replaced yet.
    desiredCount: deployment.status === 'PRIMARY' ? service.desiredCount : live,
    pendingCount: pending,
    runningCount: running,
    failedTasks: deployment.failedTasks,
    createdAt: new Date(deployment.createdAt),
    updatedAt: new Date(deployment.updatedAt),
    launchType: settings.launchType,
    capacityProviderStrategy: settings.capacityProviderStrategy,
    ...platform(settings.launchType, settings.platformVersion ?? '1.4.0'),
    networkConfiguration: settings.networkConfiguration,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    serviceConnectConfiguration: settings.serviceConnectConfiguration,
    volumeConfigurations: settings.volumeConfigurations,
  };
}

function currentRevisions(service: Service, all: readonly Task[]): Record<string, unknown>[] {
  return service.deployments.map((deployment) => {
    const { running, pending } = countsOf(all.filter(({ startedBy }) => startedBy === deployment.id));
    const requestedTaskCount = deployment === primaryOf(service) ? service.desiredCount : running;
    return { arn: deployment.revision.arn, requestedTaskCount, runningTaskCount: running, pendingTaskCount: pending };
  });
}
