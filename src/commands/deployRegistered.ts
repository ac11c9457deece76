import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { startDeployment } from '../deploy/startDeployment';
import { findDeployable } from '../ecs/findService';
import type { ServicePlace } from '../ui/askService';
import { requireWritable } from '../ui/changes';
import type { Connections } from '../ui/connections';
import { withProgress } from '../ui/progress';
import type { ShipRunner } from './shipRunner';

/** Lets a service run a revision that somebody has agreed to, and follows the deployment. */
export async function deployRegistered(
  connections: Connections,
  runner: ShipRunner,
  { session, cluster, service: { name } }: ServicePlace,
  revision: string,
): Promise<void> {
  requireWritable(session);
  const connection = connections.openOwn(session.spec);
  try {
    await withProgress(vscode.l10n.t('Deploy {0}: {1}', nameOf(revision), name), async (progress, signal) => {
      const service = await findDeployable(connection.ecs, cluster, name, signal);
      const begin = (): ReturnType<typeof startDeployment> =>
        startDeployment(connection, { cluster, service }, { taskDefinition: revision }, signal);
      await runner.rollOut(connection, service, nameOf(revision), begin, progress, signal);
    });
  } finally {
    connection.dispose();
  }
}
