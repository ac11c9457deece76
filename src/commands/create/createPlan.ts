import * as vscode from 'vscode';
import type { Choices } from '../../provision/choices';
import { sizeText } from './settings/size';
import { kindOf } from '../../provision/stackCause';
import type { ChangeSet } from '../../provision/stacks';
import { placeLines } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { cancelled, pick } from '../../ui/pick';
import { showTemplate } from './permissions';

export type PlanAnswer = 'create' | 'change';

/**
 * Shows what CloudFormation says it would make, before it makes it.
 * @throws GantryError cancelled
 */
export async function askPlan(
  session: Session,
  name: string,
  lines: readonly string[],
  template: string,
): Promise<PlanAnswer> {
  const create = vscode.l10n.t('Create');
  const change = vscode.l10n.t('Change…');
  const show = vscode.l10n.t('Show Template');
  const title = vscode.l10n.t('Create the service “{0}”?', name);
  const detail = [
    ...lines,
    '',
    ...(await placeLines(session)),
    vscode.l10n.t('One command takes all of it away again.'),
  ].join('\n');
  const answer = await vscode.window.showInformationMessage(title, { modal: true, detail }, create, change, show);
  if (answer === create) return 'create';
  if (answer === change) return 'change';
  if (answer !== show) throw cancelled();
  await showTemplate(template);
  const beside = await pick<PlanAnswer | undefined>(title, vscode.l10n.t('Go on, or press Escape'), [
    { label: create, value: 'create' },
    { label: change, value: 'change' },
    { label: vscode.l10n.t('Cancel'), value: undefined },
  ]);
  if (!beside) throw cancelled();
  return beside;
}

/** What is made, in the order of importance: what it is called, how it is reached, what it costs. */
export function planLines(choices: Choices, changeSet: Pick<ChangeSet, 'changes'>): string[] {
  const { repository, cluster } = choices;
  return [
    vscode.l10n.t('Service: {0} in the cluster {1}', choices.name, cluster.name),
    vscode.l10n.t('Repository: {0}', repository.name),
    vscode.l10n.t('Size: {0}', sizeText(choices)),
    reachText(choices),
    madeText(changeSet),
  ];
}

/** The kinds of resources that a stack gets, with their numbers. */
export function madeText({ changes }: Pick<ChangeSet, 'changes'>): string {
  const kinds = new Map<string, number>();
  for (const { type, action } of changes) {
    if (action === 'Add') kinds.set(kindOf(type), (kinds.get(kindOf(type)) ?? 0) + 1);
  }
  const made = [...kinds].map(([kind, count]) => (count > 1 ? `${count} × ${kind}` : kind));
  return vscode.l10n.t('CloudFormation makes: {0}', made.join(', '));
}

function reachText(choices: Choices): string {
  if (choices.kind === 'express') return vscode.l10n.t('Reached by: an HTTPS address that Express Mode makes');
  const { front } = choices;
  switch (front.kind) {
    case 'loadBalancer':
      return front.scheme === 'internal'
        ? vscode.l10n.t('Reached by: a load balancer inside the VPC, which costs by the hour')
        : vscode.l10n.t('Reached by: a load balancer on the internet, which costs by the hour');
    case 'publicAddress':
      return vscode.l10n.t('Reached by: the public address of its task');
    case 'none':
      return vscode.l10n.t('Reached by: nobody');
  }
}
