import * as vscode from 'vscode';
import { sameSpec } from '../core/connection';
import { isCancelled } from '../core/errors';
import type { Connections, Session } from '../ui/connections';
import { ErrorNode, type TreeNode } from './treeNode';

/** How a view reads its first level. */
export type ReadRoots = (session: Session, changed: (node: TreeNode) => void) => Promise<TreeNode[]>;

/** What the welcome views need to know of the first level. */
export interface RootListener {
  /** Another connection is being read; nothing is known of it yet. */
  onSwitch(): void;
  onRead(rows: number): void;
  /** Returns true when a welcome view explains this error, so that no row has to. */
  onError(error: unknown): boolean;
}

/** A tree over one connection. An error becomes a row in the place where it happened; the rows beside it stay. */
export class ResourceTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscription: vscode.Disposable;
  private roots: TreeNode[] = [];
  private spec;
  /** VS Code shows the old rows until it has new ones; after a switch it gets none first. */
  private clearing = false;
  /** Whether VS Code has rows of ours at all. */
  private asked = false;

  constructor(
    private readonly connections: Connections,
    private readonly readRoots: ReadRoots,
    private readonly listener: RootListener,
  ) {
    this.spec = connections.spec;
    this.subscription = connections.onDidChange(() => this.reconnect());
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = node.toItem();
    item.id = node.id;
    return item;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node && this.clearing) {
      this.clearing = false;
      // A change in the middle of an answer would be lost.
      setTimeout(() => this.refresh(), 50);
      return [];
    }
    this.asked = true;
    const { session } = this.connections;
    try {
      if (node) return (await node.children?.(session.signal)) ?? [];
      const roots = await this.readRoots(session, (changed) => this.changed.fire(changed));
      // Rows of a connection that was left meanwhile must not show.
      if (session.signal.aborted) return [];
      this.roots = roots;
      this.listener.onRead(roots.length);
      return roots;
    } catch (error) {
      if (session.signal.aborted || isCancelled(error)) return [];
      if (!node && this.listener.onError(error)) return [];
      return [new ErrorNode(error, node, () => this.refresh(node))];
    }
  }

  private reconnect(): void {
    const { spec } = this.connections;
    if (!sameSpec(spec, this.spec)) {
      this.spec = spec;
      this.clearing = this.asked;
      this.roots = [];
      this.listener.onSwitch();
    }
    this.refresh();
  }

  /** The first level as it is shown. */
  get shownRoots(): readonly TreeNode[] {
    return this.roots;
  }

  /** Reads a row, or everything, again. */
  refresh(node?: TreeNode): void {
    for (const root of node ? [] : this.roots) root.forget();
    node?.forget();
    this.changed.fire(node);
  }

  /** Draws a row again from what is known. */
  redraw(node: TreeNode): void {
    this.changed.fire(node);
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}
