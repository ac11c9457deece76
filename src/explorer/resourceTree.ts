import * as vscode from 'vscode';
import { isCancelled, reasonOf } from '../core/errors';
import type { Connections } from '../ui/connections';
import { ConnectionNode, type ReadRoots } from './connectionNode';
import { ErrorNode, type TreeNode, type Rows } from './treeNode';

/** What the view around a tree needs to know of the first level. */
export interface RootListener {
  /** Other connections are being read; nothing is known of them yet. */
  onSwitch(): void;
  onRead(connection: ConnectionNode, rows: number): void;
  onError(connection: ConnectionNode, error: unknown): void;
  /** Returns true when a welcome view explains this error, so that no row has to. */
  isExplained(error: unknown): boolean;
}

/** Milliseconds that VS Code gets to take in what is below a row. */
const settling = 200;

/** What is below a row: kept until somebody says that it is old. */
interface Known {
  children: TreeNode[];
  stale: boolean;
}

/**
 * A tree over one or several connections. What has been read stays until it is read again, so that a row can be drawn
 * anew without a call. An error becomes a row in the place where it happened; the rows that were there stay.
 */
export class ResourceTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];
  private readonly known = new WeakMap<TreeNode, Known>();
  private readonly reading = new Map<TreeNode, Promise<TreeNode[]>>();
  /** When VS Code was last given what is below a row. */
  private readonly givenAt = new WeakMap<TreeNode, number>();
  private readonly opened = new WeakSet<TreeNode>();
  private nodes: ConnectionNode[] = [];
  /** VS Code shows the old rows until it has new ones; after a switch it gets none first. */
  private clearing = false;
  /** Whether VS Code has rows of ours at all. */
  private asked = false;

  constructor(
    private readonly connections: Connections,
    private readonly readRoots: ReadRoots,
    private readonly listener: RootListener,
  ) {
    this.subscriptions = [
      connections.onDidChange(() => this.reconnect()),
      connections.onDidMark(() => this.changed.fire(undefined)),
    ];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = node.toItem();
    // The same account can be open twice, over two profiles.
    item.id = `${node.session.key} ${node.id}`;
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    item.tooltip ??= node.tooltip?.();
    return item;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent instanceof ConnectionNode && !this.showsConnections ? undefined : node.parent;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node && this.clearing) {
      this.clearing = false;
      // A change in the middle of an answer would be lost.
      setTimeout(() => this.changed.fire(undefined), 50);
      return [];
    }
    this.asked = true;
    const [first] = this.connectionNodes;
    if (!node && this.showsConnections) return [...this.nodes];
    const below = node ?? first;
    if (!below) return [];
    // VS Code asks for what is below a row only when the row is open.
    this.opened.add(below);
    const children = await this.load(below);
    this.givenAt.set(below, Date.now());
    return [...children];
  }

  /** The connections of this tree, the first one first. */
  get connectionNodes(): readonly ConnectionNode[] {
    if (this.nodes.length === 0) {
      this.nodes = this.connections.sessions.map((session) => new ConnectionNode(session, this.readRoots));
    }
    return this.nodes;
  }

  /** The connections that somebody has looked at; asking for the others would open them, and load the SDK. */
  get openedConnections(): readonly ConnectionNode[] {
    return this.nodes;
  }

  /** Whether the first level has been read, so that there is something to keep fresh. */
  get isRead(): boolean {
    return this.nodes.some((node) => this.known.has(node));
  }

  /** The rows that are open, from the top down. */
  get openNodes(): readonly TreeNode[] {
    const below = (node: TreeNode): TreeNode[] =>
      this.shownBelow(node).flatMap((child) => (this.opened.has(child) ? [child, ...below(child)] : []));
    return this.nodes.filter((node) => this.opened.has(node)).flatMap(below);
  }

  /** Whether what is below a row has been read. */
  hasRead(node: TreeNode): boolean {
    return this.known.has(node);
  }

  /** Whether a row is of this tree. */
  has(node: TreeNode): boolean {
    const connection = connectionOf(node);
    return connection !== undefined && this.nodes.includes(connection);
  }

  /** A person has opened a row. */
  open(node: TreeNode): void {
    this.opened.add(node);
  }

  /** A person has closed a row. */
  close(node: TreeNode): void {
    this.opened.delete(node);
    node.closed();
  }

  /** The rows of the first level of every connection, as they are shown. */
  get shownRoots(): readonly TreeNode[] {
    return this.nodes.flatMap((node) => this.shownBelow(node));
  }

  /** The rows below a row, as they are shown. */
  shownBelow(node: TreeNode): readonly TreeNode[] {
    return this.known.get(node)?.children ?? [];
  }

  /** Reads a row, or everything, again: what is known below it is forgotten, what is shown stays until then. */
  refresh(node?: TreeNode): void {
    for (const each of node ? [node] : this.nodes) this.forget(each);
    this.changed.fire(node);
  }

  /** What is below a row, read if nobody has read it yet. */
  load(node: TreeNode): Promise<readonly TreeNode[]> {
    const known = this.known.get(node);
    return known && !known.stale ? Promise.resolve(known.children) : this.read(node);
  }

  /** Goes on where a reading failed. */
  retry(node: TreeNode): void {
    this.outdate(node);
    this.fire(node);
  }

  /**
   * Reads a row again behind the scenes and draws only what is different.
   * @throws what the reading throws; the rows stay as they are
   */
  async reload(node: TreeNode): Promise<void> {
    const { session } = node;
    const rows = await node.children?.(session.signal);
    if (rows && !session.signal.aborted) this.show(node, rows);
  }

  /** Reads what was shown from memory; if that fails, the row says so and the old rows stay. */
  async confirm(node: TreeNode): Promise<void> {
    try {
      await this.reload(node);
      if (node instanceof ConnectionNode) this.listener.onRead(node, this.shownBelow(node).length);
    } catch (error) {
      if (node.session.signal.aborted || isCancelled(error)) return;
      this.failed(node, error);
      this.fire(node);
    }
  }

  /** Puts rows below a row and draws only what is different. */
  show(node: TreeNode, rows: Rows): void {
    const before = this.known.get(node)?.children ?? [];
    const fresh = this.withError(node, rows);
    const same = before.length === fresh.length && before.every(({ id }, index) => id === fresh[index]?.id);
    // Drawing thousands of rows only to compare them would cost more than it saves.
    const pictures = same ? before.map(pictureOf) : [];
    const children = this.merge(node, fresh);
    this.known.set(node, { children, stale: false });
    if (!same) return this.fire(node);
    const different = children.filter((child, index) => pictureOf(child) !== pictures[index]);
    if (different.length > 0) this.changed.fire(different);
  }

  /** What is below a row is read again when somebody looks at it. */
  outdate(node: TreeNode): void {
    const known = this.known.get(node);
    if (known) known.stale = true;
  }

  /** Draws rows again from what is known. */
  redraw(...nodes: readonly TreeNode[]): void {
    const busy = nodes.filter((node) => this.isBeingGiven(node));
    const free = nodes.filter((node) => !busy.includes(node));
    if (free.length > 0) this.changed.fire(free);
    if (busy.length > 0) setTimeout(() => this.redraw(...busy), settling);
  }

  /**
   * Whether VS Code is taking in what is below a row. A change of the row at this moment would make it forget those
   * rows, and what is done on one of them would come without it.
   */
  private isBeingGiven(node: TreeNode): boolean {
    return this.reading.has(node) || Date.now() - (this.givenAt.get(node) ?? 0) < settling;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  private get showsConnections(): boolean {
    return this.connectionNodes.length > 1;
  }

  private fire(node: TreeNode): void {
    if (this.isBeingGiven(node)) return void setTimeout(() => this.fire(node), settling);
    this.changed.fire(node instanceof ConnectionNode && !this.showsConnections ? undefined : node);
  }

  /** One reading of a row at a time; who asks meanwhile gets the same rows. */
  private read(node: TreeNode): Promise<TreeNode[]> {
    const running = this.reading.get(node);
    if (running) return running;
    const reading = this.readNow(node).finally(() => this.reading.delete(node));
    this.reading.set(node, reading);
    return reading;
  }

  private async readNow(node: TreeNode): Promise<TreeNode[]> {
    const { session } = node;
    try {
      const rows = (await node.children?.(session.signal)) ?? { rows: [] };
      // Rows of a connection that was left meanwhile must not show.
      if (session.signal.aborted) return this.known.get(node)?.children ?? [];
      const children = this.merge(node, this.withError(node, rows));
      this.known.set(node, { children, stale: false });
      if (node instanceof ConnectionNode) this.listener.onRead(node, rows.rows.length);
      return [...children];
    } catch (error) {
      if (session.signal.aborted || isCancelled(error)) return this.known.get(node)?.children ?? [];
      return this.failed(node, error);
    }
  }

  private failed(node: TreeNode, error: unknown): TreeNode[] {
    const kept = (this.known.get(node)?.children ?? []).filter((child) => !(child instanceof ErrorNode));
    const isRoot = node instanceof ConnectionNode;
    if (isRoot) this.listener.onError(node, error);
    const explained = isRoot && !this.showsConnections && kept.length === 0 && this.listener.isExplained(error);
    // One sentence for one expired session: it stands at the top, not below every row that was being read.
    const above = !isRoot && reasonOf(error) === 'credentialsExpired' ? connectionOf(node) : undefined;
    if (above) this.expire(above, error);
    const children = explained || above ? kept : [this.errorRow(node, error), ...kept];
    this.known.set(node, { children, stale: above !== undefined });
    return [...children];
  }

  /** Says once, at the top, that a session has expired. */
  private expire(connection: ConnectionNode, error: unknown): void {
    const known = this.known.get(connection);
    if (!known || known.children.some((child) => child instanceof ErrorNode)) return;
    known.children.unshift(this.errorRow(connection, error));
    this.listener.onError(connection, error);
    setTimeout(() => this.fire(connection), 0);
  }

  private errorRow(node: TreeNode, error: unknown): ErrorNode {
    return new ErrorNode(error, node, () => this.retry(node));
  }

  /** VS Code knows the rows that it has: the same thing stays the same object. */
  private merge(node: TreeNode, rows: readonly TreeNode[]): TreeNode[] {
    const before = new Map((this.known.get(node)?.children ?? []).map((child) => [child.id, child]));
    return rows.map((row) => {
      const old = before.get(row.id);
      if (!old || old === row || old.constructor !== row.constructor || row instanceof ErrorNode) return row;
      old.adopt(row);
      return old;
    });
  }

  private withError(node: TreeNode, { rows, error }: Rows): readonly TreeNode[] {
    return error === undefined ? rows : [this.errorRow(node, error), ...rows];
  }

  private forget(node: TreeNode): void {
    node.forget();
    const known = this.known.get(node);
    if (!known) return;
    known.stale = true;
    for (const child of known.children) this.forget(child);
  }

  private reconnect(): void {
    const { sessions } = this.connections;
    const before = this.nodes;
    this.nodes = sessions.map((session) => {
      const old = before.find(({ id }) => id === session.key);
      if (!old) return new ConnectionNode(session, this.readRoots);
      if (old.session !== session) {
        old.renew(session);
        this.forget(old);
      }
      return old;
    });
    // Rows of an account that was left go at once, before the new ones are read.
    if (before[0] && before[0] !== this.nodes[0]) {
      this.clearing = this.asked;
      this.listener.onSwitch();
    }
    this.changed.fire(undefined);
  }
}

function connectionOf(node: TreeNode): ConnectionNode | undefined {
  let each: TreeNode | undefined = node;
  while (each && !(each instanceof ConnectionNode)) each = each.parent;
  return each;
}

/** A row as a person sees it; what its command is called with leads back to the whole tree. */
function pictureOf(node: TreeNode): string {
  return JSON.stringify(node.toItem(), (key, value: unknown) => (key === 'arguments' ? undefined : value));
}
