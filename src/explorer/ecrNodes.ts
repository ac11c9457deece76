import * as vscode from 'vscode';
import { Row } from '../core/contributions';
import { shortDigest } from '../core/imageRef';
import type { Image, Repository } from '../ecr/model';
import { formatAge, formatBytes, formatDate } from '../ui/format';
import { icon, MessageNode, MoreNode, TreeNode, tooltip, type Rows } from './treeNode';

/** Rows shown at once; all pages are read anyway, because only then is the newest known. */
const imagesAtOnce = 100;

export class RepositoryNode extends TreeNode {
  readonly id: string;
  override readonly copyable;
  override readonly consolePath: string;
  private shown = imagesAtOnce;

  /** @param changed called when the rows below are others, without a new reading */
  constructor(
    readonly parent: TreeNode,
    public repository: Repository,
    private readonly changed: (node: RepositoryNode) => void,
    /** From an earlier start: milliseconds since the epoch. */
    public asOf?: number,
  ) {
    super();
    this.id = repository.arn;
    this.copyable = { name: repository.name, arn: repository.arn, uri: repository.uri };
    const account = repository.arn.split(':')[4] ?? '';
    this.consolePath = `ecr/repositories/private/${account}/${repository.name}`;
  }

  toItem(): vscode.TreeItem {
    const { name, mutability } = this.repository;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    const old = this.asOf === undefined ? undefined : vscode.l10n.t('as of {0}', formatAge(this.asOf));
    const immutable = mutability.startsWith('IMMUTABLE') ? vscode.l10n.t('immutable tags') : undefined;
    item.description = [immutable, old].filter(Boolean).join(' · ');
    item.iconPath = icon('package', old && 'disabledForeground');
    item.contextValue = Row.repository;
    item.accessibilityInformation = { label: vscode.l10n.t('Repository {0}', name) };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { name, uri, mutability, createdAt } = this.repository;
    return tooltip(name, [
      ['URI', uri],
      [vscode.l10n.t('Tags'), mutability],
      [vscode.l10n.t('Created'), formatDate(createdAt)],
    ]);
  }

  override adopt(newer: this): void {
    this.repository = newer.repository;
    if (newer.asOf === undefined) delete this.asOf;
  }

  override async children(signal: AbortSignal): Promise<Rows> {
    const { items: images, error } = await this.session.ecr.listImages(this.repository.name, signal);
    if (images.length === 0) return { rows: [new MessageNode(this, vscode.l10n.t('No images yet'))], error };
    const rows: TreeNode[] = images.slice(0, this.shown).map((image) => new ImageNode(image, this));
    if (images.length > this.shown) {
      rows.push(
        new MoreNode(this, images.length - this.shown, () => {
          this.shown += imagesAtOnce;
          this.changed(this);
        }),
      );
    }
    return { rows, error };
  }
}

export class ImageNode extends TreeNode {
  readonly id: string;
  override readonly copyable;

  constructor(
    public image: Image,
    readonly parent: RepositoryNode,
  ) {
    super();
    const { uri } = parent.repository;
    const tag = image.tags[0];
    this.id = `${parent.id}@${image.digest}`;
    this.copyable = {
      name: tag ?? image.digest,
      uri: tag ? `${uri}:${tag}` : `${uri}@${image.digest}`,
      digest: image.digest,
    };
  }

  toItem(): vscode.TreeItem {
    const { tags, digest, size, pushedAt } = this.image;
    const label = tags.length > 0 ? tags.join(', ') : vscode.l10n.t('untagged');
    const item = new vscode.TreeItem(label);
    // A narrow sidebar cuts the end off: the digest is what one misses least.
    item.description = [formatAge(pushedAt), formatBytes(size), shortDigest(digest)].filter(Boolean).join(' · ');
    item.iconPath = icon(tags.length > 0 ? 'tag' : 'circle-outline');
    item.contextValue = Row.image;
    item.accessibilityInformation = { label: vscode.l10n.t('Image {0}, {1}', label, String(item.description)) };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { tags, digest, size, pushedAt, mediaType } = this.image;
    return tooltip(tags.join(', ') || vscode.l10n.t('untagged'), [
      [vscode.l10n.t('Digest'), digest],
      [vscode.l10n.t('Size'), formatBytes(size)],
      [vscode.l10n.t('Pushed'), formatDate(pushedAt)],
      [vscode.l10n.t('Type'), mediaType],
    ]);
  }
}
