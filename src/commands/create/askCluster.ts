import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { EcsInventory } from '../../ecs/inventory';
import type { ClusterChoice } from '../../provision/choices';
import { formatServices } from '../../ui/format';
import { pick, type Choice } from '../../ui/pick';
import { askClusterName } from './settings/common';

/** Asks for a cluster; a new one of the service's name comes first. */
export async function askCluster(
  connection: Connection,
  title: string,
  name: string,
  signal: AbortSignal,
): Promise<ClusterChoice> {
  const load = async (): Promise<Choice<ClusterChoice | 'other'>[]> => {
    const { items } = await new EcsInventory(connection.ecs).listClusters(signal);
    const isTaken = items.some((cluster) => cluster.name === name);
    const add = new vscode.ThemeIcon('add');
    const fresh: Choice<ClusterChoice | 'other'> = {
      ...{ label: vscode.l10n.t('New cluster “{0}”', name), iconPath: add, alwaysShow: true },
      value: { kind: 'new', name, insights: false },
    };
    return [
      ...(isTaken ? [] : [fresh]),
      ...items.map((cluster): Choice<ClusterChoice> => ({
        ...{ label: cluster.name, description: formatServices(cluster.activeServices) },
        iconPath: new vscode.ThemeIcon('server-environment'),
        value: { kind: 'existing', name: cluster.name },
      })),
      { label: vscode.l10n.t('New cluster of another name…'), iconPath: add, alwaysShow: true, value: 'other' },
    ];
  };
  const chosen = await pick(title, vscode.l10n.t('Cluster'), load());
  if (chosen !== 'other') return chosen;
  return { kind: 'new', name: await askClusterName(title, name), insights: false };
}
