import * as vscode from 'vscode';
import { titleOf, type Check, type CheckState } from '../deploy/preflight/check';
import type { Plan } from '../deploy/plan';
import { revisionChanges } from '../deploy/revisionChanges';
import { productionLines } from './changes';
import type { Session } from './connections';
import { planLines } from './planMessage';
import { say } from './say';

const marks: Record<CheckState, string> = { passed: '✔', warning: '⚠', failed: '✘', skipped: '–' };

/** A plan with everything that the checks found, to be read. */
export function planDocument(session: Session, plan: Plan, checks: readonly Check[]): string {
  const { redeploy } = plan;
  const changes = redeploy ? revisionChanges(plan, redeploy) : [];
  return [
    vscode.l10n.t('Nothing of this has been done. The plan is for what AWS says at this moment.'),
    '',
    vscode.l10n.t('PLAN'),
    ...[...planLines(plan), ...productionLines(session)].map(indented),
    ...(redeploy
      ? [
          '',
          vscode.l10n.t('CHANGES OF THE TASK DEFINITION'),
          ...changes.flatMap(({ path, before, after }) => [
            `  ${path}`,
            ...(before === undefined ? [] : [`    − ${before}`]),
            ...(after === undefined ? [] : [`    + ${after}`]),
          ]),
          changes.length === 0
            ? indented(vscode.l10n.t('None: it is what runs; every task is replaced.'))
            : indented(vscode.l10n.t('It is registered with the digest in place of the tag. Nothing else changes.')),
        ]
      : []),
    '',
    vscode.l10n.t('CHECKS'),
    ...checks.flatMap(checkLines),
    '',
  ].join('\n');
}

function checkLines({ id, state, cause, fix }: Check): string[] {
  const line = `  ${marks[state]} ${say(titleOf(id))}: ${say(cause)}`;
  return fix && state !== 'passed' ? [line, `      → ${say(fix)}`] : [line];
}

function indented(line: string): string {
  return `  ${line}`;
}
