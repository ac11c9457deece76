import * as vscode from 'vscode';
import { Row } from '../core/contributions';
import type { NetworkSubject } from '../deploy/networkLook';
import type { HopRef, HopState } from '../network/hop';
import type { Session } from '../ui/connections';
import { GroupNode, icon, MessageNode, tooltip, TreeNode, type Rows } from './treeNode';

/** A hop as a row; every text is in the reader's language already. */
export interface HopRow {
  readonly ref: HopRef;
  readonly kind: string;
  readonly state: HopState;
  readonly stateName: string;
  readonly reason: string;
  readonly permission: string | undefined;
}

/** A way in or out as a row. */
export interface WayRow {
  readonly direction: 'in' | 'out';
  readonly title: string;
  readonly state: HopState;
  readonly stateName: string;
  readonly hops: readonly HopRow[];
}

export interface NetworkRows {
  readonly ways: readonly WayRow[];
  /** Tasks of the service to which no way was drawn. */
  readonly tasksLeftOut: number;
}

/** Reads the ways in and out; what does it is loaded when the first group is opened. */
export type ReadNetworkRows = (session: Session, subject: NetworkSubject, signal: AbortSignal) => Promise<NetworkRows>;

/** What a group shows besides the ways. */
export interface NetworkGroupParts {
  readonly subject: NetworkSubject;
  readonly read: ReadNetworkRows;
  readonly description?: string | undefined;
  /** Rows that come before the ways. */
  readonly facts?: (group: GroupNode, signal: AbortSignal) => Promise<readonly TreeNode[]>;
}

/** The network around a service or a task: the ways in and out, below each its hops. Read when it is opened. */
export class NetworkGroupNode extends GroupNode {
  readonly subject: NetworkSubject;

  constructor(parent: TreeNode, { subject, read, description, facts }: NetworkGroupParts) {
    super(parent, {
      key: 'network',
      label: vscode.l10n.t('Network'),
      ...{ description, iconId: 'globe', contextValue: Row.network },
      read: async (group, signal) => {
        const [before, ways] = await Promise.all([
          facts?.(group, signal).catch(() => []) ?? [],
          rowsOf(group, () => read(parent.session, subject, signal)),
        ]);
        return { ...ways, rows: [...before, ...ways.rows] };
      },
    });
    this.subject = subject;
  }
}

async function rowsOf(group: GroupNode, read: () => Promise<NetworkRows>): Promise<Rows> {
  try {
    const { ways, tasksLeftOut } = await read();
    const rows: TreeNode[] = ways.map((way, index) => new WayNode(group, way, index));
    if (tasksLeftOut > 0) {
      rows.push(new MessageNode(group, vscode.l10n.t('{0} more tasks are not shown.', tasksLeftOut), 'ellipsis'));
    }
    return { rows: rows.length > 0 ? rows : [new MessageNode(group, vscode.l10n.t('Nothing listens'))] };
  } catch (error) {
    return { rows: [], error };
  }
}

class WayNode extends TreeNode {
  readonly id: string;
  override readonly copyable;

  constructor(
    readonly parent: TreeNode,
    private readonly way: WayRow,
    index: number,
  ) {
    super();
    this.id = `${parent.id}/${index}/${way.title}`;
    this.copyable = { name: way.title };
  }

  toItem(): vscode.TreeItem {
    const { direction, title, state, stateName } = this.way;
    const label = direction === 'in' ? vscode.l10n.t('In: {0}', title) : vscode.l10n.t('Out: {0}', title);
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = stateName;
    item.iconPath = iconOfState(state);
    item.contextValue = Row.way;
    item.accessibilityInformation = { label: `${label}, ${stateName}` };
    return item;
  }

  override children(): Promise<Rows> {
    return Promise.resolve({ rows: this.way.hops.map((hop, index) => new HopNode(this, hop, index)) });
  }
}

/** One station of a way. */
export class HopNode extends TreeNode {
  readonly id: string;
  override readonly copyable;

  constructor(
    readonly parent: TreeNode,
    readonly hop: HopRow,
    index: number,
  ) {
    super();
    this.id = `${parent.id}/${index}/${hop.kind}/${hop.ref.id}`;
    this.copyable = { name: hop.ref.id };
  }

  toItem(): vscode.TreeItem {
    const { kind, ref, state, stateName, reason } = this.hop;
    const item = new vscode.TreeItem(`${kind} ${ref.id}`);
    item.description = reason;
    item.iconPath = iconOfState(state);
    item.contextValue = Row.hop;
    item.accessibilityInformation = { label: `${kind} ${ref.id}, ${stateName}: ${reason}` };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { kind, ref, stateName, reason, permission } = this.hop;
    return tooltip(kind, [
      ['', ref.id],
      [vscode.l10n.t('State'), stateName],
      [vscode.l10n.t('Reason'), reason],
      [vscode.l10n.t('Missing permission'), permission],
    ]);
  }
}

function iconOfState(state: HopState): vscode.ThemeIcon {
  if (state === 'open') return icon('pass', 'testing.iconPassed');
  return state === 'blocked' ? icon('error', 'testing.iconFailed') : icon('question', 'list.warningForeground');
}

/** The group that a row is, or stands below. */
export function networkGroupOf(node: TreeNode): NetworkGroupNode | undefined {
  let each: TreeNode | undefined = node;
  while (each && !(each instanceof NetworkGroupNode)) each = each.parent;
  return each;
}
