import { compareNames } from '../core/names';
import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { allPages } from '../core/paging';
import { findService } from '../ecs/findService';
import { EcsInventory } from '../ecs/inventory';
import type { Cluster, Service } from '../ecs/model';
import type { Session } from './connections';
import { formatServices } from './format';
import { pick } from './pick';

/** A service with the cluster that it is in. */
export interface ServicePlace {
  /** The connection over which it was found. */
  readonly session: Session;
  readonly cluster: string;
  readonly service: Service;
}

/**
 * Asks for a service: first the cluster, if there is more than one. Names are enough to choose from, so a hundred
 * services cost one call; only the chosen one is described.
 */
export async function askService(session: Session, title: string): Promise<ServicePlace> {
  const { connection, signal } = session;
  const cluster = await askCluster(session, title);
  const load = async (): Promise<{ label: string; iconPath: vscode.ThemeIcon; value: string }[]> => {
    const arns = await allPages((token) => connection.ecs.listServices(cluster.arn, token, signal));
    if (arns.length === 0) {
      throw new GantryError('notFound', message('There are no services in the cluster “{0}”.', cluster.name));
    }
    const names = arns.map(nameOf).sort(compareNames);
    return names.map((value) => ({ label: value, iconPath: new vscode.ThemeIcon('layers'), value }));
  };
  const name = await pick(title, vscode.l10n.t('Service in {0}', cluster.name), load());
  return { session, cluster: cluster.name, service: await findService(connection.ecs, cluster.name, name, signal) };
}

async function askCluster(session: Session, title: string): Promise<Cluster> {
  // Read anew: what the tree has read may be older than the cluster that is meant.
  const { items: known } = await new EcsInventory(session.connection.ecs).listClusters(session.signal);
  if (known.length === 0) {
    throw new GantryError('notFound', message('There are no clusters in this account and Region.'));
  }
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
