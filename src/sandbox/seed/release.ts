import type { World } from '../world';

/** Lets the services of a seed start their tasks: their images are there now, or never will be. */
export function releaseServices(world: World): void {
  for (const cluster of world.ecs.state.clusters.values()) {
    for (const service of cluster.services.values()) {
      if (!service.held) continue;
      service.held = false;
      world.scheduler.reconcile(cluster, service);
    }
  }
}

/** The awslogs driver of a seed's container: group `/ecs/NAME`. */
export function awslogs(region: string, name: string): { logDriver: string; options: Record<string, string> } {
  const options = { 'awslogs-group': `/ecs/${name}`, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' };
  return { logDriver: 'awslogs', options };
}
