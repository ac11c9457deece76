import * as vscode from 'vscode';
import { Row } from '../core/contributions';
import { shortDigest } from '../core/imageRef';
import type { Image, Repository } from '../ecr/model';
import type { Session } from '../ui/connections';
import { formatAge, formatBytes, formatDate } from '../ui/format';
import { MessageNode, MoreNode, TreeNode, tooltip } from './treeNode';

/** Rows shown at once; all pages are read anyway, because only then is the newest known. */
const imagesAtOnce = 100;

export class RepositoryNode extends TreeNode {
  readonly id: string;
  readonly parent = undefined;
  override readonly copyable;
  override readonly consolePath: string;
  private images: Image[] | undefined;
  private shown = imagesAtOnce;

  constructor(
    readonly repository: Repository,
    private readonly session: Session,
    private readonly changed: (node: TreeNode) => void,
  ) {
    super();
    this.id = repository.arn;
    this.copyable = { name: repository.name, arn: repository.arn, uri: repository.uri };
    const account = repository.arn.split(':')[4] ?? '';
    this.consolePath = `ecr/repositories/private/${account}/${repository.name}`;
  }

  toItem(): vscode.TreeItem {
    const { name, uri, mutability, createdAt } = this.repository;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    if (mutability.startsWith('IMMUTABLE')) item.description = vscode.l10n.t('immutable tags');
    item.iconPath = new vscode.ThemeIcon('package');
    item.contextValue = Row.repository;
    item.tooltip = tooltip(name, [
      ['URI', uri],
      [vscode.l10n.t('Tags'), mutability],
      [vscode.l10n.t('Created'), formatDate(createdAt)],
    ]);
    item.accessibilityInformation = { label: vscode.l10n.t('Repository {0}', name) };
    return item;
  }

  override async children(signal: AbortSignal): Promise<TreeNode[]> {
    const images = (this.images ??= await this.session.ecr.listImages(this.repository.name, signal));
    if (images.length === 0) return [new MessageNode(this, vscode.l10n.t('No images yet'))];
    const rows: TreeNode[] = images.slice(0, this.shown).map((image) => new ImageNode(image, this));
    if (images.length > this.shown) {
      rows.push(
        new MoreNode(this, images.length - this.shown, () => {
          this.shown += imagesAtOnce;
          this.changed(this);
        }),
      );
    }
    return rows;
  }

  override forget(): void {
    this.images = undefined;
  }
}

export class ImageNode extends TreeNode {
  readonly id: string;
  override readonly copyable;

  constructor(
    readonly image: Image,
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
    const { tags, digest, size, pushedAt, mediaType } = this.image;
    const label = tags.length > 0 ? tags.join(', ') : vscode.l10n.t('untagged');
    const item = new vscode.TreeItem(label);
    // A narrow sidebar cuts the end off: the digest is what one misses least.
    item.description = [formatAge(pushedAt), formatBytes(size), shortDigest(digest)].filter(Boolean).join(' · ');
    item.iconPath = new vscode.ThemeIcon(tags.length > 0 ? 'tag' : 'circle-outline');
    item.contextValue = Row.image;
    item.tooltip = tooltip(label, [
      [vscode.l10n.t('Digest'), digest],
      [vscode.l10n.t('Size'), formatBytes(size)],
      [vscode.l10n.t('Pushed'), formatDate(pushedAt)],
      [vscode.l10n.t('Type'), mediaType],
    ]);
    item.accessibilityInformation = { label: vscode.l10n.t('Image {0}, {1}', label, String(item.description)) };
    return item;
  }
}
