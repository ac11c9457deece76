import { serviceOfTask } from '../ecs/taskGroup';
import * as vscode from 'vscode';
import { Row } from '../core/contributions';
import { describeAll } from '../core/listing';
import { allPages } from '../core/paging';
import type { ContainerInstance, Task } from '../ecs/model';
import { formatDate, formatTasks } from '../ui/format';
import type { ClusterNode } from './clusterNode';
import { TaskNode } from './taskNode';
import { FactNode, GroupNode, icon, MessageNode, tooltip, TreeNode, type Rows } from './treeNode';

/** What is in a cluster besides services; a group that is known to be empty is not shown. */
export function clusterGroups(node: ClusterNode): GroupNode[] {
  const { containerInstances, capacityProviders } = node.cluster;
  const managed = capacityProviders.some((name) => !name.startsWith('FARGATE'));
  return [
    ...(node.outside === 0 ? [] : [standaloneTasks(node, node.outside)]),
    ...(containerInstances > 0 ? [instances(node)] : []),
    ...(managed ? [daemons(node)] : []),
  ];
}

function standaloneTasks(node: ClusterNode, count: number): GroupNode {
  return new GroupNode(node, {
    key: 'tasks',
    label: vscode.l10n.t('Tasks outside services'),
    description: formatTasks(count),
    iconId: 'run-all',
    read: async (group, signal) => {
      const { items, error } = await node.session.ecs.listTasks(node.id, {}, signal);
      const outside = items.filter((task) => serviceOfTask(task) === undefined);
      const rows: TreeNode[] = outside.map((task) => new StandaloneTaskNode(group, task, node.parts.network));
      return { rows: rows.length > 0 ? rows : [new MessageNode(group, vscode.l10n.t('None'))], error };
    },
  });
}

/** A task that no service started: who did is what matters. */
class StandaloneTaskNode extends TaskNode {
  override toItem(): vscode.TreeItem {
    const item = super.toItem();
    item.description = [originOf(this.task), item.description].filter(Boolean).join(' · ');
    return item;
  }
}

/** EventBridge writes `events-rule/NAME` or a scheduler's name where a service would write its deployment. */
function originOf({ startedBy }: Task): string | undefined {
  if (!startedBy) return undefined;
  return /^(events-rule|chronos-schedule)/.test(startedBy)
    ? vscode.l10n.t('scheduled by {0}', startedBy.slice(startedBy.indexOf('/') + 1))
    : vscode.l10n.t('started by {0}', startedBy);
}

function instances(node: ClusterNode): GroupNode {
  return new GroupNode(node, {
    key: 'instances',
    label: vscode.l10n.t('Container instances'),
    description: String(node.cluster.containerInstances),
    iconId: 'vm',
    read: async (group, signal) => {
      const { ecs } = node.session.connection;
      const arns = await allPages((token) => ecs.listContainerInstances(node.id, token, signal));
      const { items, error } = await describeAll({ items: arns, error: undefined }, 100, (batch) =>
        ecs.describeContainerInstances(node.id, batch, signal),
      );
      const managed = await managedProviders(node, items, signal);
      const rows = items.map((instance) => new InstanceNode(group, node, instance, kindOf(instance, managed)));
      return { rows, error };
    },
  });
}

/** A container instance; below it the tasks that run on it. */
export class InstanceNode extends TreeNode {
  readonly id: string;
  override readonly copyable;
  override readonly consolePath: string;

  constructor(
    readonly parent: TreeNode,
    readonly cluster: ClusterNode,
    private readonly instance: ContainerInstance,
    private readonly kind: string | undefined,
  ) {
    super();
    this.id = instance.arn;
    this.copyable = { name: instance.ec2Instance ?? instance.id, arn: instance.arn };
    this.consolePath = `ecs/v2/clusters/${cluster.cluster.name}/infrastructure/container-instances/${instance.id}`;
  }

