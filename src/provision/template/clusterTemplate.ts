import type { ClusterChoice } from '../choices';
import { clusterName, newCluster } from './cluster';
import type { Template } from './ast';

/** A cluster alone. */
export function clusterTemplate(cluster: Extract<ClusterChoice, { kind: 'new' }>): Template {
  return {
    description: `The cluster ${cluster.name} of Amazon ECS. Written by Gantry.`,
    parameters: {},
    conditions: {},
    resources: newCluster(cluster),
    outputs: { Cluster: { description: 'The cluster', value: clusterName(cluster) } },
  };
}
