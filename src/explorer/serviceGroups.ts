import * as vscode from 'vscode';
import { nameOf, targetGroupName } from '../core/arn';
import { Row } from '../core/contributions';
import type { Deployment, Service } from '../ecs/model';
import type { Scaling } from '../ecs/scaling';
import { formatAge, formatDate, wordsOf } from '../ui/format';
import { NetworkGroupNode } from './networkGroup';
import type { ServiceNode } from './serviceNode';
import { TaskNode } from './taskNode';
import { FactNode, GroupNode, icon, MessageNode, tooltip, TreeNode, type Rows } from './treeNode';

/** What belongs to a service besides its tasks: each is read when it is opened. */
export function serviceGroups(node: ServiceNode): GroupNode[] {
  const { service } = node;
  if (!service) return [];
  return [
    deployments(node, service),
    stoppedTasks(node),
    ...(service.targetGroups.length > 0 ? [targetGroups(node, service)] : []),
    network(node, service),
    scaling(node),
    events(node, service),
  ];
}

/** How many past deployments are worth a row. */
const pastDeployments = 10;

function deployments(node: ServiceNode, service: Service): GroupNode {
  const [first] = service.deployments;
  return new GroupNode(node, {
    key: 'deployments',
    label: vscode.l10n.t('Deployments'),
    description: service.deployments.length > 1 ? String(service.deployments.length) : formatAge(first?.createdAt),
    iconId: 'rocket',
    read: async (group, signal) => {
      const current = (node.service?.deployments ?? []).map((each) => new DeploymentNode(group, each, node));
      const past = await pastOf(node, group, signal);
      return { rows: [...current, ...past.rows], error: past.error };
    },
  });
}

/** Service deployments that have ended; without permission for them the current ones are what there is. */
async function pastOf(node: ServiceNode, group: GroupNode, signal: AbortSignal): Promise<Rows> {
  const { ecs } = node.session.connection;
  const month = Date.now() - 30 * 24 * 3600_000;
  try {
    const filter = { createdAfter: month };
    const listed = await ecs.listServiceDeployments(node.parent.id, node.copyable.name, filter, signal);
    if (listed.length === 0) return { rows: [] };
    const arns = listed.slice(0, pastDeployments).map(({ arn }) => arn);
    const described = await ecs.describeServiceDeployments(arns, signal);
    const rows = described.map(({ arn, status, lifecycleStage, createdAt, reason, failureCount }) => {
      const stage = lifecycleStage && wordsOf(lifecycleStage);
      const failures = failureCount ? vscode.l10n.t('{0} failed', failureCount) : undefined;
      const words = [wordsOf(status), stage, failures, formatAge(createdAt)];
      return new FactNode(group, nameOf(arn).slice(0, 12), words.filter(Boolean).join(' · '), {
        ...iconOfStatus(status),
        detail: [arn, formatDate(createdAt), reason].filter(Boolean).join('\n'),
      });
    });
    return { rows };
  } catch (error) {
    return { rows: [], error };
  }
}

function iconOfStatus(status: string): { iconId: string; color: string } {
  if (status === 'SUCCESSFUL') return { iconId: 'pass', color: 'testing.iconPassed' };
  if (status.startsWith('ROLLBACK')) return { iconId: 'discard', color: 'list.warningForeground' };
  if (status === 'STOPPED') return { iconId: 'circle-slash', color: 'disabledForeground' };
  return { iconId: 'sync', color: 'charts.blue' };
}

/** One entry of a service's `deployments[]`. */
export class DeploymentNode extends TreeNode {
  readonly id: string;
  override readonly copyable;

  constructor(
    readonly parent: TreeNode,
    readonly deployment: Deployment,
    readonly serviceNode: ServiceNode,
  ) {
    super();
    this.id = `${parent.id}/${deployment.id}`;
    this.copyable = { name: deployment.id };
  }

  toItem(): vscode.TreeItem {
    const { taskDefinition, status, running, desired, failed, rolloutState, createdAt } = this.deployment;
    const item = new vscode.TreeItem(nameOf(taskDefinition));
    const words = [
      status.toLowerCase(),
      rolloutState && wordsOf(rolloutState),
      vscode.l10n.t('{0}/{1} running', running, desired),
      failed > 0 ? vscode.l10n.t('{0} failed', failed) : undefined,
      formatAge(createdAt),
    ];
    item.description = words.filter(Boolean).join(' · ');
    item.iconPath = deploymentIcon(this.deployment);
    const isForeign = this.serviceNode.service?.controller === 'EXTERNAL';
    item.contextValue = isForeign ? Row.externalDeployment : Row.deployment;
    item.accessibilityInformation = {
      label: vscode.l10n.t('Deployment of {0}, {1}', nameOf(taskDefinition), item.description),
    };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { id, rolloutReason, createdAt, pending } = this.deployment;
    return tooltip(id, [
      [vscode.l10n.t('Reason'), rolloutReason],
      [vscode.l10n.t('Pending tasks'), pending],
      [vscode.l10n.t('Created'), formatDate(createdAt)],
    ]);
  }
}

