import * as vscode from 'vscode';
import type { Identity } from '../core/connection';
import { Row } from '../core/contributions';
import { plainName, type Session } from '../ui/connections';
import { icon, tooltip, TreeNode, type Rows } from './treeNode';

/** Reads the first level of a view over one connection. */
export type ReadRoots = (parent: ConnectionNode, signal: AbortSignal) => Promise<Rows>;

/** A connection as a row: shown when there are several, and always what the first level hangs from. */
export class ConnectionNode extends TreeNode {
  readonly parent = undefined;
  readonly id: string;
  identity: Identity | undefined;
  private current: Session;

  constructor(
    session: Session,
    private readonly read: ReadRoots,
  ) {
    super();
    this.current = session;
    this.id = session.key;
  }

  override get session(): Session {
    return this.current;
  }

  /** The same connection, opened anew. */
  renew(session: Session): void {
    this.current = session;
  }

  /** What there is to say about the connection besides its name. */
  get words(): string[] {
    const { spec, marks } = this.session;
    const words = [
      marks.production ? vscode.l10n.t('production') : undefined,
      marks.readOnly ? vscode.l10n.t('read-only') : undefined,
      this.identity?.region ?? spec.region,
      this.identity?.account,
      spec.sandbox ? undefined : spec.endpoint,
    ];
    return words.filter((word) => word !== undefined);
  }

  toItem(): vscode.TreeItem {
    const { spec, marks } = this.session;
    const { color } = marks;
    const item = new vscode.TreeItem(plainName(spec), vscode.TreeItemCollapsibleState.Expanded);
    item.description = this.words.join(' · ');
    item.iconPath = icon(spec.sandbox ? 'beaker' : 'account', color ? `charts.${color}` : undefined);
    item.contextValue = Row.connection;
    item.accessibilityInformation = {
      label: vscode.l10n.t('Connection {0}, {1}', String(item.label), item.description),
    };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    return tooltip(plainName(this.session.spec), [
      [vscode.l10n.t('Account'), this.identity?.account],
      [vscode.l10n.t('Region'), this.identity?.region],
      [vscode.l10n.t('Caller'), this.identity?.caller],
      [vscode.l10n.t('Endpoint'), this.session.spec.endpoint],
    ]);
  }

  override children(signal: AbortSignal): Promise<Rows> {
    return this.read(this, signal);
  }

  override forget(): void {
    this.session.ecs.renew();
  }
}
