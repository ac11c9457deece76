import * as vscode from 'vscode';
import { Command, Row } from '../core/contributions';
import { reasonOf } from '../core/errors';
import type { Session } from '../ui/connections';
import { sayError } from '../ui/say';

/** What the copy commands take from a row. */
export interface Copyable {
  readonly name?: string;
  readonly arn?: string;
  readonly uri?: string;
  readonly digest?: string;
  readonly pull?: string;
  readonly address?: string;
}

/** Rows that could be read, and why it is not all of them. */
export interface Rows {
  readonly rows: readonly TreeNode[];
  readonly error?: unknown;
}

/** One row. Its id is stable (an ARN), so that selection and expansion survive a refresh. */
export abstract class TreeNode {
  abstract readonly id: string;
  abstract readonly parent: TreeNode | undefined;
  /** What the copy commands copy. */
  readonly copyable: Copyable = {};
  /** Whether reading what is below costs so little that it is read again every minute while it is open. */
  readonly isCheap: boolean = false;
  /** Path of the row's page in the AWS console, without host. */
  readonly consolePath: string | undefined;

  /** The connection that the row is from. */
  get session(): Session {
    if (!this.parent) throw new Error(`${this.id} belongs to no connection`);
    return this.parent.session;
  }

  /** The row without its tooltip. */
  abstract toItem(): vscode.TreeItem;

  /** Made when the pointer rests on the row. */
  tooltip?(): vscode.MarkdownString;

  /** Whether the row can be opened, and what is below it. */
  children?(signal: AbortSignal): Promise<Rows>;

  /** Forgets what is known, before the row is read again. */
  forget(): void {
    // Most rows remember nothing.
  }

  /** Nobody looks at what is below the row any more. */
  closed(): void {
    // Most rows do nothing by themselves.
  }

  /** Takes over what a newer reading of the same thing says; VS Code knows this object and not the newer one. */
  adopt(newer: this): void {
    Object.assign(this, newer);
  }
}

/** What went wrong in the place where it went wrong, with a way to try again. */
export class ErrorNode extends TreeNode {
  readonly id: string;

  constructor(
    readonly error: unknown,
    readonly parent: TreeNode,
    readonly retry: () => void,
  ) {
    super();
    this.id = `${parent.id}/error`;
  }

  toItem(): vscode.TreeItem {
    const text = sayError(this.error);
    const item = new vscode.TreeItem(text);
    item.iconPath = icon('error', 'errorForeground');
    item.tooltip = text;
    const expired = reasonOf(this.error) === 'credentialsExpired';
    item.contextValue = expired ? Row.expired : Row.error;
    item.command = expired
      ? { command: Command.signIn, title: vscode.l10n.t('Sign In'), arguments: [this] }
      : { command: Command.retry, title: vscode.l10n.t('Try Again'), arguments: [this] };
    item.accessibilityInformation = { label: vscode.l10n.t('Error: {0}. Activate to try again.', text) };
    return item;
  }
}

/** The end of a list that goes on. */
export class MoreNode extends TreeNode {
  readonly id: string;

  constructor(
    readonly parent: TreeNode,
    private readonly remaining: number,
    readonly load: () => unknown,
  ) {
    super();
    this.id = `${parent.id}/more`;
  }

  toItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Load more…'));
    item.description = vscode.l10n.t('{0} more', this.remaining);
    item.iconPath = icon('ellipsis');
    item.contextValue = Row.more;
    item.command = { command: Command.loadMore, title: vscode.l10n.t('Load more…'), arguments: [this] };
    return item;
  }
}

/** A sentence in the place of rows. */
export class MessageNode extends TreeNode {
  readonly id: string;

  constructor(
    readonly parent: TreeNode,
    private readonly text: string,
    private readonly iconId = 'info',
  ) {
    super();
    this.id = `${parent.id}/message/${text}`;
  }

  toItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.text);
    item.iconPath = icon(this.iconId);
    item.tooltip = this.text;
    return item;
  }
}

/** What a group of rows shows and reads. */
export interface GroupParts {
  /** The same among its siblings for ever. */
  readonly key: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly iconId: string;
  readonly contextValue?: string;
  readonly read: (group: GroupNode, signal: AbortSignal) => Promise<Rows>;
}

/** A heading over rows that cost a call of their own: they are read when it is opened. */
export class GroupNode extends TreeNode {
  readonly id: string;

  constructor(
    readonly parent: TreeNode,
    private readonly parts: GroupParts,
  ) {
    super();
    this.id = `${parent.id}/${parts.key}`;
  }

  toItem(): vscode.TreeItem {
    const { label, description, iconId, contextValue } = this.parts;
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    if (description) item.description = description;
    item.iconPath = icon(iconId);
    item.contextValue = contextValue ?? Row.group;
    item.accessibilityInformation = { label: [label, description].filter(Boolean).join(', ') };
    return item;
  }

  override children(signal: AbortSignal): Promise<Rows> {
    return this.parts.read(this, signal);
  }
}

/** A fact that has no children and no verbs but to be copied. */
export class FactNode extends TreeNode {
  readonly id: string;
  override readonly copyable;

  constructor(
    readonly parent: TreeNode,
    private readonly label: string,
    private readonly value: string,
    private readonly parts: { readonly iconId?: string; readonly color?: string; readonly detail?: string } = {},
  ) {
    super();
    this.id = `${parent.id}/fact/${label}/${value}`;
    this.copyable = { name: value };
  }

  toItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.label);
    item.description = this.value;
    item.iconPath = icon(this.parts.iconId ?? 'dash', this.parts.color);
    item.contextValue = Row.fact;
    item.accessibilityInformation = { label: `${this.label}, ${this.value}` };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    return tooltip(this.label, [['', this.parts.detail ?? this.value]]);
  }
}

/** A product icon in a colour of the theme. */
export function icon(id: string, color?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color ? new vscode.ThemeColor(color) : undefined);
}

/** A tooltip from label and value pairs. Text from the cloud goes in as text, never as Markdown. */
export function tooltip(
  title: string,
  rows: readonly (readonly [string, string | number | undefined])[],
): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.appendText(title);
  for (const [label, value] of rows) {
    if (value === undefined || value === '') continue;
    markdown.appendMarkdown('\n\n').appendText(label ? `${label}: ${value}` : String(value));
  }
  return markdown;
}
