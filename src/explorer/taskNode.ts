import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { Row } from '../core/contributions';
import { shortImage } from '../core/imageRef';
import type { Container, Task } from '../ecs/model';
import { formatAge, formatDate } from '../ui/format';
import { markedUri } from './driftDecorations';
import { NetworkGroupNode, type ReadNetworkRows } from './networkGroup';
import { FactNode, icon, tooltip, TreeNode, type GroupNode, type Rows } from './treeNode';

/** A row whose tasks may run another image than their tag names by now. */
export abstract class DriftingNode extends TreeNode {
  /** Images whose tag has moved, as they are written in the task definition. */
  moved: ReadonlySet<string> = new Set();
}

/** A task, running or stopped; below it its containers and the network around it. */
export class TaskNode extends TreeNode {
  readonly id: string;
  override readonly copyable;
  override readonly consolePath: string;

  constructor(
    readonly parent: TreeNode,
    readonly task: Task,
    private readonly readNetwork: ReadNetworkRows,
  ) {
    super();
    this.id = task.arn;
    const { privateAddress } = task;
    this.copyable = { name: task.id, arn: task.arn, ...(privateAddress ? { address: privateAddress } : {}) };
    this.consolePath = `ecs/v2/clusters/${nameOf(task.clusterArn)}/tasks/${task.id}`;
  }

  toItem(): vscode.TreeItem {
    const { task } = this;
    const item = new vscode.TreeItem(task.id.slice(0, 12), vscode.TreeItemCollapsibleState.Collapsed);
    item.description = task.lastStatus === 'STOPPED' ? describeStopped(task) : describeRunning(task);
    item.iconPath = taskIcon(task);
    item.contextValue = task.lastStatus === 'STOPPED' ? Row.stoppedTask : Row.task;
    item.accessibilityInformation = { label: vscode.l10n.t('Task {0}, {1}', item.label as string, item.description) };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { task } = this;
    return tooltip(task.id, [
      [vscode.l10n.t('Status'), task.lastStatus],
      [vscode.l10n.t('Health'), task.health],
      [vscode.l10n.t('Task definition'), nameOf(task.taskDefinition)],
      [vscode.l10n.t('Launch type'), task.launchType],
      [vscode.l10n.t('Size'), task.cpu && task.memory ? `${task.cpu} CPU, ${task.memory} MiB` : undefined],
      [vscode.l10n.t('Zone'), task.zone],
      [vscode.l10n.t('Started by'), task.startedBy],
      [vscode.l10n.t('Started'), formatDate(task.startedAt)],
      [vscode.l10n.t('Stopped'), formatDate(task.stoppedAt)],
      [vscode.l10n.t('Reason'), task.stoppedReason],
      ['ECS Exec', task.execEnabled ? vscode.l10n.t('on') : vscode.l10n.t('off')],
    ]);
  }

  override children(): Promise<Rows> {
    const containers = this.task.containers.map((container) => {
      const drifted = this.parent instanceof DriftingNode && this.parent.moved.has(container.image);
      return new ContainerNode(this, container, drifted);
    });
    // With a stopped task its interface has gone.
    const isStopped = this.task.lastStatus === 'STOPPED';
    return Promise.resolve({ rows: isStopped ? containers : [...containers, network(this, this.readNetwork)] });
  }
}

function describeRunning(task: Task): string {
  const health = task.health && task.health !== 'UNKNOWN' ? task.health.toLowerCase() : undefined;
  const stopping = task.desiredStatus === 'STOPPED' ? vscode.l10n.t('stopping') : undefined;
  const words = [stopping ?? task.lastStatus.toLowerCase(), health, nameOf(task.taskDefinition)];
  return [...words, formatAge(task.startedAt ?? task.createdAt)].filter(Boolean).join(' · ');
}

/** The reason comes first: it is what one looks for. */
function describeStopped(task: Task): string {
  const container = task.containers.find(({ reason, exitCode }) => reason ?? exitCode);
  const exit = container?.exitCode === undefined ? undefined : vscode.l10n.t('exit code {0}', container.exitCode);
  const reason = container?.reason ?? task.stoppedReason;
  return [reason, exit, nameOf(task.taskDefinition), formatAge(task.stoppedAt)].filter(Boolean).join(' · ');
}

