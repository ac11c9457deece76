import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { systemClock } from '../../core/clock';
import { GantryError, isCancelled } from '../../core/errors';
import { message } from '../../core/message';
import type { Target } from '../../deploy/target';
import { readDockerfile } from '../../engine/dockerfile';
import type { Choices, ClusterChoice } from '../../provision/choices';
import { defaultChoices } from '../../provision/defaults';
import { findRepository, readKnownNetwork, readVpcs } from '../../provision/facts';
import { nameRule, problemsOf } from '../../provision/rules';
import { dropChange, executeChange, ownTags, prepareChange, type StackTools } from '../../provision/stackRun';
import type { ChangeSet, Stack } from '../../provision/stacks';
import { templateOf } from '../../provision/template/template';
import { writeTemplate } from '../../provision/template/yaml';
import { requireWritable } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { askDockerfile, placeDockerfile, type DockerfilePlace } from '../../ui/dockerfiles';
import { withProgress } from '../../ui/progress';
import { Targets } from '../../ui/targets';
import { askCluster } from './askCluster';
import { askPlan } from './createPlan';
import type { CreationContext } from './creationContext';
import { changeChoices } from './form';
import { helpWithPermission } from './permissions';
import { shipExpress } from './shipExpress';
import { startScaling } from './startScaling';
import { askPort } from './settings/containers';
import { askBy, type SettingContext } from './settings/setting';
import { askSize } from './settings/size';
import { showEvents } from './stackProgress';

/** Where the command was called. */
export interface CreationPlace {
  readonly dockerfile?: vscode.Uri | undefined;
  readonly session?: Session | undefined;
  /** The cluster on whose row it was called. */
  readonly cluster?: string | undefined;
}

/** A plan to which the person has said yes. */
interface Agreed {
  readonly choices: Choices;
  readonly changeSet: ChangeSet;
}

/**
 * From a Dockerfile to a service that answers, with nothing there yet: a few questions, a plan that CloudFormation
 * has made, and then everything by itself. What was made is remembered as a target.
 */
export async function deployNewService(
  context: CreationContext,
  kind: Choices['kind'],
  place: CreationPlace,
): Promise<void> {
  requireTrust();
  const session = place.session ?? context.connections.session;
  requireWritable(session);
  const title = kind === 'express' ? vscode.l10n.t('Deploy in Express Mode') : vscode.l10n.t('Deploy to New Service');
  const dockerfile = place.dockerfile ? placeDockerfile(place.dockerfile) : await askDockerfile(title);
  const connection = context.connections.openOwn(session.spec);
  const tools = { stacks: connection.stacks, clock: systemClock };
  const stop = new AbortController();
  try {
    const proposed = await askBasics(connection, session, title, kind, dockerfile, place.cluster);
    const agreed = await agree({ session, connection, title, tools }, proposed);
    const target = await targetOf(session, dockerfile, agreed.choices);
    // The image is built while CloudFormation works: the ship then finds it.
    const ahead = context
      .shipping()
      .buildAhead(dockerfile, target, stop.signal)
      .catch(() => undefined);
    const stack = await create(context, tools, agreed);
    await new Targets().save(dockerfile.folder, target);
    context.onChanged();
    await ahead;
    await ship(context, tools, { dockerfile, target, stack, choices: agreed.choices });
  } finally {
    stop.abort();
    connection.dispose();
  }
}

interface Created {
  readonly dockerfile: DockerfilePlace;
  readonly target: Target;
  readonly stack: Stack;
  readonly choices: Choices;
}

async function ship(context: CreationContext, tools: StackTools, created: Created): Promise<void> {
  const { dockerfile, target, choices } = created;
  if (choices.kind === 'express') return shipExpress(context, tools, created);
  const result = await context.shipping().shipSaved(dockerfile, target.name);
  if (result?.verdict.kind === 'healthy' && choices.scaling) {
    await startScaling(tools, created.stack, choices.scaling);
  }
  context.onChanged();
}

