import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { nameOf } from '../../core/arn';
import { shortImage } from '../../core/imageRef';
import { currentStart } from '../../deploy/deploymentStart';
import { deployTaskDefinition, planRollback, redeployRevision, type RollbackPlan } from '../../deploy/rollback';
import type { RolloutStart } from '../../deploy/rollout';
import { findService } from '../../ecs/findService';
import type { Service } from '../../ecs/model';
import { confirmChange, requireWritable } from '../../ui/changes';
import { pick } from '../../ui/pick';
import { withProgress } from '../../ui/progress';
import { rolloutPlace, type RolloutArgument, type RolloutPlace } from './rolloutPlace';
import type { RolloutContext } from './rolloutVerbs';

/** Takes a service back to what went well last, after asking, and watches. Nothing is ever deregistered. */
export async function rollBack(context: RolloutContext, argument: RolloutArgument): Promise<void> {
  const title = vscode.l10n.t('Roll Back');
  const place = await rolloutPlace(context.connections, context.rollouts, argument, title);
  requireWritable(place.session);
  const { ecs } = place.session.connection;
  const service = await findService(ecs, place.cluster, place.service, place.session.signal);
  const plan = await planRollback(ecs, place.cluster, service, place.session.signal);
  const connection = context.connections.openOwn(place.session.spec);
  try {
    if (plan.kind === 'stop') await stop(context, connection, place, service, plan);
    else await redeploy(context, connection, place, service, plan);
  } finally {
    connection.dispose();
  }
}

/** ECS takes a deployment that goes on back by itself. */
async function stop(
  context: RolloutContext,
  connection: Connection,
  place: RolloutPlace,
  service: Service,
  { deployment }: Extract<RollbackPlan, { kind: 'stop' }>,
): Promise<void> {
  const startedAt = context.following.now();
  await confirmChange(place.session, {
    verb: vscode.l10n.t('Roll Back'),
    question: vscode.l10n.t('Roll back the deployment of “{0}” that is going on?', service.name),
    detail: vscode.l10n.t(
      'ECS stops it and goes back to the revision that was deployed successfully before. Its new tasks are replaced.',
    ),
  });
  await connection.ecs.rollBackServiceDeployment(deployment.arn, place.session.signal);
  const watched = context.rollouts.going.some(({ subject }) => subject.serviceArn === service.arn);
  const start = currentStart(place.cluster, service);
  if (watched || !start) return;
  const brought = { image: nameOf(service.taskDefinition ?? ''), startedAt };
  await withProgress(titleFor(service), (progress, signal) =>
    context.following.follow(connection, start, service, brought, { progress, signal }),
  );
}

async function redeploy(
  context: RolloutContext,
  connection: Connection,
  place: RolloutPlace,
  service: Service,
  plan: Exclude<RollbackPlan, { kind: 'stop' }>,
): Promise<void> {
  const startedAt = context.following.now();
  const { image, start } = plan.kind === 'redeploy' ? planned(place, service, plan) : await chosen(place, service);
  await confirmChange(place.session, {
    verb: vscode.l10n.t('Roll Back'),
    question: vscode.l10n.t('Roll “{0}” back to {1}?', service.name, image),
    detail: detailOf(service, plan),
  });
  await withProgress(titleFor(service), async (progress, signal) => {
    progress.report(vscode.l10n.t('Updating “{0}”', service.name));
    const begun = await start(connection, signal);
    await context.following.follow(connection, begun, service, { image, startedAt }, { progress, signal });
  });
}

interface Way {
  /** What it goes back to, in a few words. */
  readonly image: string;
  start(connection: Connection, signal: AbortSignal): Promise<RolloutStart>;
}

function planned(place: RolloutPlace, service: Service, plan: Extract<RollbackPlan, { kind: 'redeploy' }>): Way {
  return {
    image: nameOf(plan.revision.taskDefinition),
    start: ({ ecs }, signal) => redeployRevision(ecs, place.cluster, service, plan, signal),
  };
}

async function chosen({ session, cluster }: RolloutPlace, service: Service): Promise<Way> {
  const current = nameOf(service.taskDefinition ?? '');
  const family = current.slice(0, current.lastIndexOf(':'));
  const choices = async (): Promise<{ label: string; value: string }[]> => {
    const { items } = await session.connection.ecs.listRevisions(family, undefined, session.signal);
    return items.map((value) => ({ label: nameOf(value), value })).filter(({ label }) => label !== current);
  };
  const taskDefinition = await pick(
    vscode.l10n.t('Roll Back'),
    vscode.l10n.t('Nothing says what went well before; go back from {0} to', current),
    choices(),
  );
  return {
    image: nameOf(taskDefinition),
    start: ({ ecs }, signal) => deployTaskDefinition(ecs, cluster, service, taskDefinition, signal),
  };
}

function detailOf(service: Service, plan: Exclude<RollbackPlan, { kind: 'stop' }>): string {
  const lines = [vscode.l10n.t('{0} runs now. Its tasks are replaced.', nameOf(service.taskDefinition ?? ''))];
  if (plan.kind === 'choose') return lines.join('\n');
  const images = plan.revision.images.map(
    ({ container, image, digest }) =>
      `${container}: ${shortImage(digest ? `${image.replace(/@.*/, '')}@${digest}` : image)}`,
  );
  return [
    ...lines,
    vscode.l10n.t('The last deployment that went well ran:'),
    ...images,
    ...(plan.changed.length > 0 ? [vscode.l10n.t('Also goes back: {0}', plan.changed.join(', '))] : []),
  ].join('\n');
}

function titleFor({ name }: Service): string {
  return `${vscode.l10n.t('Roll Back')}: ${name}`;
}
