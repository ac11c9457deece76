import { compareNames } from '../core/names';
import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { Row } from '../core/contributions';
import { Listing } from '../core/listing';
import { icon, MessageNode, MoreNode, TreeNode, type Rows } from './treeNode';

/** Reads the families of task definitions: the first level of their view. */
export async function familyRows(
  parent: TreeNode,
  signal: AbortSignal,
  changed: (node: TreeNode) => void,
): Promise<Rows> {
  const { ecs } = parent.session.connection;
  const listing = new Listing((token, own) => ecs.listFamilies(token, own));
  await listing.readOn(signal);
  if (listing.error && listing.items.length === 0) throw listing.error;
  const names = [...listing.items].sort((a, b) => compareNames(a, b));
  return { rows: names.map((name) => new FamilyNode(parent, name, changed)), error: listing.error };
}

/** A family; below it its active revisions, the newest first. */
export class FamilyNode extends TreeNode {
  readonly id: string;
  override readonly copyable;
  override readonly consolePath: string;
  private pages: string[] = [];
  private token: string | undefined;
  private complete = false;

  constructor(
    readonly parent: TreeNode,
    readonly name: string,
    private readonly changed: (node: TreeNode) => void,
  ) {
    super();
    this.id = `family/${name}`;
    this.copyable = { name };
    this.consolePath = `ecs/v2/task-definitions/${name}`;
  }

  override adopt(): void {
    // What has been read of it stays.
  }

  toItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.name, vscode.TreeItemCollapsibleState.Collapsed);
    item.iconPath = icon('files');
    item.contextValue = Row.family;
    item.accessibilityInformation = { label: vscode.l10n.t('Task definition family {0}', this.name) };
    return item;
  }

  override async children(signal: AbortSignal): Promise<Rows> {
    if (this.pages.length === 0) await this.readPage(signal);
    const revisions: TreeNode[] = this.pages.map((arn) => new RevisionNode(this, arn));
    if (revisions.length === 0) return { rows: [new MessageNode(this, vscode.l10n.t('No active revisions'))] };
    return { rows: this.complete ? revisions : [...revisions, this.more()] };
  }

  override forget(): void {
    this.pages = [];
    this.token = undefined;
    this.complete = false;
  }

  private async readPage(signal: AbortSignal): Promise<void> {
    const { ecs } = this.session.connection;
    const { items, nextToken } = await ecs.listRevisions(this.name, this.token, signal);
    this.pages.push(...items);
    this.token = nextToken;
    this.complete = !nextToken;
  }

  /** Revisions count down to 1, so the last one that is known tells how many there are at most. */
  private more(): MoreNode {
    const rest = Number(this.pages.at(-1)?.split(':').at(-1) ?? 1) - 1;
    return new MoreNode(this, rest, async () => {
      await this.readPage(this.session.signal);
      this.changed(this);
    });
  }
}

/** One revision of a task definition. */
export class RevisionNode extends TreeNode {
  override readonly copyable;
  override readonly consolePath: string;

  constructor(
    readonly parent: FamilyNode,
    readonly id: string,
  ) {
    super();
    this.copyable = { name: nameOf(id), arn: id };
    this.consolePath = `ecs/v2/task-definitions/${nameOf(id).replace(':', '/')}/containers`;
  }

  toItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(nameOf(this.id));
    item.iconPath = icon('file-code');
    item.contextValue = Row.revision;
    item.accessibilityInformation = { label: vscode.l10n.t('Revision {0}', nameOf(this.id)) };
    return item;
  }
}