function taskIcon({ lastStatus, desiredStatus, health, containers }: Task): vscode.ThemeIcon {
  if (lastStatus === 'STOPPED') {
    const failed = containers.some(({ exitCode, reason }) => (exitCode ?? 0) !== 0 || reason);
    return failed ? icon('error', 'testing.iconFailed') : icon('circle-slash', 'disabledForeground');
  }
  if (health === 'UNHEALTHY') return icon('error', 'testing.iconFailed');
  if (lastStatus === 'RUNNING' && desiredStatus === 'RUNNING') return icon('play-circle', 'testing.iconPassed');
  return icon('sync~spin', 'charts.blue');
}

/** Where the task is in the network, and the ways in and out. */
function network(node: TaskNode, read: ReadNetworkRows): NetworkGroupNode {
  const { arn, clusterArn, networkInterface, subnet, privateAddress } = node.task;
  return new NetworkGroupNode(node, {
    subject: { kind: 'task', cluster: clusterArn, task: arn },
    read,
    description: [privateAddress, subnet].filter(Boolean).join(' · '),
    ...(networkInterface ? { facts: (group, signal) => addressFacts(node, networkInterface, group, signal) } : {}),
  });
}

/** The task's interface as EC2 describes it: one call. */
async function addressFacts(
  { session, task }: TaskNode,
  networkInterface: string,
  group: GroupNode,
  signal: AbortSignal,
): Promise<TreeNode[]> {
  const eni = await session.connection.network.describeNetworkInterface(networkInterface, signal);
  const facts: [string, string | undefined][] = [
    [vscode.l10n.t('Network interface'), networkInterface],
    [vscode.l10n.t('Private address'), eni?.privateAddress ?? task.privateAddress],
    [vscode.l10n.t('Public address'), eni?.publicAddress],
    [vscode.l10n.t('Subnet'), eni?.subnet ?? task.subnet],
    ['VPC', eni?.vpc],
  ];
  const groups = (eni?.securityGroups ?? []).map(({ id, name }): [string, string] => [
    vscode.l10n.t('Security group'),
    name ? `${id} (${name})` : id,
  ]);
  return [...facts, ...groups].flatMap(([label, value]) => (value ? new FactNode(group, label, value) : []));
}

/** A container of a task. */
export class ContainerNode extends TreeNode {
  readonly id: string;
  override readonly copyable;

  constructor(
    readonly parent: TaskNode,
    readonly container: Container,
    private readonly drifted: boolean,
  ) {
    super();
    this.id = `${parent.id}/${container.name}`;
    const { name, image, imageDigest } = container;
    this.copyable = { name, uri: image, ...(imageDigest ? { digest: imageDigest } : {}) };
  }

  toItem(): vscode.TreeItem {
    const { name, image, status, reason, exitCode, health, networkBindings } = this.container;
    const item = new vscode.TreeItem(name);
    const ports = networkBindings
      .map(({ hostPort, containerPort }) => `${hostPort}→${containerPort ?? '?'}`)
      .join(', ');
    const exit = exitCode === undefined ? undefined : vscode.l10n.t('exit code {0}', exitCode);
    const healthText = health && health !== 'UNKNOWN' ? health.toLowerCase() : undefined;
    item.description = [shortImage(image), status.toLowerCase(), healthText, exit, reason, ports]
      .filter(Boolean)
      .join(' · ');
    item.iconPath = (exitCode ?? 0) !== 0 || reason ? icon('error', 'testing.iconFailed') : icon('symbol-namespace');
    item.contextValue = Row.container;
    if (this.drifted) item.resourceUri = markedUri(this.id);
    item.accessibilityInformation = { label: vscode.l10n.t('Container {0}, {1}', name, item.description) };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { name, image, imageDigest, status, reason, exitCode, health } = this.container;
    return tooltip(name, [
      [vscode.l10n.t('Image'), image],
      [vscode.l10n.t('Digest'), imageDigest],
      [vscode.l10n.t('Status'), status],
      [vscode.l10n.t('Health'), health],
      [vscode.l10n.t('Exit code'), exitCode],
      [vscode.l10n.t('Reason'), reason],
    ]);
  }
}
