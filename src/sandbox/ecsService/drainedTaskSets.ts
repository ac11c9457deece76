import { tasksOf } from './taskIndex';
import type { Cluster, Service, TaskSet } from './types';

/** Lets task sets go whose tasks are all gone. */
export function forgetDrained(cluster: Cluster, service: Service): void {
  const stays = (taskSet: TaskSet): boolean =>
    taskSet.status !== 'DRAINING' ||
    tasksOf(cluster, service.name, taskSet.id).some(({ lastStatus }) => lastStatus !== 'STOPPED');
  if (service.taskSets) service.taskSets = service.taskSets.filter(stays);
}
