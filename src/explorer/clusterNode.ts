import * as vscode from 'vscode';
import { Row } from '../core/contributions';
import type { Cluster, Service, Task } from '../ecs/model';
import type { ServiceList } from '../ecs/serviceList';
import { formatAge, formatServices, formatTasks } from '../ui/format';
import { clusterGroups } from './clusterGroups';
import type { ReadNetworkRows } from './networkGroup';
import type { ServiceFilter } from './serviceFilter';
import { ServiceNode } from './serviceNode';
import { serviceRow } from './serviceRow';
import { icon, MessageNode, tooltip, TreeNode, type Rows } from './treeNode';

/** What a cluster's rows need of the view. */
export interface ClusterParts {
  readonly filter: ServiceFilter;
  /** Called with the tasks of a service that has been opened. */
  readonly onTasks: (node: ServiceNode, tasks: readonly Task[]) => void;
  readonly network: ReadNetworkRows;
}

/** A cluster; below it what runs outside of services, and then its services. */
export class ClusterNode extends TreeNode {
  readonly id: string;
  override readonly copyable;
  override readonly consolePath: string;
  private readonly services = new Map<string, ServiceNode>();

  constructor(
    readonly parent: TreeNode,
    public cluster: Cluster,
    readonly parts: ClusterParts,
    /** From an earlier start: milliseconds since the epoch. */
    public asOf?: number,
  ) {
    super();
    this.id = cluster.arn;
    this.copyable = { name: cluster.name, arn: cluster.arn };
    this.consolePath = `ecs/v2/clusters/${cluster.name}`;
  }

  /** The services as far as they are known. */
  get list(): ServiceList {
    return this.session.ecs.services(this.id);
  }

  toItem(): vscode.TreeItem {
    const { name, activeServices, runningTasks, pendingTasks } = this.cluster;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    const pending = pendingTasks > 0 ? vscode.l10n.t('{0} pending', pendingTasks) : undefined;
    const old = this.asOf === undefined ? undefined : vscode.l10n.t('as of {0}', formatAge(this.asOf));
    const words = [formatServices(activeServices), formatTasks(runningTasks), pending, old];
    item.description = words.filter(Boolean).join(' · ');
    item.iconPath = icon('server-environment', old && 'disabledForeground');
    item.contextValue = Row.cluster;
    item.accessibilityInformation = { label: vscode.l10n.t('Cluster {0}, {1}', name, item.description) };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { name, arn, capacityProviders, insights, ...counts } = this.cluster;
    return tooltip(name, [
      [vscode.l10n.t('Services'), counts.activeServices],
      [vscode.l10n.t('Running tasks'), counts.runningTasks],
      [vscode.l10n.t('Pending tasks'), counts.pendingTasks],
      [vscode.l10n.t('Container instances'), counts.containerInstances],
      [vscode.l10n.t('Capacity providers'), capacityProviders.join(', ') || vscode.l10n.t('none')],
      ['Container Insights', insights],
      ['ARN', arn],
    ]);
  }

  override async children(signal: AbortSignal): Promise<Rows> {
    const { list } = this;
    await list.open(signal);
    if (list.error && list.arns.length === 0) throw list.error;
    return this.currentRows();
  }

  /** The rows as they are known now, without asking anything. */
  currentRows(): Rows {
    const { list } = this;
    const shown = this.parts.filter.select(list.arns, (arn) => list.get(arn));
    const services = shown.map((arn) => this.row(arn));
    const rows: TreeNode[] = [...clusterGroups(this), ...services];
    if (services.length === 0) rows.push(new MessageNode(this, this.nothing()));
    return { rows, error: list.error };
  }

  /** Rows keep their object and what it has learned; the counts are new. */
  override adopt(newer: this): void {
    this.cluster = newer.cluster;
    if (newer.asOf === undefined) delete this.asOf;
  }

  override closed(): void {
    this.list.pause();
  }

  override forget(): void {
    this.list.renew();
  }

  /** A row keeps what it has learned while a filter hides it. */
  private row(arn: string): ServiceNode {
    const row = this.services.get(arn) ?? new ServiceNode(this, arn);
    this.services.set(arn, row);
    return row;
  }

  private nothing(): string {
    const { list } = this;
    if (list.arns.length === 0) return vscode.l10n.t('No services');
    return list.complete || !this.parts.filter.needsDetails
      ? vscode.l10n.t('None of {0} matches the filter', formatServices(list.arns.length))
      : vscode.l10n.t('Looking…');
  }

  /** Tasks that no service accounts for, as far as that has been confirmed. */
  outside = 0;

  /**
   * The same by what is known at this moment: the cluster's count less those of its services. They are read at
   * different times, so while tasks come and go it says nothing, and elsewhere only a second look makes it true.
   */
  outsideNow(): number {
    const { list, cluster, outside } = this;
    const inFlux = ['deploying', 'draining', 'short', 'over'];
    if (!list.complete || list.services.some((service) => inFlux.includes(serviceRow(service).state))) return outside;
    const inServices = list.services.reduce((sum: number, { running }: Service) => sum + running, 0);
    return Math.max(0, cluster.runningTasks - inServices);
  }
}
