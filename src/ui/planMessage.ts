import * as vscode from 'vscode';
import { describePlan, nextFreeTag, type Plan } from '../deploy/plan';
import type { Connection } from '../aws/api';
import type { Check } from '../deploy/preflight/check';
import { productionLines } from './changes';
import type { Session } from './connections';
import { cancelled, pick } from './pick';
import { sayAction, sayCheck, worthSaying, type Mend } from './preflightMessage';
import { say } from './say';

/**
 * Shows a plan, with what the checks found, before anything changes.
 * @param isNew the target was just made, and is saved when the person agrees
 * @param compare shows how the task definition changes
 * @throws GantryError cancelled when the person does not agree
 */
export async function confirmPlan(
  session: Session,
  plan: Plan,
  checks: readonly Check[],
  mend: Mend,
  isNew: boolean,
  compare?: () => Promise<void>,
): Promise<void> {
  const go = plan.redeploy ? vscode.l10n.t('Build, Push and Redeploy') : vscode.l10n.t('Build and Push');
  const title = plan.redeploy
    ? vscode.l10n.t('Ship {0} to the service “{1}”?', plan.target.dockerfile, plan.redeploy.service.name)
    : vscode.l10n.t('Push {0} to the repository “{1}”?', plan.target.dockerfile, plan.repository.name);
  let found = checks;
  for (;;) {
    const findings = worthSaying(found);
    const lines = [
      ...planLines(plan),
      ...productionLines(session),
      ...(findings.length > 0 ? ['', ...findings.map((check) => `⚠ ${sayCheck(check)}`)] : []),
      ...(isNew
        ? ['', vscode.l10n.t('The answers are saved in the setting gantry.targets; the next time asks nothing.')]
        : []),
    ];
    const actions = findings.flatMap(({ action }) => action ?? []);
    const options = { modal: true, detail: lines.join('\n') };
    const show = compare ? [vscode.l10n.t('Compare')] : [];
    const answer = await vscode.window.showInformationMessage(title, options, go, ...actions.map(sayAction), ...show);
    if (answer === go) return;
    if (compare && answer === show[0]) {
      await compare();
      return askBeside(title, go);
    }
    const chosen = actions.find((action) => sayAction(action) === answer);
    if (!chosen) throw cancelled();
    found = await mend(chosen);
  }
}

/**
 * Asks without covering what is being read.
 * @throws GantryError cancelled when the person does not agree
 */
async function askBeside(title: string, go: string): Promise<void> {
  const agreed = await pick(title, vscode.l10n.t('Go on, or press Escape'), [
    { label: go, value: true },
    { label: vscode.l10n.t('Cancel'), value: false },
  ]);
  if (!agreed) throw cancelled();
}

/** The plan as lines in the reader's language. */
export function planLines(plan: Plan): string[] {
  return describePlan(plan).map(
    ({ label, value }) => `${say(label)}: ${typeof value === 'string' ? value : say(value)}`,
  );
}

/**
 * Where tags are immutable and the tag is taken, asks whether to use what is there or to push under another tag.
 * @returns the digest to deploy without a build, or the plan with a free tag
 */
export async function settleTakenTag(
  connection: Connection,
  plan: Plan,
  signal: AbortSignal,
): Promise<{ readonly plan: Plan; readonly digest?: string }> {
  if (!plan.taken) return { plan };
  const tag = await nextFreeTag(connection, plan, signal);
  const push = vscode.l10n.t('Push as {0}', tag);
  const use = vscode.l10n.t('Deploy the Existing Image');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'The tag “{0}” exists in “{1}”, whose tags are immutable.',
      plan.image.tag ?? '',
      plan.repository.name,
    ),
    { modal: true, detail: plan.taken.digest },
    ...[push, ...(plan.redeploy ? [use] : [])],
  );
  if (answer === push) return { plan: { ...plan, image: { ...plan.image, tag }, taken: undefined } };
  if (answer === use) return { plan, digest: plan.taken.digest };
  throw cancelled();
}
