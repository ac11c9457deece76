import * as vscode from 'vscode';
import { titleOf, type Check, type CheckAction } from '../deploy/preflight/check';
import type { Plan } from '../deploy/plan';
import { cancelled } from './pick';
import { say } from './say';

/** Carries out what Gantry can do about a check, and checks again. */
export type Mend = (action: CheckAction) => Promise<readonly Check[]>;

/** A check in one line: what was looked at, what was found, and what to do about it. */
export function sayCheck({ id, cause, fix }: Check): string {
  return [`${say(titleOf(id))}: ${say(cause)}`, fix ? say(fix) : undefined].filter(Boolean).join(' ');
}

/** What is worth a line where nobody is asked. */
export function worthSaying(checks: readonly Check[]): readonly Check[] {
  return checks.filter(({ state }) => state === 'failed' || state === 'warning');
}

/**
 * Asks whether to ship although something will make it fail; asks nothing when nothing will.
 * @throws GantryError cancelled when the person does not want to
 */
export async function askDespite(plan: Plan, checks: readonly Check[], mend: Mend): Promise<void> {
  let failing = checks.filter(({ state }) => state === 'failed');
  while (failing.length > 0) {
    const actions = failing.flatMap(({ action }) => action ?? []);
    const anyway = vscode.l10n.t('Ship Anyway');
    const name = plan.redeploy?.service.name ?? plan.repository.name;
    const detail = failing.map(sayCheck).join('\n\n');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Shipping to “{0}” will probably fail.', name),
      { modal: true, detail },
      ...[anyway, ...actions.map(sayAction)],
    );
    if (answer === anyway) return;
    const chosen = actions.find((action) => sayAction(action) === answer);
    if (!chosen) throw cancelled();
    failing = (await mend(chosen)).filter(({ state }) => state === 'failed');
  }
}

/** The words on the button. */
export function sayAction({ name }: CheckAction): string {
  return vscode.l10n.t('Create “{0}”', name);
}
