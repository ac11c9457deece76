import * as vscode from 'vscode';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { currentStart } from '../../deploy/deploymentStart';
import { findDeployable } from '../../ecs/findService';
import type { CodeDeployGateway } from '../../ecs/codeDeploy';
import type { HookAnswer } from '../../ecs/gateway';
import type { Service } from '../../ecs/model';
import type { HookRun } from '../../ecs/serviceDeployment';
import { confirmChange, confirmInProduction, requireWritable } from '../../ui/changes';
import { formatDate, wordsOf } from '../../ui/format';
import { pick } from '../../ui/pick';
import { withProgress } from '../../ui/progress';
import { rolloutPlace, type RolloutArgument, type RolloutPlace } from './rolloutPlace';
import type { RolloutContext } from './rolloutVerbs';

interface Waiting {
  readonly hook: Pick<HookRun, 'expiresAt' | 'onTimeout'>;
  readonly stage: string | undefined;
  readonly answer: (answer: HookAnswer) => Promise<void>;
}

/** Answers the hook at which a deployment waits for a person. */
export async function continueDeployment(context: RolloutContext, argument: RolloutArgument): Promise<void> {
  const title = vscode.l10n.t('Continue Deployment');
  const place = await rolloutPlace(context.connections, context.rollouts, argument, title);
  requireWritable(place.session);
  const { hook, stage, answer: send } = await findWaiting(place);
  const answer = await pick<HookAnswer>(
    title,
    vscode.l10n.t('“{0}” waits at {1}', place.service, wordsOf(stage ?? '')),
    [
      { label: vscode.l10n.t('Continue'), description: until(hook), value: 'CONTINUE' },
      { label: vscode.l10n.t('Roll back'), value: 'ROLLBACK' },
    ],
  );
  await confirm(place, answer);
  await send(answer);
  await followOn(context, place);
}

/** @throws GantryError notFound when no deployment of the service waits */
async function findWaiting(place: RolloutPlace): Promise<Waiting> {
  const { session, cluster, service } = place;
  const { ecs, codeDeploy } = session.connection;
  const known = await findDeployable(ecs, cluster, service, session.signal);
  if (known.controller === 'CODE_DEPLOY') return findCodeDeployWait(codeDeploy, known, session.signal);
  const listed = await ecs.listServiceDeployments(cluster, service, { status: 'IN_PROGRESS' }, session.signal);
  const arns = listed.slice(0, 20).map(({ arn }) => arn);
  const described = arns.length > 0 ? await ecs.describeServiceDeployments(arns, session.signal) : [];
  for (const { arn, hooks, lifecycleStage } of described) {
    const hook = hooks.find(({ status }) => status === 'AWAITING_ACTION');
    if (!hook) continue;
    const answer: Waiting['answer'] = (given) => ecs.continueServiceDeployment(arn, hook.id, given, session.signal);
    return { hook, stage: lifecycleStage, answer };
  }
  throw nothingWaits(service);
}

/** CodeDeploy waits before it moves the requests, and before it stops the tasks from before. */
async function findCodeDeployWait(
  codeDeploy: CodeDeployGateway,
  service: Service,
  signal: AbortSignal,
): Promise<Waiting> {
  const id = service.deployments.find(({ externalId }) => externalId)?.externalId;
  const deployment = id && (await codeDeploy.describeDeployment(id, signal));
  if (!deployment) throw nothingWaits(service.name);
  const isReady = deployment.status === 'Ready';
  if (!isReady && !(deployment.status === 'InProgress' && deployment.waitsToTerminate))
    throw nothingWaits(service.name);
  return {
    hook: { expiresAt: undefined, onTimeout: undefined },
    stage: isReady ? vscode.l10n.t('the move of the requests') : vscode.l10n.t('the end of the old tasks'),
    answer: (given) =>
      given === 'ROLLBACK'
        ? codeDeploy.rollBack(deployment.id, signal)
        : codeDeploy.continueDeployment(deployment.id, isReady ? 'READY_WAIT' : 'TERMINATION_WAIT', signal),
  };
}

function nothingWaits(service: string): GantryError {
  return new GantryError('notFound', message('No deployment of “{0}” waits for an answer.', service));
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

function until({ expiresAt, onTimeout }: Waiting['hook']): string {
  const date = formatDate(expiresAt);
  if (!date) return '';
  return onTimeout === 'CONTINUE'
    ? vscode.l10n.t('by itself it goes on at {0}', date)
    : vscode.l10n.t('by itself it goes back at {0}', date);
}
