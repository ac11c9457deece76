import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { ServiceChange } from '../ecs/gateway';
import type { Service } from '../ecs/model';
import type { Scaling } from '../ecs/scaling';
import { askService, type ServicePlace } from '../ui/askService';
import { confirmChange, confirmInProduction, requireWritable } from '../ui/changes';
import type { Connections, Session } from '../ui/connections';
import { formatTasks } from '../ui/format';
import { ask, pick } from '../ui/pick';
import { scaleExpress } from './scaleExpress';

/** ECS's quota of tasks for each service (Amazon ECS service quotas). */
const mostTasks = 5_000;

/** Changes how many tasks a service keeps running. No new deployment starts by that. */
export async function scaleService(connections: Connections, given: ServicePlace | undefined): Promise<void> {
  const verb = vscode.l10n.t('Scale');
  const place = await placeFor(connections, given, verb);
  const { session, cluster, service } = place;
  if (service.express) return scaleExpress(place, mostTasks);
  const scaling = await scalingOf(session, cluster, service);
  const text = await ask({
    title: vscode.l10n.t('Scale “{0}”', service.name),
    prompt: [vscode.l10n.t('Desired count; now {0}', service.desired), describeScaling(scaling)]
      .filter(Boolean)
      .join(' · '),
    value: String(service.desired),
    validateInput: (value) => countProblem(value, scaling),
  });
  const desiredCount = Number(text);
  if (desiredCount === service.desired) return;
  const change = {
    verb,
    question: vscode.l10n.t('Scale “{0}” to {1}?', service.name, desiredCount),
    detail:
      desiredCount === 0
        ? vscode.l10n.t('Stops all of its tasks ({0}); nothing answers until it is scaled up again.', service.running)
        : vscode.l10n.t('It keeps {0} running now.', formatTasks(service.desired)),
  };
  if (desiredCount === 0) await confirmChange(session, change);
  else await confirmInProduction(session, change);
  await update(session, { cluster, service: service.name, desiredCount });
}

/** Switches ECS Exec on or off for the tasks that a service starts from now on. */
export async function setExec(connections: Connections, given: ServicePlace | undefined): Promise<void> {
  const title = vscode.l10n.t('ECS Exec');
  const { session, cluster, service } = await placeFor(connections, given, title);
  requireOwnUpdates(service);
  const enableExecuteCommand = !service.execEnabled;
  const redeploy = await pick<boolean>(
    enableExecuteCommand
      ? vscode.l10n.t('Enable ECS Exec for “{0}”', service.name)
      : vscode.l10n.t('Disable ECS Exec for “{0}”', service.name),
    vscode.l10n.t('Tasks that run already stay as they are'),
    [
      { label: vscode.l10n.t('For new tasks only'), value: false },
      {
        label: vscode.l10n.t('And redeploy'),
        description: vscode.l10n.t('replaces {0}', formatTasks(service.running)),
        value: true,
      },
    ],
  );
  const question = vscode.l10n.t('Change ECS Exec of “{0}”?', service.name);
  const detail = redeploy ? vscode.l10n.t('Replaces {0}.', formatTasks(service.running)) : '';
  await confirmInProduction(session, { verb: vscode.l10n.t('Change'), question, detail });
  const change = { cluster, service: service.name, enableExecuteCommand };
  await update(session, redeploy ? { ...change, forceNewDeployment: true } : change);
  void vscode.window.showInformationMessage(
    enableExecuteCommand
      ? vscode.l10n.t(
          'ECS Exec is on for new tasks of “{0}”. Their task role needs the ssmmessages permissions.',
          service.name,
        )
      : vscode.l10n.t('ECS Exec is off for new tasks of “{0}”.', service.name),
  );
}

/**
 * What UpdateService leaves to CodeDeploy, to an external controller or to Express Mode.
 * @throws GantryError serviceNotOurs
 */
function requireOwnUpdates({ name, controller, express }: Service): void {
  if (controller === 'ECS' && !express) return;
  const by = express ? 'Express Mode' : controller;
  throw new GantryError(
    'serviceNotOurs',
    message('ECS Exec of “{0}” cannot be changed by UpdateService, because {1} deploys it.', name, by),
  );
}

async function placeFor(
  connections: Connections,
  given: ServicePlace | undefined,
  title: string,
): Promise<ServicePlace> {
  requireWritable(given?.session ?? connections.session);
  return given ?? askService(connections.session, title);
}

/** The row shows at once what the answer says. */
async function update(session: Session, change: ServiceChange): Promise<void> {
  session.ecs.put(await session.connection.ecs.updateService(change, session.signal));
}

/** What Auto Scaling would do to the count; who may not ask does without. */
async function scalingOf(session: Session, cluster: string, service: Service): Promise<Scaling | undefined> {
  try {
    return await session.connection.scaling.scalingOf(cluster, service.name, session.signal);
  } catch {
    return undefined;
  }
}

function describeScaling(scaling: Scaling | undefined): string | undefined {
  return scaling && vscode.l10n.t('Auto Scaling keeps it between {0} and {1}', scaling.minimum, scaling.maximum);
}

function countProblem(text: string, scaling: Scaling | undefined): vscode.InputBoxValidationMessage | undefined {
  const count = Number(text);
  const { Error: error, Warning: warning } = vscode.InputBoxValidationSeverity;
  if (!/^\d+$/.test(text.trim()) || count > mostTasks) {
    return { message: vscode.l10n.t('A whole number from 0 to {0}', mostTasks), severity: error };
  }
  if (scaling && !scaling.suspended && (count < scaling.minimum || count > scaling.maximum)) {
    return { message: vscode.l10n.t('Auto Scaling will change it back'), severity: warning };
  }
  return undefined;
}
