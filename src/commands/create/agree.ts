import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { GantryError, isCancelled } from '../../core/errors';
import { message } from '../../core/message';
import { dropChange, executeChange, ownTags, prepareChange, type StackTools } from '../../provision/stackRun';
import type { ChangeSet, Stack } from '../../provision/stacks';
import type { Template } from '../../provision/template/ast';
import { writeTemplate } from '../../provision/template/yaml';
import type { Session } from '../../ui/connections';
import { withProgress } from '../../ui/progress';
import { askPlan } from './createPlan';
import type { CreationContext } from './creationContext';
import { changeChoices, type Form } from './form';
import { helpWithPermission } from './permissions';
import { settingContext } from './settings/setting';
import { showEvents } from './stackProgress';

/** How a stack is made of choices, and how they are shown and changed. */
export interface Proposal<C> extends Form<C> {
  stack(choices: C): string;
  template(choices: C): Template;
  /** Those that are otherwise than the template says while the stack is made. */
  parameters(choices: C): Record<string, string>;
  /** The plan, in lines. */
  lines(choices: C, changeSet: ChangeSet): string[];
}

/** A plan to which the person has said yes. */
export interface Agreed<C> {
  readonly choices: C;
  readonly changeSet: ChangeSet;
}

/** What is asked with. */
export interface Asking {
  readonly session: Session;
  readonly connection: Connection;
  readonly title: string;
  readonly tools: StackTools;
}

/** Shows the plan until the person agrees to one; what was not wanted is taken back. */
export async function agree<C extends { readonly name: string }>(
  asking: Asking,
  proposal: Proposal<C>,
  proposed: C,
): Promise<Agreed<C>> {
  const { session, connection, title, tools } = asking;
  const context = settingContext(connection, title, session.signal);
  let choices = proposed;
  if (proposal.problems(choices).length > 0) choices = await changeChoices(context, proposal, choices);
  for (;;) {
    const template = writeTemplate(proposal.template(choices));
    const changeSet = await prepare(asking, proposal, choices, template);
    try {
      const lines = proposal.lines(choices, changeSet);
      if ((await askPlan(session, choices.name, lines, template)) === 'create') return { choices, changeSet };
      await dropChange(tools, changeSet, true);
    } catch (error) {
      await dropChange(tools, changeSet, true).catch(() => undefined);
      throw error;
    }
    choices = await changeChoices(context, proposal, choices);
  }
}

async function prepare<C extends { readonly name: string }>(
  { session, title, tools }: Asking,
  proposal: Proposal<C>,
  choices: C,
  template: string,
): Promise<ChangeSet> {
  const stack = { stack: proposal.stack(choices), isNew: true, tags: ownTags };
  const request = { ...stack, template, parameters: proposal.parameters(choices) };
  const work = withProgress(
    title,
    (progress, signal) => {
      progress.report(vscode.l10n.t('Asking CloudFormation what it would make'));
      return prepareChange(tools, request, signal);
    },
    session.signal,
  );
  const changeSet = await Promise.resolve(work).catch((error: unknown) =>
    helpWithPermission(error, choices.name, template),
  );
  if (changeSet) return changeSet;
  throw new GantryError('badAnswer', message('CloudFormation found nothing to create.'));
}

/** Lets CloudFormation make what was agreed to; what it has taken back is gone. */
export async function makeStack(
  context: CreationContext,
  tools: StackTools,
  { choices, changeSet }: Agreed<{ readonly name: string }>,
): Promise<Stack> {
  const output = context.shipping().output(choices.name);
  output.heading(vscode.l10n.t('Create {0}', choices.name));
  try {
    return await withProgress(vscode.l10n.t('Creating “{0}”', choices.name), (progress, signal) =>
      executeChange(tools, changeSet, showEvents(progress, output, changeSet.changes.length), signal),
    );
  } catch (error) {
    if (isCancelled(error)) {
      output.heading(vscode.l10n.t('Stopped watching; CloudFormation goes on.'));
    } else if (error instanceof GantryError && error.reason === 'stackFailed') {
      output.heading(vscode.l10n.t('CloudFormation took everything back.'));
      await tools.stacks.deleteStack(changeSet.stackId, AbortSignal.timeout(20_000)).catch(() => undefined);
    }
    throw error;
  }
}
