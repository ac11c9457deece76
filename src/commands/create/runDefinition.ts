import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { nameOf } from '../../core/arn';
import type { RunTaskInput } from '../../ecs/gateway';
import { readNetworkIn } from '../../provision/facts';
import {
  definitionFacts,
  networkFor,
  placementProblems,
  usualCapacity,
  type PlacedChoices,
} from '../../provision/placement';
import { runInput } from '../../provision/runInput';
import { placeLines, requireWritable } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { cancelled } from '../../ui/pick';
import { withProgress } from '../../ui/progress';
import { askSteps, type Step } from '../../ui/steps';
import { announceTask, askOverrides, startOnce } from '../runTask';
import { askRevision, type RevisionRef } from '../taskDefinitions';
import { clusterStep, type ClusterAnswer } from './clusterStep';
import type { CreationContext } from './creationContext';
import { changeChoices, type Form } from './form';
import { placementLines, placementSettings } from './settings/placement';
import { settingContext } from './settings/setting';

interface Answers extends ClusterAnswer {
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** Runs one task of a definition that no service needs to run: a cluster, a command, a plan. */
export async function runDefinition(context: CreationContext, given: RevisionRef | undefined): Promise<void> {
  const session = given?.session ?? context.connections.session;
  requireWritable(session);
  const { connection, signal } = session;
  const title = vscode.l10n.t('Run Task');
  const { revision } = given ?? (await askRevision(session, title));
  const definition = definitionFacts(await connection.ecs.describeTaskDefinition(revision, signal));
  const steps: Step<Answers>[] = [
    clusterStep<Answers>(context, session, definition),
    {
      ask: async (asker, answers) => ({
        ...answers,
        overrides: await askOverrides(session, definition.arn, asker),
      }),
    },
  ];
  const answers = await askSteps<Answers>(title, { cluster: '', capacities: [], overrides: {} }, steps);
  const proposed = await place(connection, definition, answers, signal);
  const chosen = await agree(session, title, proposed);
  await run(session, { ...runInput(chosen), ...answers.overrides });
  context.onChanged();
}

async function place(
  connection: Connection,
  definition: PlacedChoices['definition'],
  { cluster, capacities }: Answers,
  signal: AbortSignal,
): Promise<PlacedChoices> {
  const capacity = usualCapacity(capacities);
  const known = definition.networkMode === 'awsvpc' ? await readNetworkIn(connection, undefined, signal) : undefined;
  const network = known && networkFor(definition, capacity, known);
  return { definition, cluster, capacity, capacities, network };
}

const noGroups = (): string => vscode.l10n.t('the default one of the VPC');

const form: Form<PlacedChoices> = {
  settings: (choices) => placementSettings(choices, { noGroups: noGroups() }),
  problems: placementProblems,
};

/** Shows where the task would run, until the person agrees. */
async function agree(session: Session, title: string, proposed: PlacedChoices): Promise<PlacedChoices> {
  const run = vscode.l10n.t('Run');
  const change = vscode.l10n.t('Change…');
  const { connection, signal } = session;
  const place = await placeLines(session);
  const context = settingContext(connection, title, signal);
  let choices = placementProblems(proposed).length > 0 ? await changeChoices(context, form, proposed) : proposed;
  for (;;) {
    const isChangeable = form.settings(choices).length > 0;
    const detail = [
      vscode.l10n.t('In the cluster “{0}”.', choices.cluster),
      ...placementLines(choices),
      '',
      ...place,
    ].join('\n');
    const question = vscode.l10n.t('Run a task of “{0}”?', nameOf(choices.definition.arn));
    const buttons = isChangeable ? [run, change] : [run];
    const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, ...buttons);
    if (answer === run) return choices;
    if (answer !== change) throw cancelled();
    choices = await changeChoices(context, form, choices);
  }
}

async function run(session: Session, input: RunTaskInput): Promise<void> {
  const arn = await withProgress(
    vscode.l10n.t('Starting a task of “{0}”', nameOf(input.taskDefinition)),
    (_, signal) => startOnce(session, input, signal),
    session.signal,
  );
  announceTask(input, arn);
}
