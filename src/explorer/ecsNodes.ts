import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { Row } from '../core/contributions';
import { shortImage } from '../core/imageRef';
import type { Cluster, Container, Service, Task } from '../ecs/model';
import type { Session } from '../ui/connections';
import { formatAge, formatDate, formatServices, formatTasks } from '../ui/format';
import { serviceRow, type ServiceRow } from './serviceRow';
import { MessageNode, MoreNode, TreeNode, tooltip } from './treeNode';

const icon = (id: string, color?: string): vscode.ThemeIcon =>
  new vscode.ThemeIcon(id, color ? new vscode.ThemeColor(color) : undefined);

export class ClusterNode extends TreeNode {
  readonly id: string;
  readonly parent = undefined;
  override readonly copyable;
  override readonly consolePath: string;
  private readonly rows = new Map<string, ServiceNode>();

  constructor(
    public cluster: Cluster,
    private readonly session: Session,
    private readonly changed: (node: TreeNode) => void,
    private readonly opened: (node: ClusterNode) => void,
  ) {
    super();
    this.id = cluster.arn;
    this.copyable = { name: cluster.name, arn: cluster.arn };
    this.consolePath = `ecs/v2/clusters/${cluster.name}`;
  }

  toItem(): vscode.TreeItem {
    const { name, activeServices, runningTasks, pendingTasks, containerInstances } = this.cluster;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = `${formatServices(activeServices)} · ${formatTasks(runningTasks)}`;
    item.iconPath = icon('server-environment');
    item.contextValue = Row.cluster;
    item.tooltip = tooltip(name, [
      [vscode.l10n.t('Services'), activeServices],
      [vscode.l10n.t('Running tasks'), runningTasks],
      [vscode.l10n.t('Pending tasks'), pendingTasks],
      [vscode.l10n.t('Container instances'), containerInstances],
      ['ARN', this.cluster.arn],
    ]);
    item.accessibilityInformation = { label: vscode.l10n.t('Cluster {0}, {1}', name, item.description) };
    return item;
  }

  override async children(signal: AbortSignal): Promise<TreeNode[]> {
    const { described, remaining } = await this.session.ecs.listServices(this.cluster.arn, signal);
    if (described.length === 0) return [new MessageNode(this, vscode.l10n.t('No services'))];
    const rows: TreeNode[] = described.map(({ arn }) => this.row(arn) ?? this.addRow(arn));
    this.opened(this);
    if (remaining > 0) {
      rows.push(
        new MoreNode(this, remaining, () => {
          this.session.ecs.wantMore(this.cluster.arn);
          this.changed(this);
        }),
      );
    }
    return rows;
  }

  /** The row of a service that has been shown: a tree can only redraw the very object that it knows. */
  row(arn: string): ServiceNode | undefined {
    return this.rows.get(arn);
  }

  /** The services that have rows, as they are known now. */
  shownServices(): Service[] {
    return [...this.rows.keys()].flatMap((arn) => this.session.ecs.service(arn) ?? []);
  }

  /** Reads the row's own counts again. Returns whether they are new. */
  async reload(): Promise<boolean> {
    const { connection, signal } = this.session;
    const { found } = await connection.ecs.describeClusters([this.id], signal);
    const before = JSON.stringify(this.cluster);
    this.cluster = found[0] ?? this.cluster;
    return JSON.stringify(this.cluster) !== before;
  }

  override forget(): void {
    this.session.ecs.drop(this.cluster.arn);
    this.rows.clear();
  }

  private addRow(arn: string): ServiceNode {
    const row = new ServiceNode(arn, this, this.session);
    this.rows.set(arn, row);
    return row;
  }
}

export class ServiceNode extends TreeNode {
  override readonly copyable;
  override readonly consolePath: string;

  constructor(
    readonly id: string,
    readonly parent: ClusterNode,
    private readonly session: Session,
  ) {
    super();
    const { name } = this.service;
    this.copyable = { name, arn: id };
    this.consolePath = `ecs/v2/clusters/${parent.cluster.name}/services/${name}/health`;
  }

  /** Always the newest that is known. */
  get service(): Service {
    const service = this.session.ecs.service(this.id);
    if (!service) throw new Error(`no service ${this.id}`);
    return service;
  }

