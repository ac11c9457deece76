import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { reasonOf } from '../../core/errors';
import type { TargetGroup } from '../../network/model';
import type { NetworkChoice } from '../../provision/choices';
import { readVpcs } from '../../provision/facts';
import type { ContainerPort, DefinitionFacts } from '../../provision/placement';
import { usableGroups, type DefinitionServiceChoices, type ReachChoice } from '../../provision/serviceFromDefinition';
import { pick, type Choice, type Title } from '../../ui/pick';

/** Who reaches a service, in a few words. */
export function reachText({ reach, definition }: Pick<DefinitionServiceChoices, 'reach' | 'definition'>): string {
  switch (reach.kind) {
    case 'targetGroup':
      return vscode.l10n.t('target group {0}, port {1} of “{2}”', reach.name, reach.port, reach.container);
    case 'publicAddress':
      return vscode.l10n.t('the public address of its task, port {0}, from {1}', reach.port, reach.allowedFrom);
    case 'none':
      return sharesInstance(definition) ? vscode.l10n.t('the ports of its instances') : vscode.l10n.t('nobody');
  }
}

/** Whether the ports of tasks are ports of the instance that they run on. */
function sharesInstance({ networkMode, ports }: DefinitionFacts): boolean {
  return (networkMode === 'bridge' || networkMode === 'host') && ports.length > 0;
}

/**
 * Asks who reaches a service: by a load balancer that is there, at the public address of its tasks, or nobody.
 * @param network where the tasks are in awsvpc mode
 */
export async function askReach(
  connection: Connection,
  title: Title,
  definition: DefinitionFacts,
  network: NetworkChoice | undefined,
  signal: AbortSignal,
): Promise<ReachChoice> {
  const load = async (): Promise<Choice<TargetGroup | 'address' | 'none'>[]> => {
    const groups = await connection.network.listTargetGroups(signal).catch((error: unknown) => {
      if (reasonOf(error) === 'accessDenied') return [];
      throw error;
    });
    return [
      ...(network?.publicAddress ? [addressChoice()] : []),
      ...usableGroups(definition, groups).map((value) => ({
        label: vscode.l10n.t('Target group {0}', value.name),
        description: [`${value.protocol} ${value.port ?? ''}`.trim(), value.vpc].filter(Boolean).join(' · '),
        ...{ iconPath: new vscode.ThemeIcon('type-hierarchy'), value },
      })),
      noneChoice(definition),
    ];
  };
  const chosen = await pick(title, vscode.l10n.t('How clients reach the service'), load());
  if (chosen === 'none') return { kind: 'none' };
  const port = await askPort(title, definition.ports);
  if (chosen === 'address') return { kind: 'publicAddress', ...port, allowedFrom: '0.0.0.0/0' };
  const { arn, name, targetType, vpc } = chosen;
  const sources = await sourcesOf(connection, chosen, signal);
  return { kind: 'targetGroup', ...port, arn, name, targetType, vpc, sources };
}

function noneChoice(definition: DefinitionFacts): Choice<'none'> {
  const iconPath = new vscode.ThemeIcon('circle-slash');
  if (sharesInstance(definition)) {
    const description = vscode.l10n.t('it is reached at the ports of its instances');
    return { label: vscode.l10n.t('No Load Balancer'), description, iconPath, value: 'none' };
  }
  const description = vscode.l10n.t('a worker that takes no requests');
  return { label: vscode.l10n.t('Nobody'), description, iconPath, value: 'none' };
}

function addressChoice(): Choice<'address'> {
  return {
    label: vscode.l10n.t('Public address of the task'),
    description: vscode.l10n.t('open to everybody; the address is another one with each task'),
    ...{ iconPath: new vscode.ThemeIcon('globe'), value: 'address' },
  };
}

async function askPort(title: Title, ports: readonly ContainerPort[]): Promise<ContainerPort> {
  const [only] = ports;
  if (only && ports.length === 1) return only;
  const rows = ports.map((value) => ({ label: String(value.port), description: value.container, value }));
  return pick(title, vscode.l10n.t('Port that takes the requests'), rows);
}

/** Who the tasks have to let in: the load balancers, or their network where they have no security group. */
async function sourcesOf(
  connection: Connection,
  { loadBalancers, vpc }: TargetGroup,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found = await connection.network.describeLoadBalancers(loadBalancers, signal);
  const groups = [...new Set(found.flatMap(({ securityGroups }) => securityGroups))];
  if (groups.length > 0) return groups;
  const { cidr } = (await readVpcs(connection, signal)).find(({ id }) => id === vpc) ?? {};
  return cidr ? [cidr] : [];
}
