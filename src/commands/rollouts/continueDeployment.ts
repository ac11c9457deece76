import * as vscode from 'vscode';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { currentStart } from '../../deploy/deploymentStart';
import { findDeployable } from '../../ecs/findService';
import type { HookAnswer } from '../../ecs/gateway';
import type { HookRun } from '../../ecs/serviceDeployment';
import { confirmChange, confirmInProduction, requireWritable } from '../../ui/changes';
import { formatDate } from '../../ui/format';
import { pick } from '../../ui/pick';
import { withProgress } from '../../ui/progress';
import { rolloutPlace, type RolloutArgument, type RolloutPlace } from './rolloutPlace';
import type { RolloutContext } from './rolloutVerbs';

interface Waiting {
  /** ARN of the service deployment. */
  readonly deployment: string;
  readonly hook: HookRun;
  readonly stage: string | undefined;
}

/** Answers the hook at which a deployment waits for a person. */
export async function continueDeployment(context: RolloutContext, argument: RolloutArgument): Promise<void> {
  const title = vscode.l10n.t('Continue Deployment');
  const place = await rolloutPlace(context.connections, context.rollouts, argument, title);
  requireWritable(place.session);
  const { deployment, hook, stage } = await findWaiting(place);
  const answer = await pick<HookAnswer>(
    title,
    vscode.l10n.t('“{0}” waits at {1}', place.service, stage?.toLowerCase().replaceAll('_', ' ') ?? ''),
    [
      { label: vscode.l10n.t('Continue'), description: until(hook), value: 'CONTINUE' },
      { label: vscode.l10n.t('Roll back'), value: 'ROLLBACK' },
    ],
  );
  await confirm(place, answer);
  await place.session.connection.ecs.continueServiceDeployment(deployment, hook.id, answer, place.session.signal);
  await followOn(context, place);
}

/** @throws GantryError notFound when no deployment of the service waits */
async function findWaiting({ session, cluster, service }: RolloutPlace): Promise<Waiting> {
  const { ecs } = session.connection;
  const listed = await ecs.listServiceDeployments(cluster, service, { status: 'IN_PROGRESS' }, session.signal);
  const arns = listed.slice(0, 20).map(({ arn }) => arn);
  const described = arns.length > 0 ? await ecs.describeServiceDeployments(arns, session.signal) : [];
  for (const { arn, hooks, lifecycleStage } of described) {
    const hook = hooks.find(({ status }) => status === 'AWAITING_ACTION');
    if (hook) return { deployment: arn, hook, stage: lifecycleStage };
  }
  throw new GantryError('notFound', message('No deployment of “{0}” waits for an answer.', service));
}

async function confirm({ session, service }: RolloutPlace, answer: HookAnswer): Promise<void> {
  if (answer === 'CONTINUE') {
    await confirmInProduction(session, {
      verb: vscode.l10n.t('Continue'),
      question: vscode.l10n.t('Continue the deployment of “{0}”?', service),
      detail: '',
    });
    return;
  }
  await confirmChange(session, {
    verb: vscode.l10n.t('Roll Back'),
    question: vscode.l10n.t('Roll back the deployment of “{0}” that is going on?', service),
    detail: vscode.l10n.t(
      'ECS stops it and goes back to the revision that was deployed successfully before. Its new tasks are replaced.',
    ),
  });
}

/** A deployment that nobody watches here is watched from now on. */
async function followOn(context: RolloutContext, { session, cluster, service: name }: RolloutPlace): Promise<void> {
  const startedAt = context.following.now();
  const connection = context.connections.openOwn(session.spec);
  try {
    const service = await findDeployable(connection.ecs, cluster, name, session.signal);
    const start = currentStart(cluster, service);
    if (!start || context.rollouts.isWatched(start)) return;
    const brought = { image: vscode.l10n.t('the new revision'), startedAt };
    await withProgress(`${vscode.l10n.t('Continue Deployment')}: ${name}`, (progress, signal) =>
      context.following.follow(connection, start, service, brought, { progress, signal }),
    );
  } finally {
    connection.dispose();
  }
}

function until({ expiresAt, onTimeout }: HookRun): string {
  const date = formatDate(expiresAt);
  if (!date) return '';
  return onTimeout === 'CONTINUE'
    ? vscode.l10n.t('by itself it goes on at {0}', date)
    : vscode.l10n.t('by itself it goes back at {0}', date);
}
