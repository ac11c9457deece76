import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { consoleUrl } from '../core/partition';
import { ClusterNode, ContainerNode, ServiceNode, TaskNode } from '../explorer/ecsNodes';
import { ImageNode, RepositoryNode } from '../explorer/ecrNodes';
import type { Copyable, TreeNode } from '../explorer/treeNode';
import type { Views } from '../explorer/views';
import { serviceAddress, taskAddress } from '../network/address';
import { createRepository as askAndCreate } from '../ui/askRepository';
import { askService } from '../ui/askService';
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
export async function refreshNode(connections: Connections, views: Views, node: TreeNode | undefined): Promise<void> {
  if (!node) return views.refreshAll();
  if (node instanceof RepositoryNode) return views.ecr.refresh(node);
  if (node instanceof ImageNode) return views.ecr.refresh(node.parent);
  const service = serviceOf(node);
  if (!service) return refreshCluster(views, node);
  const { session } = connections;
  // The row redraws itself when the answer is in.
  await session.ecs.refreshServices(service.parent.cluster.arn, [service.id], session.signal);
  // A row cannot remove itself.
  if (session.ecs.service(service.id)?.status === 'INACTIVE') await refreshCluster(views, service.parent);
}

async function refreshCluster(views: Views, node: TreeNode): Promise<void> {
  try {
    if (node instanceof ClusterNode) await node.reload();
  } finally {
    views.ecs.refresh(node);
  }
}

function serviceOf(node: TreeNode): ServiceNode | undefined {
  if (node instanceof ServiceNode) return node;
  if (node instanceof TaskNode) return node.parent;
  return node instanceof ContainerNode ? node.parent.parent : undefined;
}

/** Opens the row's page in the console of its partition. */
export async function openInConsole(connections: Connections, node: TreeNode | undefined): Promise<void> {
  const { session, spec } = connections;
  const { region } = await session.connection.identity(session.signal);
  const url = node?.consolePath && !spec.endpoint ? consoleUrl(region, node.consolePath) : undefined;
  if (!url) {
    throw new GantryError('refused', message('There is no AWS console for this connection.'));
  }
  await openExternal(url);
}

/** Opens a service or task in the browser. */
export async function openInBrowser(connections: Connections, node: TreeNode | undefined): Promise<void> {
  const { session } = connections;
  const { ecs, network } = session.connection;
  const address =
    node instanceof TaskNode
      ? await taskAddress({ ecs, network }, node.task, undefined, session.signal)
      : await serviceAddress({ ecs, network }, await serviceFor(connections, node), undefined, session.signal);
  if (!address) {
    throw new GantryError(
      'notFound',
      message(
        'It has no address that a browser could open: no load balancer, and no running task with a published port.',
      ),
    );
  }
  await openExternal(address);
}

async function serviceFor(connections: Connections, node: TreeNode | undefined): Promise<ServiceNode['service']> {
  if (node instanceof ServiceNode) return node.service;
  return (await askService(connections.session, vscode.l10n.t('Open in Browser'))).service;
}

/** Creates a repository and shows it. */
export async function createRepository(
  connections: Connections,
  views: Views,
  suggestion: string | undefined,
): Promise<void> {
  const { name } = await askAndCreate(connections.session, suggestion);
  views.ecr.refresh();
  void vscode.window.showInformationMessage(vscode.l10n.t('Created the repository “{0}”.', name));
}
