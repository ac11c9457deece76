import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { EcsInventory } from '../ecs/inventory';
import type { Cluster, Service } from '../ecs/model';
import type { Session } from './connections';
import { formatServices } from './format';
import { pick } from './pick';

/** A service with the cluster that it is in. */
export interface ServicePlace {
  readonly cluster: string;
  readonly service: Service;
}

/** Asks for a service: first the cluster, if there is more than one. */
export async function askService(session: Session, title: string): Promise<ServicePlace> {
  // Read anew: what the tree has read may be older than the service that is meant.
  const inventory = new EcsInventory(session.connection.ecs);
  const cluster = await askCluster(session, inventory, title);
  const load = async (): Promise<
    { label: string; description: string; iconPath: vscode.ThemeIcon; value: Service }[]
  > => {
    const { described } = await inventory.listServices(cluster.arn, session.signal);
    return described.map((value) => ({
      label: value.name,
      description: nameOf(value.taskDefinition ?? ''),
      iconPath: new vscode.ThemeIcon('layers'),
      value,
    }));
  };
  const service = await pick(title, vscode.l10n.t('Service in {0} to redeploy', cluster.name), load());
  return { cluster: cluster.name, service };
}

async function askCluster(session: Session, inventory: EcsInventory, title: string): Promise<Cluster> {
  const known = await inventory.listClusters(session.signal);
  if (known.length === 1 && known[0]) return known[0];
  return pick(
    title,
    vscode.l10n.t('Cluster'),
    known.map((value) => ({
      label: value.name,
      description: formatServices(value.activeServices),
      iconPath: new vscode.ThemeIcon('server-environment'),
      value,
    })),
  );
}
