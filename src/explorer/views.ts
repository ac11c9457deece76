import * as vscode from 'vscode';
import { ContextKey, View, type ConnectionState } from '../core/contributions';
import { reasonOf } from '../core/errors';
import { nameOfProfile, nameOfSpec, type Connections } from '../ui/connections';
import { ClusterNode } from './ecsNodes';
import { RepositoryNode } from './ecrNodes';
import { MovingServices } from './movingServices';
import { ResourceTree, type ReadRoots } from './resourceTree';
import type { TreeNode } from './treeNode';

const setContext = (key: string, value: unknown): void => void vscode.commands.executeCommand('setContext', key, value);

/** The two views of the sidebar, which always show the same connection. */
export class Views implements vscode.Disposable {
  readonly ecr: ResourceTree;
  readonly ecs: ResourceTree;
  private readonly disposables: vscode.Disposable[] = [];
  private serviceEvents: { dispose(): void } | undefined;
  private readonly moving: MovingServices;
  private broken = false;

  constructor(private readonly connections: Connections) {
    const readRepositories: ReadRoots = async (session, changed) =>
      (await session.ecr.listRepositories(session.signal)).map((item) => new RepositoryNode(item, session, changed));
    const wake = (): void => this.moving.wake();
    const readClusters: ReadRoots = async (session, changed) => {
      this.followServices();
      return (await session.ecs.listClusters(session.signal)).map(
        (item) => new ClusterNode(item, session, changed, wake),
      );
    };
    const ecr = this.tree(View.ecr, readRepositories, ContextKey.ecrEmpty);
    const ecs = this.tree(View.ecs, readClusters, ContextKey.ecsEmpty);
    [this.ecr, this.ecs] = [ecr.tree, ecs.tree];
    this.moving = new MovingServices(
      () => connections.session,
      () => (ecs.view.visible ? this.clusters() : []),
      (cluster) => this.ecs.redraw(cluster),
    );
    this.disposables.push(
      this.moving,
      ecs.view.onDidChangeVisibility(wake),
      connections.onDidChange(() => this.serviceEvents?.dispose()),
    );
  }

  /** Reads a view again. After an error of the connection, both are, with credentials and files as they are now. */
  refresh(tree: ResourceTree): void {
    if (this.broken) this.connections.reopen();
    else tree.refresh();
  }

  /** Reads both views again, with credentials and files as they are now. */
  refreshAll(): void {
    this.connections.reopen();
  }

  /** Shows the images that a repository has now, a repository that is new included. */
  refreshRepository(arn: string): void {
    this.ecr.refresh(this.ecr.shownRoots.find(({ id }) => id === arn));
  }

  dispose(): void {
    this.serviceEvents?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private tree(
    id: string,
    readRoots: ReadRoots,
    emptyKey: string,
  ): { tree: ResourceTree; view: vscode.TreeView<TreeNode> } {
    const tree = new ResourceTree(this.connections, readRoots, {
      onSwitch: () => setContext(ContextKey.connection, undefined),
      onRead: (rows) => {
        this.broken = false;
        setContext(ContextKey.connection, 'ok' satisfies ConnectionState);
        setContext(emptyKey, rows === 0);
        void this.describe(view);
      },
      onError: (error) => {
        const state = connectionState(error);
        this.broken = true;
        setContext(ContextKey.connection, state ?? 'ok');
        setContext(emptyKey, false);
        void this.describe(view);
        return state !== undefined;
      },
    });
    const view = vscode.window.createTreeView<TreeNode>(id, { treeDataProvider: tree, showCollapseAll: true });
    view.description = nameOfSpec(this.connections.spec);
    const renamed = this.connections.onDidChange(() => (view.description = nameOfSpec(this.connections.spec)));
    this.disposables.push(tree, view, renamed);
    return { tree, view };
  }

  /** Writes the connection beside the view's title, as soon as it is known with account and Region. */
  private async describe(view: vscode.TreeView<TreeNode>): Promise<void> {
    const { session, spec } = this.connections;
    view.description = nameOfSpec(spec);
    try {
      const { account, region } = await session.connection.identity(session.signal);
      if (session.signal.aborted) return;
      const name = nameOfProfile(spec);
      view.description = [name, region, account, spec.sandbox ? undefined : spec.endpoint].filter(Boolean).join(' · ');
    } catch {
      // The rows say what is wrong.
    }
  }

  /** Redraws a service's row when somebody learned something new about it. */
  private followServices(): void {
    this.serviceEvents?.dispose();
    this.serviceEvents = this.connections.session.ecs.onDidChangeService((service) => {
      for (const cluster of this.clusters()) {
        const row = cluster.row(service.arn);
        if (row) this.ecs.redraw(row);
      }
      this.moving.wake();
    });
  }

  private clusters(): ClusterNode[] {
    return this.ecs.shownRoots.filter((root) => root instanceof ClusterNode);
  }
}

/** Which welcome view explains an error, if one does. */
function connectionState(error: unknown): ConnectionState | undefined {
  switch (reasonOf(error)) {
    case 'credentialsMissing':
      return 'noCredentials';
    case 'credentialsExpired':
      return 'expired';
    case 'regionMissing':
      return 'noRegion';
    case 'profileMissing':
      return 'noProfile';
    default:
      return undefined;
  }
}
