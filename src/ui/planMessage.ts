import * as vscode from 'vscode';
import { describePlan, nextFreeTag, type Plan } from '../deploy/plan';
import type { Connection } from '../aws/api';
import { cancelled } from './pick';
import { say } from './say';

/**
 * Shows a plan before anything changes.
 * @throws GantryError cancelled when the person does not agree
 */
export async function confirmPlan(plan: Plan): Promise<void> {
  const lines = describePlan(plan).map(({ label, value }) => `${say(label)}: ${value}`);
  lines.push('', vscode.l10n.t('The answers are saved in the setting gantry.targets; the next time asks nothing.'));
  const go = plan.redeploy ? vscode.l10n.t('Build, Push and Redeploy') : vscode.l10n.t('Build and Push');
  const title = plan.redeploy
    ? vscode.l10n.t('Ship {0} to the service “{1}”?', plan.target.dockerfile, plan.redeploy.service.name)
    : vscode.l10n.t('Push {0} to the repository “{1}”?', plan.target.dockerfile, plan.repository.name);
  const answer = await vscode.window.showInformationMessage(title, { modal: true, detail: lines.join('\n') }, go);
  if (answer !== go) throw cancelled();
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