  toItem(): vscode.TreeItem {
    const { ec2Instance, id, status, agentConnected, runningTasks, instanceType } = this.instance;
    const item = new vscode.TreeItem(ec2Instance ?? id.slice(0, 12), vscode.TreeItemCollapsibleState.Collapsed);
    const words = [
      this.kind,
      status.toLowerCase(),
      agentConnected ? undefined : vscode.l10n.t('agent not connected'),
      formatTasks(runningTasks),
      instanceType,
    ];
    item.description = words.filter(Boolean).join(' · ');
    item.iconPath =
      agentConnected && status === 'ACTIVE' ? icon('vm-active') : icon('vm-outline', 'list.warningForeground');
    item.contextValue = Row.instance;
    item.accessibilityInformation = {
      label: vscode.l10n.t('Container instance {0}, {1}', String(item.label), item.description),
    };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { id, cpu, memory, zone, agentVersion, capacityProvider, registeredAt } = this.instance;
    return tooltip(id, [
      ['CPU', vscode.l10n.t('{0} of {1} units left', cpu.remaining, cpu.registered)],
      [vscode.l10n.t('Memory'), vscode.l10n.t('{0} of {1} MiB left', memory.remaining, memory.registered)],
      [vscode.l10n.t('Zone'), zone],
      [vscode.l10n.t('Capacity provider'), capacityProvider],
      [vscode.l10n.t('Agent'), agentVersion],
      [vscode.l10n.t('Registered'), formatDate(registeredAt)],
    ]);
  }

  override async children(signal: AbortSignal): Promise<Rows> {
    const filter = { containerInstance: this.instance.id };
    const { items, error } = await this.session.ecs.listTasks(this.cluster.id, filter, signal);
    const rows: TreeNode[] = items.map((task) => new InstanceTaskNode(this, task));
    return { rows: rows.length > 0 ? rows : [new MessageNode(this, vscode.l10n.t('No tasks'))], error };
  }
}

/** The same task stands below its service too. */
class InstanceTaskNode extends TaskNode {
  override readonly id: string;

  constructor(parent: InstanceNode, task: Task) {
    super(parent, task, parent.cluster.parts.network);
    this.id = `${parent.id}/${task.id}`;
  }

  override toItem(): vscode.TreeItem {
    const item = super.toItem();
    item.description = [this.task.group?.replace(/^(service|family):/, ''), item.description]
      .filter(Boolean)
      .join(' · ');
    return item;
  }
}

/** Which capacity providers are Managed Instances; who may not ask sees plain instances. */
async function managedProviders(
  node: ClusterNode,
  instances: readonly ContainerInstance[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = [...new Set(instances.flatMap(({ capacityProvider }) => capacityProvider ?? []))];
  if (names.length === 0) return [];
  return node.session.connection.ecs.describeManagedProviders(names.slice(0, 100), signal).catch(() => []);
}

/** What a container instance is, in AWS's words: EC2 is the ordinary case and needs none. */
function kindOf({ ec2Instance, capacityProvider }: ContainerInstance, managed: readonly string[]): string | undefined {
  // Machines of ECS Anywhere are registered with Systems Manager, whose ids begin so.
  if (ec2Instance?.startsWith('mi-')) return vscode.l10n.t('external');
  return capacityProvider && managed.includes(capacityProvider) ? 'Managed Instance' : undefined;
}

function daemons(node: ClusterNode): GroupNode {
  return new GroupNode(node, {
    key: 'daemons',
    label: vscode.l10n.t('Daemons'),
    iconId: 'server-process',
    read: async (group, signal) => {
      const { ecs } = node.session.connection;
      const found = await allPages((token) => ecs.listDaemons(node.id, token, signal));
      const rows = found.map(({ name, status }) => new FactNode(group, name, status.toLowerCase()));
      return { rows: rows.length > 0 ? rows : [new MessageNode(group, vscode.l10n.t('None'))] };
    },
  });
}
