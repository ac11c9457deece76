import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { nameOf } from '../../core/arn';
import { systemClock } from '../../core/clock';
import { GantryError, reasonOf } from '../../core/errors';
import { message, type Message } from '../../core/message';
import { findService } from '../../ecs/findService';
import { readNetworkIn } from '../../provision/facts';
import {
  definitionFacts,
  networkFor,
  nowhereToRun,
  usualCapacity,
  type DefinitionFacts,
} from '../../provision/placement';
import { serviceNameRule, type Rule } from '../../provision/rules';
import {
  serviceProblems,
  stackNameOf,
  type DefinitionServiceChoices,
  type ReachChoice,
} from '../../provision/serviceFromDefinition';
import { changedParameters, executeChange, prepareChange, type StackTools } from '../../provision/stackRun';
import type { Stack } from '../../provision/stacks';
import { definitionServiceTemplate } from '../../provision/template/serviceFromDefinition';
import { requireWritable } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { formatTasks } from '../../ui/format';
import type { Asker } from '../../ui/pick';
import { askSteps, type Step } from '../../ui/steps';
import { askRevision } from '../taskDefinitions';
import { agree, makeStack, type Proposal } from './agree';
import { clusterStep, readCapacities } from './clusterStep';
import { madeText } from './createPlan';
import type { CreationContext } from './creationContext';
import { askReach, reachText } from './reach';
import { placementLines } from './settings/placement';
import { definitionServiceSettings } from './settings/definitionService';
import { askBy } from './settings/setting';

/** Where the command was called: on a revision or family, on a cluster, or nowhere. */
export interface ServiceCreationPlace {
  readonly session: Session;
  readonly revision?: string | undefined;
  readonly cluster?: string | undefined;
}

/** What is known before the plan. */
type Answers = Pick<DefinitionServiceChoices, 'cluster' | 'capacities' | 'name'> & {
  readonly reach: ReachChoice | undefined;
};

/**
 * A service from a task definition that is registered: a name, a cluster and who reaches it, a plan, and then its
 * stack. It is made without tasks, so that it is there, and can be mended, also when its first tasks fail.
 */
export async function createService(context: CreationContext, given: ServiceCreationPlace | undefined): Promise<void> {
  const session = given?.session ?? context.connections.session;
  requireWritable(session);
  const title = vscode.l10n.t('Create Service');
  const { revision } = given?.revision ? { revision: given.revision } : await askRevision(session, title);
  const connection = context.connections.openOwn(session.spec);
  const tools = { stacks: connection.stacks, clock: systemClock };
  try {
    const definition = definitionFacts(await connection.ecs.describeTaskDefinition(revision, session.signal));
    const proposed = await askBasics(context, connection, { session, definition, title, cluster: given?.cluster });
    const agreed = await agree({ session, connection, title, tools }, proposal, proposed);
    const stack = await makeStack(context, tools, agreed);
    context.onChanged();
    await startTasks(context, session, agreed.choices, (wanted) => keepInStack(tools, stack, wanted));
  } finally {
    connection.dispose();
  }
}

async function startTasks(
  context: CreationContext,
  session: Session,
  { name: service, cluster, desiredCount }: DefinitionServiceChoices,
  keep: (desiredCount: number) => Promise<void>,
): Promise<void> {
  if (desiredCount > 0) {
    const result = await context.shipping().startFirstTasks({ session, cluster, service, desiredCount });
    if (result?.verdict.kind === 'healthy') await keep(desiredCount);
    context.onChanged();
    return;
  }
  void vscode.window.showInformationMessage(vscode.l10n.t('Created the service “{0}”, without tasks.', service));
}

/**
 * Tells the stack how many tasks there are, or its next update would stop them. From now on a deployment that fails is
 * taken back, because there is something that was healthy. No task is replaced by it.
 */
async function keepInStack(tools: StackTools, stack: Stack, desiredCount: number): Promise<void> {
  const signal = AbortSignal.timeout(300_000);
  const request = await changedParameters(tools, stack, { DesiredCount: String(desiredCount) }, signal);
  const changeSet = await prepareChange(tools, request, signal);
  if (changeSet) await executeChange(tools, changeSet, () => undefined, signal);
}

