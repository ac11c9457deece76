import * as vscode from 'vscode';
import { nameOf } from '../../core/arn';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { currentStart } from '../../deploy/deploymentStart';
import type { RolloutRecord } from '../../deploy/rolloutRecord';
import type { Connections } from '../../ui/connections';
import { learned } from '../../ui/learned';
import { formatAge } from '../../ui/format';
import { pick } from '../../ui/pick';
import { withProgress } from '../../ui/progress';
import type { RolloutFiles } from '../../ui/rolloutFiles';
import { verdictText } from '../../ui/verdictMessage';
import { findDeployable } from '../../ecs/findService';
import type { RolloutRef } from './announce';
import { continueDeployment } from './continueDeployment';
import type { Following } from './following';
import { rollBack } from './rollBack';
import type { RolloutDocuments } from './rolloutDocuments';
import { findRollout, isRolloutRef, rolloutPlace, type RolloutArgument } from './rolloutPlace';
import type { Rollouts } from './rollouts';

/** What the verbs on rollouts work with. */
export interface RolloutContext {
  readonly connections: Connections;
  readonly rollouts: Rollouts;
  readonly following: Following;
  readonly documents: RolloutDocuments;
  readonly files: RolloutFiles;
}

/** The verbs on rollouts. Each asks for what a row would have said when it is called from the palette. */
export interface RolloutVerbs {
  show(argument: RolloutArgument): Promise<void>;
  watch(argument: RolloutArgument): Promise<void>;
  rollBack(argument: RolloutArgument): Promise<void>;
  continueDeployment(argument: RolloutArgument): Promise<void>;
  stopWatching(argument: RolloutRef): void;
  /** Takes up what an earlier window of this workspace left going on. */
  resume(): Promise<void>;
}

export function rolloutVerbs(context: RolloutContext): RolloutVerbs {
  return {
    show: (argument) => show(context, argument),
    watch: (argument) => watch(context, argument),
    rollBack: (argument) => rollBack(context, argument),
    continueDeployment: (argument) => continueDeployment(context, argument),
    stopWatching: ({ rollout }) => context.rollouts.stopWatching(rollout),
    resume: () => resume(context),
  };
}

async function show({ rollouts, documents }: RolloutContext, argument: RolloutArgument): Promise<void> {
  if (isRolloutRef(argument)) return showRecord(documents, await findRollout(rollouts, argument));
  if (argument) {
    const newest = await rollouts.newestOf(argument.service.arn);
    if (newest) return showRecord(documents, newest);
    throw new GantryError('notFound', message('No rollout of “{0}” was watched here.', argument.service.name));
  }
  const known = await rollouts.all();
  if (known.length === 0) throw new GantryError('notFound', message('No rollout was watched here yet.'));
  const record = await pick(vscode.l10n.t('Show Rollout'), vscode.l10n.t('Rollout'), known.map(choiceOf));
  await showRecord(documents, record);
}

async function showRecord(documents: RolloutDocuments, record: RolloutRecord): Promise<void> {
  await documents.show(record);
  if (record.findings.length > 0) learned('explained');
}

function choiceOf(record: RolloutRecord): { label: string; description: string; detail: string; value: RolloutRecord } {
  const { start, subject, verdict } = record;
  return {
    label: `${iconOf(record)} ${start.service}`,
    description: `${nameOf(start.cluster)} · ${formatAge(subject.startedAt)}`,
    detail: verdict ? verdictText(record) : vscode.l10n.t('Rolling out {0}', subject.image),
    value: record,
  };
}

function iconOf({ verdict }: RolloutRecord): string {
  switch (verdict?.kind) {
    case undefined:
      return '$(sync)';
    case 'healthy':
      return '$(pass)';
    case 'failed':
    case 'rolledBack':
      return '$(error)';
    default:
      return '$(circle-slash)';
  }
}

/** Watches the newest deployment of a service, whoever started it, or goes on with one that was left. */
async function watch(context: RolloutContext, argument: RolloutArgument): Promise<void> {
  const { connections, rollouts, following, documents } = context;
  const title = vscode.l10n.t('Watch Rollout');
  const { session, cluster, service: name } = await rolloutPlace(connections, rollouts, argument, title);
  const connection = connections.openOwn(session.spec);
  try {
    if (isRolloutRef(argument)) {
      const record = await findRollout(rollouts, argument);
      await withProgress(`${title}: ${name}`, (progress, signal) =>
        following.continue(connection, record, signal, progress),
      );
      return;
    }
    const startedAt = following.now();
    const service = await findDeployable(connection.ecs, cluster, name, session.signal);
    const start = currentStart(cluster, service);
    if (!start) throw new GantryError('notFound', message('“{0}” has no deployment.', name));
    const watched = rollouts.going.find((each) => each.start.deploymentId === start.deploymentId);
    if (watched) return await documents.show(watched);
    const brought = { image: nameOf(service.taskDefinition ?? ''), startedAt };
    await withProgress(`${title}: ${name}`, (progress, signal) =>
      following.follow(connection, start, { ...service, taskDefinition: undefined }, brought, { progress, signal }),
    );
  } finally {
    connection.dispose();
  }
}

async function resume({ connections, files, following, rollouts }: RolloutContext): Promise<void> {
  const left = (await files.abandoned()).filter((record) => !rollouts.isWatched(record.start));
  await Promise.all(
    left.map(async (record) => {
      const connection = connections.openOwn(record.subject.spec);
      try {
        await following.continue(connection, record, new AbortController().signal);
      } finally {
        connection.dispose();
      }
    }),
  );
}