  toItem(): vscode.TreeItem {
    const { service } = this;
    const row = serviceRow(service);
    const item = new vscode.TreeItem(service.name, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = describeService(row);
    item.iconPath = serviceIcon(row);
    item.contextValue = Row.service;
    item.accessibilityInformation = { label: vscode.l10n.t('Service {0}, {1}', service.name, item.description) };
    item.tooltip = tooltip(service.name, [
      [vscode.l10n.t('State'), item.description],
      [vscode.l10n.t('Task definition'), nameOf(service.taskDefinition ?? '')],
      [vscode.l10n.t('Launch type'), service.launchType],
      [vscode.l10n.t('Deployment'), service.deployments.find(({ status }) => status === 'PRIMARY')?.rolloutReason],
      ['ARN', service.arn],
    ]);
    return item;
  }

  override async children(signal: AbortSignal): Promise<TreeNode[]> {
    const tasks = await this.session.ecs.listTasks(this.parent.cluster.arn, this.service.name, signal);
    if (tasks.length === 0) return [new MessageNode(this, vscode.l10n.t('No tasks'))];
    return tasks.map((task) => new TaskNode(task, this));
  }
}

function describeService({ state, running, desired, deployed }: ServiceRow): string {
  const counts = vscode.l10n.t('{0}/{1} running', running, desired);
  switch (state) {
    case 'deploying':
      return vscode.l10n.t('{0} · deploying {1}/{2}', counts, deployed, desired);
    case 'failing':
      return vscode.l10n.t('{0} · failing', counts);
    case 'draining':
      return vscode.l10n.t('{0} · draining', counts);
    case 'stopped':
      return vscode.l10n.t('scaled to 0');
    case 'short':
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
      return icon('warning', 'list.warningForeground');
    case 'stopped':
      return icon('circle-outline', 'disabledForeground');
  }
}

export class TaskNode extends TreeNode {
  readonly id: string;
  override readonly copyable;
  override readonly consolePath: string;

  constructor(
    readonly task: Task,
    readonly parent: ServiceNode,
  ) {
    super();
    this.id = task.arn;
    this.copyable = { name: task.id, arn: task.arn };
    this.consolePath = `ecs/v2/clusters/${parent.parent.cluster.name}/tasks/${task.id}`;
  }

  toItem(): vscode.TreeItem {
    const { task } = this;
    const item = new vscode.TreeItem(task.id.slice(0, 12), vscode.TreeItemCollapsibleState.Collapsed);
    const revision = nameOf(task.taskDefinition);
    const health = task.health && task.health !== 'UNKNOWN' ? task.health.toLowerCase() : undefined;
    const words = [task.lastStatus.toLowerCase(), health, revision, formatAge(task.startedAt ?? task.createdAt)];
    item.description = words.filter(Boolean).join(' · ');
    item.iconPath = taskIcon(task);
    item.contextValue = Row.task;
    item.accessibilityInformation = { label: vscode.l10n.t('Task {0}, {1}', item.label as string, item.description) };
    item.tooltip = tooltip(task.id, [
      [vscode.l10n.t('Status'), task.lastStatus],
      [vscode.l10n.t('Health'), task.health],
      [vscode.l10n.t('Task definition'), revision],
      [vscode.l10n.t('Started'), formatDate(task.startedAt)],
      [vscode.l10n.t('Stopped'), task.stoppedReason],
    ]);
    return item;
  }

  override children(): Promise<TreeNode[]> {
    return Promise.resolve(this.task.containers.map((container) => new ContainerNode(container, this)));
  }
}

function taskIcon({ lastStatus, desiredStatus, health }: Task): vscode.ThemeIcon {
  if (lastStatus === 'STOPPED') return icon('circle-slash', 'disabledForeground');
  if (health === 'UNHEALTHY') return icon('error', 'testing.iconFailed');
  if (lastStatus === 'RUNNING' && desiredStatus === 'RUNNING') return icon('play-circle', 'testing.iconPassed');
  return icon('sync~spin', 'charts.blue');
}

export class ContainerNode extends TreeNode {
  readonly id: string;
  override readonly copyable;

  constructor(
    readonly container: Container,
    readonly parent: TaskNode,
  ) {
    super();
    this.id = `${parent.id}/${container.name}`;
    const { name, image, imageDigest } = container;
    this.copyable = { name, uri: image, ...(imageDigest ? { digest: imageDigest } : {}) };
  }

  toItem(): vscode.TreeItem {
    const { name, image, imageDigest, status, reason, exitCode, networkBindings } = this.container;
    const item = new vscode.TreeItem(name);
    const ports = networkBindings
      .map(({ hostPort, containerPort }) => `${hostPort}→${containerPort ?? '?'}`)
      .join(', ');
    item.description = [shortImage(image), status.toLowerCase(), ports].filter(Boolean).join(' · ');
    item.iconPath = icon('symbol-namespace');
    item.contextValue = Row.container;
    item.accessibilityInformation = { label: vscode.l10n.t('Container {0}, {1}', name, item.description) };
    item.tooltip = tooltip(name, [
      [vscode.l10n.t('Image'), image],
      [vscode.l10n.t('Digest'), imageDigest],
      [vscode.l10n.t('Status'), status],
      [vscode.l10n.t('Exit code'), exitCode],
      [vscode.l10n.t('Reason'), reason],
    ]);
    return item;
  }
}
