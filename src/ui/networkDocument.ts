import * as vscode from 'vscode';
import { stateOf, type Hop, type HopKind, type HopState } from '../network/hop';
import type { Way } from '../network/ways';
import { say } from './say';

const marks: Record<HopState, string> = { open: '✔', blocked: '✘', unknown: '?' };

/** The ways in and out of tasks, hop by hop, to be read. */
export function networkDocument(ways: readonly Way[]): string {
  const part = (title: string, direction: Way['direction']): string[] => {
    const found = ways.filter((way) => way.direction === direction);
    return found.length > 0 ? ['', title, ...found.flatMap(wayLines)] : [];
  };
  return [
    vscode.l10n.t('As AWS describes it at this moment. No packet was sent.'),
    ...part(vscode.l10n.t('THE WAY IN'), 'in'),
    ...part(vscode.l10n.t('THE WAY OUT'), 'out'),
    '',
  ].join('\n');
}

function wayLines({ title, hops }: Way): string[] {
  return ['', `${marks[stateOf(hops)]} ${title}`, ...hops.map(hopLine)];
}

function hopLine({ kind, id, state, reason }: Hop): string {
  return `    ${marks[state]} ${kindName(kind)} ${id}: ${say(reason)}`;
}

function kindName(kind: HopKind): string {
  const names: Record<HopKind, string> = {
    client: vscode.l10n.t('Client'),
    dnsName: vscode.l10n.t('DNS name'),
    loadBalancer: vscode.l10n.t('Load balancer'),
    listener: vscode.l10n.t('Listener'),
    rule: vscode.l10n.t('Rule'),
    targetGroup: vscode.l10n.t('Target group'),
    targetHealth: vscode.l10n.t('Target health'),
    subnet: vscode.l10n.t('Subnet'),
    networkAcl: vscode.l10n.t('Network ACL'),
    securityGroup: vscode.l10n.t('Security group'),
    networkInterface: vscode.l10n.t('Network interface'),
    task: vscode.l10n.t('Task'),
    containerPort: vscode.l10n.t('Container port'),
    route: vscode.l10n.t('Route table'),
    internetGateway: vscode.l10n.t('Internet gateway'),
    natGateway: vscode.l10n.t('NAT gateway'),
    endpoint: vscode.l10n.t('Endpoint'),
    otherGateway: vscode.l10n.t('Gateway'),
    service: vscode.l10n.t('Service of AWS'),
  };
  return names[kind];
}
