import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { familyOf, nameOf } from '../../core/arn';
import { shortDigest, shortImage } from '../../core/imageRef';
import { currentStart } from '../../deploy/deploymentStart';
import {
  deployTaskDefinition,
  isByTag,
  planRollback,
  redeployDefinition,
  redeployRevision,
  type RanImage,
} from '../../deploy/rollback';
import type { RolloutResult, RolloutStart } from '../../deploy/rollout';
import { findDeployable } from '../../ecs/findService';
import type { Service } from '../../ecs/model';
import { confirmChange, requireWritable } from '../../ui/changes';
import { pick } from '../../ui/pick';
import { withProgress } from '../../ui/progress';
import { rolloutPlace, type RolloutArgument, type RolloutPlace } from './rolloutPlace';
import type { RolloutContext } from './rolloutVerbs';

/** A rollback that is known to the last detail, before anybody has agreed to it. */
export interface PreparedRollback {
  readonly place: RolloutPlace;
  readonly question: string;
  readonly detail: string;
  /** Does it and watches; without a result a watch that goes on already shows how it ends. */
  carryOut(): Promise<RolloutResult | undefined>;
}

/** Asks for a revision of the task definition, where nothing says what went well. */
export type ChooseRevision = (place: RolloutPlace, service: Service) => Promise<string>;

/** Takes a service back to what went well last, after asking, and watches. Nothing is ever deregistered. */
export async function rollBack(context: RolloutContext, argument: RolloutArgument): Promise<void> {
  const title = vscode.l10n.t('Roll Back');
  const place = await rolloutPlace(context.connections, context.rollouts, argument, title);
  requireWritable(place.session);
  const { question, detail, carryOut } = await prepareRollback(context, place, askRevision);
  await confirmChange(place.session, { verb: title, question, detail });
  await carryOut();
}

/** Finds out what a rollback will do. Changes nothing. */
export async function prepareRollback(
  context: RolloutContext,
  place: RolloutPlace,
  choose: ChooseRevision,
): Promise<PreparedRollback> {
  const { connection, signal } = place.session;
  const service = await findDeployable(connection.ecs, place.cluster, place.service, signal);
  const plan = await planRollback(connection, place.cluster, service, signal);
  switch (plan.kind) {
    case 'stop':
      return preparedStop(context, place, service, () =>
        connection.ecs.rollBackServiceDeployment(plan.deployment.arn, signal),
      );
    case 'redeploy': {
      const start: Begin = (connection, stop) => redeployRevision(connection, place.cluster, service, plan, stop);
      return prepared(
        context,
        place,
        service,
        nameOf(plan.revision.taskDefinition),
        detailOf(service, { ...plan.revision, changed: plan.changed }),
        start,
      );
    }
    case 'stopCodeDeploy':
      return preparedStop(context, place, service, () => connection.codeDeploy.rollBack(plan.deployment, signal));
    case 'definition': {
      const start: Begin = (connection, stop) => redeployDefinition(connection, place.cluster, service, plan, stop);
      return prepared(context, place, service, nameOf(plan.taskDefinition), detailOf(service, plan), start);
    }
    case 'choose': {
      const chosen = await choose(place, service);
      const start: Begin = (connection, stop) => deployTaskDefinition(connection, place.cluster, service, chosen, stop);
      return prepared(context, place, service, nameOf(chosen), detailOf(service), start);
    }
  }
}

type Begin = (connection: Connection, signal: AbortSignal) => Promise<RolloutStart>;

/** ECS takes a deployment that goes on back by itself. */
function preparedStop(
  context: RolloutContext,
  place: RolloutPlace,
  service: Service,
  stop: () => Promise<void>,
): PreparedRollback {
  const start = currentStart(place.cluster, service);
  return {
    place,
    question: vscode.l10n.t('Roll back the deployment of “{0}” that is going on?', service.name),
    detail:
      service.controller === 'CODE_DEPLOY'
        ? vscode.l10n.t('CodeDeploy stops it and moves the requests back to the tasks from before; the new ones end.')
        : vscode.l10n.t(
            'ECS stops it and goes back to the revision that was deployed successfully before. Its new tasks are replaced.',
          ),
    async carryOut() {
      await stop();
      if (!start || context.rollouts.isWatched(start)) return undefined;
      return watched(context, place, service, nameOf(service.taskDefinition ?? ''), () => Promise.resolve(start));
    },
  };
}

function prepared(
  context: RolloutContext,
  place: RolloutPlace,
  service: Service,
  image: string,
  detail: string,
  begin: Begin,
): PreparedRollback {
  return {
    place,
    question: vscode.l10n.t('Roll “{0}” back to {1}?', service.name, image),
    detail,
    carryOut: () => watched(context, place, service, image, begin),
  };
}

async function watched(
  { connections, following }: RolloutContext,
  { session }: RolloutPlace,
  service: Service,
  image: string,
  begin: Begin,
): Promise<RolloutResult> {
  const startedAt = following.now();
  const connection = connections.openOwn(session.spec);
  try {
    return await withProgress(`${vscode.l10n.t('Roll Back')}: ${service.name}`, async (progress, signal) => {
      progress.report(vscode.l10n.t('Updating “{0}”', service.name));
      const start = await begin(connection, signal);
      return following.follow(connection, start, service, { image, startedAt }, { progress, signal });
    });
  } finally {
    connection.dispose();
  }
}

async function askRevision({ session }: RolloutPlace, service: Service): Promise<string> {
  const current = nameOf(service.taskDefinition ?? '');
  const family = familyOf(current);
  const choices = async (): Promise<{ label: string; value: string }[]> => {
    const { items } = await session.connection.ecs.listRevisions(family, undefined, session.signal);
    return items.map((value) => ({ label: nameOf(value), value })).filter(({ label }) => label !== current);
  };
  return pick(
    vscode.l10n.t('Roll Back “{0}”', service.name),
    vscode.l10n.t('Nothing says what went well before; go back from {0} to', current),
    choices(),
  );
}

/** What a rollback goes back to. */
interface Earlier {
  readonly images: readonly RanImage[];
  /** Settings besides the task definition. */
  readonly changed?: readonly string[];
}

function detailOf(service: Service, earlier?: Earlier): string {
  const lines = [vscode.l10n.t('{0} runs now. Its tasks are replaced.', nameOf(service.taskDefinition ?? ''))];
  if (!earlier) return lines.join('\n');
  const { images, changed = [] } = earlier;
  const unsure = images.some(({ image, digest }) => !digest && isByTag(image));
  return [
    ...lines,
    vscode.l10n.t('The last deployment that went well ran:'),
    ...images.map(imageLine),
    ...(unsure
      ? [vscode.l10n.t('AWS no longer shows which digest a tag stood for then: it may name another image by now.')]
      : []),
    ...(changed.length > 0 ? [vscode.l10n.t('Also goes back: {0}', changed.join(', '))] : []),
  ].join('\n');
}

function imageLine({ container, image, digest }: RanImage): string {
  const known = digest && isByTag(image) ? ` (${shortDigest(digest)})` : '';
  return `${container}: ${shortImage(image)}${known}`;
}
