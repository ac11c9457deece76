import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import type { RolloutResult } from '../deploy/rollout';
import { startDeployment } from '../deploy/startDeployment';
import { findDeployable } from '../ecs/findService';
import type { Connections } from '../ui/connections';
import { withProgress } from '../ui/progress';
import type { FirstTasks } from './create/creationContext';
import type { ShipRunner } from './shipRunner';

/** Starts the tasks of a service that was made without any, and follows. */
export async function startFirstTasks(
  connections: Connections,
  runner: ShipRunner,
  { session, cluster, service: name, desiredCount }: FirstTasks,
): Promise<RolloutResult | undefined> {
  const connection = connections.openOwn(session.spec);
  try {
    return await withProgress(vscode.l10n.t('Starting “{0}”', name), async (progress, signal) => {
      const service = await findDeployable(connection.ecs, cluster, name, signal);
      const begin = (): ReturnType<typeof startDeployment> =>
        startDeployment(connection, { cluster, service }, { desiredCount, forceNewDeployment: true }, signal);
      const before = { ...service, taskDefinition: undefined };
      const image = nameOf(service.taskDefinition ?? '');
      return runner.rollOut(connection, before, image, begin, progress, signal);
    });
  } finally {
    connection.dispose();
  }
}
