import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { systemClock } from '../../core/clock';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import type { Target } from '../../deploy/target';
import { readDockerfile } from '../../engine/dockerfile';
import type { Choices, ClusterChoice } from '../../provision/choices';
import { defaultChoices } from '../../provision/defaults';
import { findRepository, readNetworkIn } from '../../provision/facts';
import { nameRule } from '../../provision/rules';
import type { StackTools } from '../../provision/stackRun';
import type { Stack } from '../../provision/stacks';
import { templateOf } from '../../provision/template/template';
import { requireWritable } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { askDockerfile, placeDockerfile, type DockerfilePlace } from '../../ui/dockerfiles';
import { Targets } from '../../ui/targets';
import { agree, makeStack, type Proposal } from './agree';
import { askCluster } from './askCluster';
import { planLines } from './createPlan';
import type { CreationContext } from './creationContext';
import { choicesForm } from './form';
import { shipExpress } from './shipExpress';
import { startScaling } from './startScaling';
import { askPort } from './settings/containers';
import { askBy } from './settings/setting';
import { askSize } from './settings/size';

/** Where the command was called. */
export interface CreationPlace {
  readonly dockerfile?: vscode.Uri | undefined;
  readonly session?: Session | undefined;
  /** The cluster on whose row it was called. */
  readonly cluster?: string | undefined;
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
    const agreed = await agree({ session, connection, title, tools }, serviceProposal, proposed);
    const target = await targetOf(session, dockerfile, agreed.choices);
    // The image is built while CloudFormation works: the ship then finds it.
    const ahead = context
      .shipping()
      .buildAhead(dockerfile, target, stop.signal)
      .catch(() => undefined);
    const stack = await makeStack(context, tools, agreed);
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
  const [repository, network] = await Promise.all([
    findRepository(connection, name, signal),
    readNetworkIn(connection, undefined, signal),
  ]);
  return { repository, network };
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

/** How the plan of a new service is made and shown. */
const serviceProposal: Proposal<Choices> = {
  ...choicesForm,
  stack: ({ name }) => name,
  template: templateOf,
  parameters: (choices): Record<string, string> =>
    choices.kind === 'service' && choices.scaling ? { MinimumTasks: '0' } : {},
  lines: planLines,
};

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