/** The short way: a name, a cluster, a size; a port where the Dockerfile says none. */
async function askBasics(
  connection: Connection,
  session: Session,
  title: string,
  kind: Choices['kind'],
  dockerfile: DockerfilePlace,
  cluster: string | undefined,
): Promise<Choices> {
  const { signal } = session;
  const name = await askName(connection, title, dockerfile, signal);
  const chosen: ClusterChoice = cluster
    ? { kind: 'existing', name: cluster }
    : kind === 'express'
      ? { kind: 'new', name, insights: false }
      : await askCluster(connection, title, name, signal);
  const reading = readBasics(connection, name, signal);
  // Asked while the person thinks about the size; a failure is said after the answer.
  reading.catch(() => undefined);
  const size = await askSize(title);
  const text = Buffer.from(await vscode.workspace.fs.readFile(dockerfile.uri)).toString('utf8');
  const port = readDockerfile(text).ports[0] ?? (await askPort(title));
  const platform = process.arch === 'arm64' && kind === 'service' ? 'linux/arm64' : 'linux/amd64';
  return defaultChoices(kind, { name, cluster: chosen, ...size, platform, port, ...(await reading) });
}

async function readBasics(connection: Connection, name: string, signal: AbortSignal) {
  const [repository, [vpc]] = await Promise.all([
    findRepository(connection, name, signal),
    readVpcs(connection, signal),
  ]);
  return { repository, network: await readKnownNetwork(connection, vpc, signal) };
}

async function askName(
  connection: Connection,
  title: string,
  { path: file, folder }: DockerfilePlace,
  signal: AbortSignal,
): Promise<string> {
  const own = path.posix.dirname(file);
  const likely = nameLike(own === '.' ? folder.name : path.posix.basename(own));
  const prompt = vscode.l10n.t('Name of the service, and of everything that is made for it');
  const name = await askBy(title, prompt, likely, nameRule);
  const stack = await connection.stacks.findStack(name, signal).catch(() => undefined);
  if (!stack) return name;
  throw new GantryError(
    'refused',
    message('There is a stack “{0}” already ({1}). Ship to its target, or take another name.', name, stack.status),
  );
}

/** A name that keeps the rule, from one that may not. */
function nameLike(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  return name || 'app';
}

interface Asking {
  readonly session: Session;
  readonly connection: Connection;
  readonly title: string;
  readonly tools: StackTools;
}

/** Shows the plan until the person agrees to one; what was not wanted is taken back. */
async function agree(asking: Asking, proposed: Choices): Promise<Agreed> {
  const { session, connection, title, tools } = asking;
  const context = settingContext(connection, title, session.signal);
  let choices = proposed;
  if (problemsOf(choices).length > 0) choices = await changeChoices(context, choices);
  for (;;) {
    const template = writeTemplate(templateOf(choices));
    const changeSet = await prepare(asking, choices, template);
    try {
      if ((await askPlan(session, choices, changeSet, template)) === 'create') return { choices, changeSet };
      await dropChange(tools, changeSet, true);
    } catch (error) {
      await dropChange(tools, changeSet, true).catch(() => undefined);
      throw error;
    }
    choices = await changeChoices(context, choices);
  }
}

async function prepare({ session, title, tools }: Asking, choices: Choices, template: string): Promise<ChangeSet> {
  const parameters = choices.kind === 'service' && choices.scaling ? { MinimumTasks: '0' } : {};
  const request = { stack: choices.name, isNew: true, template, parameters, tags: ownTags };
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

function settingContext(connection: Connection, title: string, signal: AbortSignal): SettingContext {
  const known = new Map<string, ReturnType<SettingContext['network']>>();
  const read = async (vpc: string): ReturnType<SettingContext['network']> => {
    const found = (await readVpcs(connection, signal)).find(({ id }) => id === vpc);
    return readKnownNetwork(connection, found ?? { id: vpc, name: undefined, cidr: '', isDefault: false }, signal);
  };
  const network: SettingContext['network'] = (vpc) => {
    const reading = known.get(vpc) ?? read(vpc);
    known.set(vpc, reading);
    return reading;
  };
  return { connection, signal, title, network };
}

async function create(context: CreationContext, tools: StackTools, { choices, changeSet }: Agreed): Promise<Stack> {
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

async function targetOf(session: Session, { path: file }: DockerfilePlace, choices: Choices): Promise<Target> {
  const { account, region } = await session.connection.identity(session.signal);
  const own = path.posix.dirname(file);
  const container = choices.kind === 'express' ? choices.container : choices.containers[0];
  return {
    ...{ name: choices.name, dockerfile: file, context: own, account, region },
    ...(choices.kind === 'service' ? { platform: choices.platform } : {}),
    ...{ repository: choices.repository.name, cluster: choices.cluster.name, service: choices.name },
    ...{ container: choices.kind === 'express' ? 'Main' : container.name, stack: choices.name },
  };
}

/** Nothing is written or run from a workspace that is not trusted. */
function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new GantryError(
    'untrusted',
    message('Building runs what the workspace says, so the workspace has to be trusted first.'),
  );
}
