import * as vscode from 'vscode';
import { findService } from '../ecs/findService';
import { askService, type ServicePlace } from '../ui/askService';
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
  const place = given ?? (await askService(connections.session, title));
  const { account, region } = await connections.session.connection.identity(connections.session.signal);
  const { name, desired } = place.service;
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Redeploy “{0}”?', name),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Replaces {0} in the cluster “{1}” by new ones of the same revision (account {2}, {3}).',
        formatTasks(desired),
        place.cluster,
        account,
        region,
      ),
    },
    title,
  );
  if (answer !== title) return;
  const connection = connections.openOwn();
  try {
    await withProgress(`${title}: ${name}`, async (progress, signal) => {
      const service = await findService(connection.ecs, place.cluster, name, signal);
      await runner.redeploy(connection, place.cluster, service, progress, signal);
    });
  } finally {
    connection.dispose();
  }
}