interface Basics {
  readonly session: Session;
  readonly definition: DefinitionFacts;
  readonly title: string;
  readonly cluster: string | undefined;
}

/** The short way: a cluster, a name, and who reaches it where somebody can. */
async function askBasics(
  context: CreationContext,
  connection: Connection,
  { session, definition, title, cluster }: Basics,
): Promise<DefinitionServiceChoices> {
  const { signal } = session;
  const network = definition.networkMode === 'awsvpc' ? readNetworkIn(connection, undefined, signal) : undefined;
  // Read while the person thinks; a failure is said after the answers.
  network?.catch(() => undefined);
  const capacities = cluster ? await readCapacities(connection, definition, cluster, signal) : [];
  if (cluster && capacities.length === 0) throw new GantryError('refused', nowhereToRun(definition, cluster));
  const steps: Step<Answers>[] = [
    ...(cluster ? [] : [clusterStep<Answers>(context, session, definition)]),
    { ask: async (asker, answers) => ({ ...answers, name: await askName(connection, asker, answers, signal) }) },
    {
      isAsked: () => definition.ports.length > 0,
      ask: async (asker, answers) => {
        const placed = await network;
        const own = placed && networkFor(definition, usualCapacity(answers.capacities), placed);
        return { ...answers, reach: await askReach(connection, asker, definition, own, signal) };
      },
    },
  ];
  const known = { cluster: cluster ?? '', capacities, name: definition.family, reach: undefined };
  const answers = await askSteps<Answers>(title, known, steps);
  const capacity = usualCapacity(answers.capacities);
  const { reach = { kind: 'none' } as const } = answers;
  const vpc = reach.kind === 'targetGroup' ? reach.vpc : undefined;
  const placed = vpc && network ? await readNetworkIn(connection, vpc, signal) : await network;
  return {
    ...{ definition, cluster: answers.cluster, capacity, capacities: answers.capacities, name: answers.name },
    ...{ network: placed && networkFor(definition, capacity, placed), desiredCount: 1, exec: false, reach },
  };
}

/** A cluster has one service of a name, and the account one stack. */
async function askName(
  connection: Connection,
  asker: Asker,
  { name: likely, cluster }: Answers,
  signal: AbortSignal,
): Promise<string> {
  const taken = new Map<string, Message>();
  const rule: Rule = (text) => taken.get(text) ?? serviceNameRule(text);
  for (let name = likely; ;) {
    name = await askBy(asker, vscode.l10n.t('Name of the service'), name, rule);
    const problem = await takenBy(connection, cluster, name, signal);
    if (!problem) return name;
    taken.set(name, problem);
  }
}

async function takenBy(
  connection: Connection,
  cluster: string,
  name: string,
  signal: AbortSignal,
): Promise<Message | undefined> {
  const service = await findService(connection.ecs, cluster, name, signal).catch((error: unknown) => {
    if (reasonOf(error) === 'serviceMissing') return undefined;
    throw error;
  });
  if (service) return message('There is a service “{0}” in the cluster “{1}” already.', name, cluster);
  // Whether CloudFormation may be asked is said with the plan.
  const stack = await connection.stacks.findStack(stackNameOf(cluster, name), signal).catch(() => undefined);
  if (!stack) return undefined;
  return message('There is a stack “{0}” already ({1}). Delete it, or take another name.', stack.name, stack.status);
}

const proposal: Proposal<DefinitionServiceChoices> = {
  settings: definitionServiceSettings,
  problems: serviceProblems,
  stack: ({ cluster, name }) => stackNameOf(cluster, name),
  template: definitionServiceTemplate,
  parameters: () => ({ DesiredCount: '0' }),
  lines: (choices, changeSet) => [
    vscode.l10n.t('Service: {0} in the cluster {1}', choices.name, choices.cluster),
    vscode.l10n.t('Task definition: {0}, {1}', nameOf(choices.definition.arn), formatTasks(choices.desiredCount)),
    ...placementLines(choices),
    vscode.l10n.t('Reached by: {0}', reachText(choices)),
    madeText(changeSet),
  ],
};
