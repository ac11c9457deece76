import * as vscode from 'vscode';
import { Command, Row } from '../core/contributions';
import { sayError } from '../ui/say';

/** What the copy commands take from a row. */
export interface Copyable {
  readonly name?: string;
  readonly arn?: string;
  readonly uri?: string;
  readonly digest?: string;
}

/** One row. Its id is stable (an ARN), so that selection and expansion survive a refresh. */
export abstract class TreeNode {
  abstract readonly id: string;
  abstract readonly parent: TreeNode | undefined;
  /** What the copy commands copy. */
  readonly copyable: Copyable = {};
  /** Path of the row's page in the AWS console, without host. */
  readonly consolePath: string | undefined;

  abstract toItem(): vscode.TreeItem;

  /** Whether the row can be opened. */
  children?(signal: AbortSignal): Promise<TreeNode[]>;

  /** Forgets what is known, before the row is read again. */
  forget(): void {
    // Most rows remember nothing.
  }
}

/** What went wrong in the place where it went wrong, with a way to try again. */
export class ErrorNode extends TreeNode {
  readonly id: string;

  constructor(
    private readonly error: unknown,
    readonly parent: TreeNode | undefined,
    readonly retry: () => void,
  ) {
    super();
    this.id = `${parent?.id ?? 'root'}/error`;
  }

  toItem(): vscode.TreeItem {
    const text = sayError(this.error);
    const item = new vscode.TreeItem(text);
    item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground'));
    item.tooltip = text;
    item.contextValue = Row.error;
    item.command = { command: Command.retry, title: vscode.l10n.t('Try Again'), arguments: [this] };
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
    readonly load: () => void,
  ) {
    super();
    this.id = `${parent.id}/more`;
  }

  toItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Load more…'));
    item.description = vscode.l10n.t('{0} more', this.remaining);
    item.iconPath = new vscode.ThemeIcon('ellipsis');
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
  ) {
    super();
    this.id = `${parent.id}/message`;
  }

  toItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.text);
    item.iconPath = new vscode.ThemeIcon('info');
    return item;
  }
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
    markdown.appendMarkdown('\n\n').appendText(`${label}: ${value}`);
  }
  return markdown;
}
