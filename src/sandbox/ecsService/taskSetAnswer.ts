import { isPending } from './clusters';
import { platform } from './platform';
import { tasksOf } from './taskIndex';
import type { Cluster, Service, TaskSet } from './types';

/** `computedDesiredCount`: AWS rounds up. */
export function wantedOf({ desiredCount }: Service, { scale }: TaskSet): number {
  return Math.ceil((desiredCount * (scale.value ?? 0)) / 100);
}

/** A task set as DescribeServices and DescribeTaskSets show it, tags apart. */
export function describeTaskSet(cluster: Cluster, service: Service, taskSet: TaskSet): Record<string, unknown> {
  const tasks = tasksOf(cluster, service.name, taskSet.id);
  const { settings } = taskSet.revision;
  return {
    id: taskSet.id,
    taskSetArn: taskSet.arn,
    serviceArn: service.arn,
    clusterArn: cluster.arn,
    // CodeDeploy's id of its deployment is the external one.
    startedBy: service.deploymentController === 'CODE_DEPLOY' && taskSet.externalId ? 'CODE_DEPLOY' : undefined,
    externalId: taskSet.externalId,
    status: taskSet.status,
    taskDefinition: settings.taskDefinition.arn,
    computedDesiredCount: wantedOf(service, taskSet),
    pendingCount: tasks.filter(isPending).length,
    runningCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    createdAt: new Date(taskSet.createdAt),
    updatedAt: new Date(taskSet.updatedAt),
    launchType: settings.launchType,
    capacityProviderStrategy: settings.capacityProviderStrategy,
    ...platform(settings.launchType, settings.platformVersion ?? '1.4.0'),
    networkConfiguration: settings.networkConfiguration,
    loadBalancers: settings.loadBalancers,
    serviceRegistries: settings.serviceRegistries,
    scale: taskSet.scale,
    stabilityStatus: taskSet.stable ? 'STEADY_STATE' : 'STABILIZING',
    stabilityStatusAt: new Date(taskSet.stableAt),
  };
}
