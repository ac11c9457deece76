import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { Row } from '../core/contributions';
import { parseImageReference, shortDigest } from '../core/imageRef';
import type { Service } from '../ecs/model';
import { primaryOf } from '../ecs/primary';
import { formatAge, formatDate } from '../ui/format';
import type { ClusterNode } from './clusterNode';
import { markedUri } from './driftDecorations';
import { serviceGroups } from './serviceGroups';
import { serviceRow, type ServiceRow } from './serviceRow';
import { DriftingNode, TaskNode } from './taskNode';
import type { TreeNode } from './treeNode';
import { icon, MessageNode, tooltip, type Rows } from './treeNode';

/** A service; below it its tasks and what belongs to it. */
export class ServiceNode extends DriftingNode {
  override readonly copyable;
  override readonly consolePath: string;
  override readonly isCheap = true;
  private readonly name: string;
  private last: Service | undefined;
  /** The tag or digest that its tasks run, once they are known. */
  version: string | undefined;
  /** Why it fails, in a few words, once somebody looked. */
  cause: string | undefined;

  constructor(
    readonly parent: ClusterNode,
    readonly id: string,
  ) {
    super();
    this.name = nameOf(id);
    this.copyable = { name: this.name, arn: id };
    this.consolePath = `ecs/v2/clusters/${parent.cluster.name}/services/${this.name}/health`;
  }

  /** The newest that is known; undefined while only the name is. */
  get service(): Service | undefined {
    this.last = this.parent.list.get(this.id) ?? this.last;
    return this.last;
  }

  /** What a newer row knows less of is kept. */
  override adopt(): void {
    // A row is its ARN; the rest comes from the list.
  }

  toItem(): vscode.TreeItem {
    const { service, name } = this;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    item.contextValue = service ? contextOf(service) : Row.service;
    if (!service) {
      item.iconPath = icon('circle-large-outline', 'disabledForeground');
      item.accessibilityInformation = { label: vscode.l10n.t('Service {0}, not read yet', name) };
      return item;
    }
    const row = serviceRow(service);
    if (this.moved.size > 0) item.resourceUri = markedUri(this.id);
    item.description = describeService(
      row,
      kindOf(service),
      this.version,
      row.state === 'failing' ? this.cause : undefined,
    );
    item.iconPath = serviceIcon(row);
    if (this.parent.list.isOld(this.id)) {
      item.description += ` · ${vscode.l10n.t('as of {0}', formatAge(this.parent.list.asOf))}`;
      item.iconPath = icon('history', 'disabledForeground');
    }
    item.accessibilityInformation = { label: vscode.l10n.t('Service {0}, {1}', name, item.description) };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { service } = this;
    if (!service) return tooltip(this.name, [['ARN', this.id]]);
    const primary = primaryOf(service);
    return tooltip(service.name, [
      [vscode.l10n.t('State'), String(this.toItem().description)],
      [vscode.l10n.t('Task definition'), nameOf(service.taskDefinition ?? '')],
      [vscode.l10n.t('Kind'), kindOf(service)],
      [vscode.l10n.t('Launch type'), service.launchType],
      [vscode.l10n.t('Deployment'), primary?.rolloutReason],
      [vscode.l10n.t('Since'), primary && `${formatDate(primary.createdAt)} (${formatAge(primary.createdAt)})`],
      ['ECS Exec', service.execEnabled ? vscode.l10n.t('on') : vscode.l10n.t('off')],
      [vscode.l10n.t('Last event'), service.events[0]?.text],
      ['ARN', service.arn],
    ]);
  }

  override async children(signal: AbortSignal): Promise<Rows> {
    const filter = { serviceName: this.name };
    const { items, error } = await this.session.ecs.listTasks(this.parent.id, filter, signal);
    const newest = items.find(({ lastStatus }) => lastStatus === 'RUNNING') ?? items[0];
    this.version = newest && versionOf(newest.containers[0]?.image);
    this.parent.parts.onTasks(this, items);
    const tasks = items.map((task) => new TaskNode(this, task, this.parent.parts.network));
    const rows: TreeNode[] = tasks.length > 0 ? tasks : [new MessageNode(this, vscode.l10n.t('No tasks'))];
    return { rows: [...rows, ...serviceGroups(this)], error };
  }
}

/** What decides which verbs are offered: `gantry.service`, with what it is. */
function contextOf(service: Service): string {
  if (service.express) return Row.expressService;
  if (service.controller === 'CODE_DEPLOY') return Row.codeDeployService;
  if (service.controller !== 'ECS') return Row.externalService;
  return service.scheduling === 'DAEMON' ? Row.daemonService : Row.service;
}

/** What is special about a service, in AWS's words. */
export function kindOf({ express, scheduling, controller, strategy }: Service): string | undefined {
  if (express) return 'Express Mode';
  if (controller === 'CODE_DEPLOY') return 'CodeDeploy';
  if (controller === 'EXTERNAL') return vscode.l10n.t('external controller');
  if (scheduling === 'DAEMON') return 'daemon';
  return strategy === 'ROLLING' ? undefined : strategy.toLowerCase().replace('_', '/');
}

/** `v1.4.2`, or the beginning of a digest. */
function versionOf(image: string | undefined): string | undefined {
  const reference = parseImageReference(image ?? '');
  return reference?.tag ?? (reference?.digest && shortDigest(reference.digest));
}

function describeService(row: ServiceRow, kind?: string, version?: string, cause?: string): string {
  return [stateText(row, cause), kind, version ?? row.revision].filter(Boolean).join(' · ');
}

function stateText({ state, running, desired, percent }: ServiceRow, cause: string | undefined): string {
  const counts = vscode.l10n.t('{0}/{1} running', running, desired);
  switch (state) {
    case 'deploying':
      return vscode.l10n.t('{0} · deploying {1} %', counts, percent);
    case 'failing':
      return cause ? vscode.l10n.t('{0} · failing: {1}', counts, cause) : vscode.l10n.t('{0} · failing', counts);
    case 'draining':
      return vscode.l10n.t('{0} · draining', counts);
    case 'stopped':
      return vscode.l10n.t('scaled to 0');
    case 'short':
      return vscode.l10n.t('{0} · short', counts);
    case 'over':
    case 'steady':
      return counts;
  }
}

function serviceIcon({ state }: ServiceRow): vscode.ThemeIcon {
  switch (state) {
    case 'steady':
      return icon('pass-filled', 'testing.iconPassed');
    case 'deploying':
    case 'draining':
      return icon('sync~spin', 'charts.blue');
    case 'failing':
      return icon('error', 'testing.iconFailed');
    case 'short':
    case 'over':
      return icon('warning', 'list.warningForeground');
    case 'stopped':
      return icon('circle-outline', 'disabledForeground');
  }
}
