import * as vscode from 'vscode';
import { nothingToDeploy } from '../deploy/expressDeployment';
import { findDeployable, requireDeployable } from '../ecs/findService';
import { askService, type ServicePlace } from '../ui/askService';
import { confirmChange, requireWritable } from '../ui/changes';
import type { Connections } from '../ui/connections';
import { formatTasks } from '../ui/format';
import { withProgress } from '../ui/progress';
import type { ShipRunner } from './shipRunner';

/** Replaces every task of a service by a new one of the same revision, after asking. */
export async function redeploy(
  connections: Connections,
  runner: ShipRunner,
  given: ServicePlace | undefined,
): Promise<void> {
  const title = vscode.l10n.t('Redeploy');
  requireWritable(given?.session ?? connections.session);
  const place = given ?? (await askService(connections.session, title));
  requireDeployable(place.service);
  const { name, desired, express } = place.service;
  if (express) throw nothingToDeploy(name);
  await confirmChange(place.session, {
    verb: title,
    question: vscode.l10n.t('Redeploy “{0}”?', name),
    detail: vscode.l10n.t(
      'Replaces {0} in the cluster “{1}” by new ones of the same revision.',
      formatTasks(desired),
      place.cluster,
    ),
  });
  const connection = connections.openOwn(place.session.spec);
  try {
    await withProgress(`${title}: ${name}`, async (progress, signal) => {
      const service = await findDeployable(connection.ecs, place.cluster, name, signal);
      await runner.redeploy(connection, place.cluster, service, progress, signal);
    });
  } finally {
    connection.dispose();
  }
}
