import { instanceSize, scales } from './capacity';
import { newInstance } from './newInstance';
import type { EcsContext } from './context';
import type { Cluster } from './types';

/** Clusters and providers for which an instance is on its way. */
const launching = new WeakMap<Cluster, Set<string>>();

/**
 * Lets a provider launch another instance, as AWS does when tasks find no room: it joins the cluster after a while.
 * It is no machine of its own; its tasks run where all others run. @returns false when the provider does not scale.
 */
export function scaleOut(context: EcsContext, cluster: Cluster, provider: string, onJoined: () => void): boolean {
  if (!scales(context, cluster, provider)) return false;
  const { clock, pace } = context;
  const under = launching.get(cluster) ?? new Set<string>();
  launching.set(cluster, under);
  if (under.has(provider)) return true;
  under.add(provider);
  clock.after(pace.provisioning * 4, () => {
    under.delete(provider);
    if (cluster.status !== 'ACTIVE' || !cluster.capacityProviders.includes(provider)) return;
    const architecture = process.arch === 'arm64' ? 'ARM64' : 'X86_64';
    newInstance(context, cluster, { ...instanceSize(context, provider), architecture, capacityProvider: provider });
    onJoined();
  });
  return true;
}
