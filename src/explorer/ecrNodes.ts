import * as vscode from 'vscode';
import { parseArn } from '../core/arn';
import { Row } from '../core/contributions';
import type { Image, Repository } from '../ecr/model';
import type { Session } from '../ui/connections';
import { formatAge, formatDate } from '../ui/format';
import { icon, MoreNode, TreeNode, tooltip, type Copyable, type Rows } from './treeNode';

/** A row below a repository, as plain data: what makes it is loaded when the first repository is opened. */
export interface RowData {
  /** The same among its siblings for ever. */
  readonly key: string;
  readonly label: string;
  readonly description?: string;
  readonly icon: string;
  readonly color?: string | undefined;
  readonly contextValue: string;
  /** What a screen reader says, where it is not the label with the description. */
  readonly spoken?: string;
  readonly tooltip?: { readonly title: string; readonly rows: readonly (readonly [string, string | undefined])[] };
  readonly copyable?: Copyable;
  readonly consolePath?: string;
  /** What a click does; it gets the row of the image. */
  readonly command?: { readonly id: string; readonly title: string };
  readonly image?: Image;
  readonly below?: (row: Drawn, signal: AbortSignal) => Promise<DataRows>;
}

/** Rows that could be read, how many more there are, and why it is not all of them. */
export interface DataRows {
  readonly rows: readonly RowData[];
  readonly error?: unknown;
  readonly more?: { readonly count: number; readonly load: () => void };
}

/** How what makes the rows tells the tree that they are others. */
export interface Drawn {
  /** The rows below are these now; nothing is read. */
  show(rows: DataRows): void;
  /** The rows below are others, without a new reading. */
  changed(): void;
  /** The row itself says something else. */
  redraw(): void;
  /** The rows of the repository are others. */
  regroup(): void;
}

/** Makes the rows below repositories. */
export interface ImageRowMaker {
  images(session: Session, repository: Repository, row: Drawn, signal: AbortSignal): Promise<DataRows>;
}

/** How rows of images reach the tree that shows them, and where they come from. */
export interface ImageDrawing {
  show(node: TreeNode, rows: Rows): void;
  changed(node: TreeNode): void;
  redraw(node: TreeNode): void;
  readonly rows: () => ImageRowMaker;
}

export class RepositoryNode extends TreeNode {
  readonly id: string;
  override readonly copyable;
  override readonly consolePath: string;

  constructor(
    readonly parent: TreeNode,
    public repository: Repository,
    readonly drawing: ImageDrawing,
    /** From an earlier start: milliseconds since the epoch. */
    public asOf?: number,
  ) {
    super();
    this.id = repository.arn;
    this.copyable = { name: repository.name, arn: repository.arn, uri: repository.uri };
    const account = parseArn(repository.arn)?.account ?? '';
    this.consolePath = `ecr/repositories/private/${account}/${repository.name}`;
  }

  toItem(): vscode.TreeItem {
    const { name, mutability, encryption } = this.repository;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    const old = this.asOf === undefined ? undefined : vscode.l10n.t('as of {0}', formatAge(this.asOf));
    const immutable = mutability.startsWith('IMMUTABLE') ? vscode.l10n.t('immutable tags') : undefined;
    const known = this.session.ecr.knownImages(name);
    const count = known && (known.length === 1 ? vscode.l10n.t('1 image') : vscode.l10n.t('{0} images', known.length));
    item.description = [count, immutable, encryption?.startsWith('KMS') ? 'KMS' : '', old].filter(Boolean).join(' · ');
    item.iconPath = icon('package', old && 'disabledForeground');
    item.contextValue = Row.repository;
    item.accessibilityInformation = {
      label: [vscode.l10n.t('Repository {0}', name), item.description].filter(Boolean).join(', '),
    };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { name, uri, mutability, mutabilityExclusions, scanOnPush, encryption, kmsKey, createdAt } = this.repository;
    return tooltip(name, [
      ['URI', uri],
      [vscode.l10n.t('Tags'), [mutability, ...mutabilityExclusions].join(', ')],
      [vscode.l10n.t('Scan on push'), scanOnPush ? vscode.l10n.t('on') : vscode.l10n.t('off, or by registry rules')],
      [vscode.l10n.t('Encryption'), [encryption, kmsKey].filter(Boolean).join(', ')],
      [vscode.l10n.t('Created'), formatDate(createdAt)],
    ]);
  }

  override adopt(newer: this): void {
    this.repository = newer.repository;
    if (newer.asOf === undefined) delete this.asOf;
  }

  override forget(): void {
    this.session.ecr.dropImages(this.repository.name);
  }

  override async children(signal: AbortSignal): Promise<Rows> {
    const made = await this.drawing.rows().images(this.session, this.repository, drawnFor(this, this), signal);
    return rowsFrom(made, this, this);
  }
}

/** An image, or what is known of one. */
export class ImageNode extends TreeNode {
  readonly id: string;
  override readonly copyable: Copyable;
  override readonly consolePath: string | undefined;

  constructor(
    readonly parent: TreeNode,
    readonly repositoryNode: RepositoryNode,
    public data: RowData,
  ) {
    super();
    this.id = `${parent.id}/${data.key}`;
    this.copyable = data.copyable ?? {};
    this.consolePath = data.consolePath;
  }

  get image(): Image | undefined {
    return this.data.image;
  }

  toItem(): vscode.TreeItem {
    const { label, description = '', icon: id, color, contextValue, command, spoken, below } = this.data;
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(label, below ? Collapsed : None);
    item.description = description;
    item.iconPath = icon(id, color);
    item.contextValue = contextValue;
    item.accessibilityInformation = { label: spoken ?? [label, description].filter(Boolean).join(', ') };
    if (command) item.command = { command: command.id, title: command.title, arguments: [this.parent] };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { label, description, tooltip: parts } = this.data;
    return parts ? tooltip(parts.title, parts.rows) : tooltip(label, [['', description]]);
  }

  override async children(signal: AbortSignal): Promise<Rows> {
    const made = await this.data.below?.(drawnFor(this, this.repositoryNode), signal);
    return made ? rowsFrom(made, this, this.repositoryNode) : { rows: [] };
  }
}

function rowsFrom({ rows, error, more }: DataRows, parent: TreeNode, repository: RepositoryNode): Rows {
  const nodes: TreeNode[] = rows.map((data) => new ImageNode(parent, repository, data));
  if (more) nodes.push(new MoreNode(parent, more.count, more.load));
  return { rows: nodes, error };
}

/** A change in the middle of an answer would be lost, so it waits for the answer. */
function drawnFor(node: TreeNode, repository: RepositoryNode): Drawn {
  const { drawing } = repository;
  return {
    show: (rows) => drawing.show(node, rowsFrom(rows, node, repository)),
    changed: () => drawing.changed(node),
    redraw: () => void setTimeout(() => drawing.redraw(node), 0),
    regroup: () => void setTimeout(() => drawing.changed(repository), 0),
  };
}
