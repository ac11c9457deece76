import { resumeLifecycles } from '../ecrService/lifecycleRuns';
import { finishLater } from '../ecsService/capacityProviders';
import { removeGatewayLater } from '../ecsService/expressResources';
import { resumeStop } from '../ecsService/serviceDeployments';
import type { Cluster, Task } from '../ecsService/types';
import type { World } from '../world';

/**
 * Takes a saved world up again. The containers of the last process are gone, so its tasks are shown as stopped, and
 * the services start new ones.
 */
export function resume(world: World): void {
  const now = world.ecs.clock.now();
  world.elb.health.resume();
  resumeLifecycles(world.ecr);
  for (const provider of world.ecs.state.capacityProviders.values()) {
    if (provider.status === 'PROVISIONING') finishLater(world.ecs, provider);
  }
  for (const cluster of world.ecs.state.clusters.values()) {
    for (const task of cluster.tasks.values()) {
      if (task.lastStatus !== 'STOPPED') endTask(task, now);
      world.scheduler.life.forgetLater(task);
    }
    resumeServices(world, cluster);
    world.scheduler.keepDaemons(cluster);
  }
  world.course.resume();
  world.cloudFormation.courses.resume();
}

function resumeServices(world: World, cluster: Cluster): void {
  for (const service of cluster.services.values()) {
    service.held = false;
    service.steady = false;
    if (service.express && service.status !== 'ACTIVE')
      removeGatewayLater({ ...world, scalableTargets: world.scaling.targets }, service);
    if (service.status === 'INACTIVE') world.scheduler.forgetLater(cluster, service);
    else {
      resumeStop(world.ecs, world.scheduler, cluster, service);
      world.scheduler.reconcile(cluster, service);
    }
  }
}

function endTask(task: Task, now: number): void {
  task.lastStatus = 'STOPPED';
  task.desiredStatus = 'STOPPED';
  task.stopCode ??= 'TerminationNotice';
  task.stoppedReason ??= 'The sandbox was restarted.';
  task.stoppingAt ??= now;
  task.executionStoppedAt ??= now;
  task.stoppedAt = now;
  task.version += 1;
  if (task.eni) task.eni.status = 'DELETED';
  for (const container of task.containers) container.lastStatus = 'STOPPED';
}
