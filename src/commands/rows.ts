import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { consoleUrl } from '../core/partition';
import { ClusterNode } from '../explorer/clusterNode';
import { ImageNode } from '../explorer/ecrNodes';
import { ServiceNode } from '../explorer/serviceNode';
import { ContainerNode } from '../explorer/taskNode';
import type { Copyable, TreeNode } from '../explorer/treeNode';
import type { Views } from '../explorer/views';
import type { Connections } from '../ui/connections';
import { openExternal } from '../ui/verdictMessage';

/** Copies one property of the selected rows, one a line. */
export async function copy(what: keyof Copyable, nodes: readonly TreeNode[]): Promise<void> {
  const texts = nodes.flatMap(({ copyable }) => copyable[what] ?? []);
  if (texts.length === 0) return;
  await vscode.env.clipboard.writeText(texts.join('\n'));
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Copied {0}', texts.length === 1 ? (texts[0] ?? '') : String(texts.length)),
    3000,
  );
}

/** Reads a row again, with everything below it. */
export async function refreshNode(views: Views, node: TreeNode | undefined): Promise<void> {
  if (!node) return views.refreshAll();
  if (node instanceof ImageNode) return views.refreshNode(node.repositoryNode);
  if (node instanceof ContainerNode) return views.refreshNode(node.parent);
  if (node instanceof ServiceNode) return refreshService(views, node);
  try {
    if (node instanceof ClusterNode) await recount(node);
  } finally {
    views.refreshNode(node);
  }
}

async function refreshService(views: Views, node: ServiceNode): Promise<void> {
  const { parent: cluster, session } = node;
  await cluster.list.refresh([node.id], session.signal);
  views.refreshNode(node);
  // Its going or coming changes what the cluster counts.
  if (!cluster.list.arns.includes(node.id)) await recount(cluster);
  views.redraw(cluster);
}

async function recount(node: ClusterNode): Promise<void> {
  const { connection, signal } = node.session;
  const { found } = await connection.ecs.describeClusters([node.id], signal);
  node.cluster = found[0] ?? node.cluster;
}

/** Opens the row's page in the console of its partition. */
export async function openInConsole(connections: Connections, node: TreeNode | undefined): Promise<void> {
  const session = node?.session ?? connections.session;
  const { region } = await session.connection.identity(session.signal);
  const url = node?.consolePath && !session.spec.endpoint ? consoleUrl(region, node.consolePath) : undefined;
  if (!url) {
    throw new GantryError('refused', message('There is no AWS console for this connection.'));
  }
  await openExternal(url);
}
