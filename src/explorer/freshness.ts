import os from 'node:os';
import * as vscode from 'vscode';
import { isCancelled } from '../core/errors';
import { ClusterNode } from './clusterNode';
import type { ResourceTree } from './resourceTree';
import { ServiceNode } from './serviceNode';
import { isMoving } from './serviceRow';
import type { TreeNode } from './treeNode';

/** Milliseconds between two looks at what is changing. */
const movingPause = 5_000;

/** Milliseconds after which what is visible and quiet is read again. */
const quietPause = 60_000;

/** Milliseconds without any news after which a service that is not where it should be counts as quiet. */
const patience = 300_000;

/** Services of one cluster that are read again at once while nothing hints at a change. */
const sliceOfQuiet = 100;

/** How a view is kept fresh. */
export interface FreshParts {
  readonly tree: ResourceTree;
  readonly view: vscode.TreeView<TreeNode>;
  /** Called with why the view could not be read again, and with undefined when it could. */
  readonly onProblem: (error: unknown) => void;
  /** Called after a look at services that fail. */
  readonly onFailing?: (nodes: readonly ServiceNode[]) => void;
}

/**
 * Reads what is shown again: what changes every 5 s, the rest every minute, and nothing at all while nobody can see
 * it (hidden view, window without focus, machine without network).
 */
export class Freshness implements vscode.Disposable {
  private readonly timer: NodeJS.Timeout;
  private readonly subscriptions: vscode.Disposable[];
  private readonly news = new Map<string, { text: string; at: number }>();
  private readonly slices = new Map<string, number>();
  /** By service: the counts of its tasks at the last look. */
  private readonly counts = new Map<string, string>();
  private looking = false;
  private quietAt = Date.now();
  private failures = 0;

  constructor(private readonly parts: FreshParts) {
    this.timer = setInterval(() => void this.look(), movingPause);
    this.timer.unref();
    this.subscriptions = [
      parts.view.onDidChangeVisibility(() => void this.look()),
      vscode.window.onDidChangeWindowState(() => void this.look()),
    ];
  }

  dispose(): void {
    clearInterval(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async look(): Promise<void> {
    const { view, tree } = this.parts;
    if (this.looking || !view.visible || !vscode.window.state.focused || !tree.isRead) return;
    if (isOffline() && tree.connectionNodes.every(({ session }) => !session.spec.sandbox)) return;
    // After failures the next look waits longer and longer, up to five minutes.
    const wait = this.failures === 0 ? 0 : Math.min(300_000, quietPause * this.failures);
    const quiet = Date.now() - this.quietAt >= Math.max(quietPause, wait);
    if (!quiet && this.failures > 0) return;
    this.looking = true;
    try {
      if (quiet) {
        this.quietAt = Date.now();
        await this.readQuiet();
      }
      await this.readMoving();
      this.failures = 0;
      this.parts.onProblem(undefined);
    } catch (error) {
      if (!isCancelled(error)) {
        this.failures++;
        this.quietAt = Date.now();
        this.parts.onProblem(error);
      }
    } finally {
      this.looking = false;
    }
  }

  private async readMoving(): Promise<void> {
    const { tree } = this.parts;
    const failing: ServiceNode[] = [];
    const open = tree.openNodes;
    for (const cluster of open.filter((node) => node instanceof ClusterNode)) {
      const moving = cluster.list.services.filter((service) => isMoving(service) && this.isNews(service.arn, service));
      const arns = moving.map(({ arn }) => arn);
      if (arns.length > 0) {
        await cluster.list.refresh(arns, cluster.session.signal);
        await this.recount(cluster);
      }
      for (const node of tree.shownBelow(cluster)) {
        if (!(node instanceof ServiceNode)) continue;
        const moves = arns.includes(node.id);
        if (open.includes(node) && (this.hasOtherTasks(node) || moves)) await tree.reload(node);
        if (moves && node.service && isMoving(node.service)) failing.push(node);
      }
    }
    if (failing.length > 0) this.parts.onFailing?.(failing);
  }

  /**
   * Whether the counts of a service's tasks are others than at the last look. Whoever watches a rollout has told the
   * list of services how it ended, and the tasks below the service are those of before.
   */
  private hasOtherTasks({ id, service }: ServiceNode): boolean {
    const counts = service?.deployments.map((one) => [one.id, one.running, one.pending, one.failed].join()).join();
    const known = this.counts.get(id);
    if (counts !== undefined) this.counts.set(id, counts);
    return known !== undefined && known !== counts;
  }

  /** Whether a service has looked different not too long ago. */
  private isNews(arn: string, service: unknown): boolean {
    const text = JSON.stringify(service);
    const known = this.news.get(arn);
    if (known?.text !== text) this.news.set(arn, { text, at: Date.now() });
    return Date.now() - (this.news.get(arn)?.at ?? 0) < patience;
  }

  private async recount(cluster: ClusterNode): Promise<void> {
    const { connection, signal } = cluster.session;
    const { found } = await connection.ecs.describeClusters([cluster.id], signal);
    if (!found[0] || JSON.stringify(found[0]) === JSON.stringify(cluster.cluster)) return;
    cluster.cluster = found[0];
    this.parts.tree.redraw(cluster);
  }

  private async readQuiet(): Promise<void> {
    const { tree } = this.parts;
    const counts = new Map(clusters(tree).map((node) => [node.id, JSON.stringify(node.cluster)]));
    for (const node of tree.connectionNodes) await tree.reload(node);
    for (const node of tree.openNodes) {
      if (node instanceof ClusterNode)
        await this.readCluster(node, counts.get(node.id) !== JSON.stringify(node.cluster));
      else if (node.isCheap) await tree.reload(node);
    }
  }

  /** Reads a cluster's services again: all of them when its counts are new, else the next hundred. */
  private async readCluster(node: ClusterNode, changed: boolean): Promise<void> {
    const { list, session } = node;
    if (list.error || !list.complete) return void (await list.open(session.signal));
    if (node.cluster.activeServices !== list.arns.length) await list.relist(session.signal);
    const known = list.services.map(({ arn }) => arn);
    const from = (this.slices.get(node.id) ?? 0) % Math.max(1, known.length);
    this.slices.set(node.id, from + sliceOfQuiet);
    await list.refresh(changed ? known : known.slice(from, from + sliceOfQuiet), session.signal);
  }
}

function clusters(tree: ResourceTree): ClusterNode[] {
  return tree.shownRoots.filter((node) => node instanceof ClusterNode);
}

/** Whether the machine has no way out at all. */
function isOffline(): boolean {
  return !Object.values(os.networkInterfaces())
    .flat()
    .some((address) => address && !address.internal);
}