function deploymentIcon({ rolloutState, failed }: Deployment): vscode.ThemeIcon {
  if (rolloutState === 'FAILED' || (rolloutState === 'IN_PROGRESS' && failed > 0))
    return icon('error', 'testing.iconFailed');
  if (rolloutState === 'IN_PROGRESS') return icon('sync~spin', 'charts.blue');
  return icon('pass', 'testing.iconPassed');
}

function stoppedTasks(node: ServiceNode): GroupNode {
  return new GroupNode(node, {
    key: 'stopped',
    label: vscode.l10n.t('Stopped tasks'),
    description: vscode.l10n.t('of the last hour'),
    iconId: 'history',
    read: async (group, signal) => {
      const filter = { serviceName: node.copyable.name, desiredStatus: 'STOPPED' } as const;
      const { items, error } = await node.session.ecs.listTasks(node.parent.id, filter, signal);
      const stopped = [...items].sort((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0));
      const rows = stopped.map((task) => new TaskNode(group, task, node.parent.parts.network));
      return { rows: rows.length > 0 ? rows : [new MessageNode(group, vscode.l10n.t('None')) as TreeNode], error };
    },
  });
}

function targetGroups(node: ServiceNode, service: Service): GroupNode {
  return new GroupNode(node, {
    key: 'targets',
    label: vscode.l10n.t('Load balancing'),
    description: service.targetGroups.map(({ arn }) => targetGroupName(arn)).join(', '),
    iconId: 'git-merge',
    read: (group) => Promise.resolve({ rows: service.targetGroups.map(({ arn }) => targetGroup(node, group, arn)) }),
  });
}

function targetGroup(node: ServiceNode, parent: GroupNode, arn: string): GroupNode {
  return new GroupNode(parent, {
    key: arn,
    label: targetGroupName(arn),
    iconId: 'list-tree',
    read: async (group, signal) => {
      const targets = await node.session.connection.network.targetHealth(arn, signal);
      const rows = targets.map(({ id, port, state, reason, description }) => {
        const words = [state, reason, description].filter(Boolean).join(' · ');
        return new FactNode(group, port === undefined ? id : `${id}:${port}`, words, iconOfHealth(state));
      });
      return { rows: rows.length > 0 ? rows : [new MessageNode(group, vscode.l10n.t('No targets'))] };
    },
  });
}

function iconOfHealth(state: string): { iconId: string; color: string } {
  if (state === 'healthy') return { iconId: 'pass', color: 'testing.iconPassed' };
  if (state === 'unhealthy' || state === 'unavailable') return { iconId: 'error', color: 'testing.iconFailed' };
  return { iconId: 'circle-outline', color: 'charts.blue' };
}

function network(node: ServiceNode, { name }: Service): GroupNode {
  const subject = { kind: 'service', cluster: node.parent.cluster.name, service: name } as const;
  return new NetworkGroupNode(node, { subject, read: node.parent.parts.network });
}

function scaling(node: ServiceNode): GroupNode {
  return new GroupNode(node, {
    key: 'scaling',
    label: 'Auto Scaling',
    iconId: 'graph-line',
    read: async (group, signal) => {
      const { cluster } = node.parent;
      const found = await node.session.connection.scaling.scalingOf(cluster.name, node.copyable.name, signal);
      return { rows: found ? scalingRows(group, found) : [new MessageNode(group, vscode.l10n.t('Not set up'))] };
    },
  });
}

function scalingRows(group: GroupNode, { minimum, maximum, suspended, policies }: Scaling): TreeNode[] {
  const range = vscode.l10n.t('{0} to {1} tasks', minimum, maximum);
  const limits = suspended ? `${range} · ${vscode.l10n.t('suspended')}` : range;
  return [
    new FactNode(group, vscode.l10n.t('Desired count'), limits, { iconId: 'arrow-both' }),
    ...policies.map(({ name, type, metric, target }) => {
      const rule = metric ? `${metric} ${target ?? ''}` : type;
      return new FactNode(group, name, rule, { iconId: 'dashboard' });
    }),
  ];
}

function events(node: ServiceNode, service: Service): GroupNode {
  return new GroupNode(node, {
    key: 'events',
    label: vscode.l10n.t('Events'),
    description: formatAge(service.events[0]?.at),
    iconId: 'output',
    read: async (group, signal) => {
      const { ecs } = node.session.connection;
      const { found } = await ecs.describeServices(node.parent.id, [node.id], signal);
      const rows = (found[0]?.events ?? []).map(({ id, at, text }) => new EventNode(group, id, at, text));
      return { rows: rows.length > 0 ? rows : [new MessageNode(group, vscode.l10n.t('None'))] };
    },
  });
}

class EventNode extends TreeNode {
  readonly id: string;
  override readonly copyable;

  constructor(
    readonly parent: TreeNode,
    id: string,
    private readonly at: number,
    private readonly text: string,
  ) {
    super();
    this.id = `${parent.id}/${id}`;
    this.copyable = { name: text };
  }

  toItem(): vscode.TreeItem {
    // ECS begins every event with the service's name, which stands above.
    const item = new vscode.TreeItem(this.text.replace(/^\(service [^)]+\)\s*/, ''));
    item.description = formatAge(this.at);
    item.contextValue = Row.fact;
    item.iconPath = icon('circle-small');
    item.accessibilityInformation = { label: `${String(item.label)}, ${item.description}` };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    return tooltip(this.text, [['', formatDate(this.at)]]);
  }
}
