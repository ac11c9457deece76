import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { findDeployable } from '../../ecs/findService';
import type { FixAction } from '../../deploy/finding';
import { raiseMemory } from '../../deploy/memorySize';
import { deployRevision } from '../../deploy/ship';
import { revisionInput } from '../../deploy/taskDefinition';
import type { ServicePlace } from '../../ui/askService';
import { confirmChange, requireWritable } from '../../ui/changes';
import type { Connections } from '../../ui/connections';
import { formatTasks } from '../../ui/format';
import { withProgress } from '../../ui/progress';
import type { ShipRunner } from '../shipRunner';

/** Gives a container more memory in a new revision, after showing what changes, and follows the deployment. */
export async function giveMemory(
  connections: Connections,
  runner: ShipRunner,
  { session, cluster, service }: ServicePlace,
  { taskDefinition, container }: Extract<FixAction, { kind: 'raiseMemory' }>,
): Promise<void> {
  requireWritable(session);
  const described = await session.connection.ecs.describeTaskDefinition(taskDefinition, session.signal);
  const raised = raiseMemory(revisionInput(described), container);
  await confirmChange(session, {
    verb: vscode.l10n.t('Raise Memory'),
    question: vscode.l10n.t('Give “{0}” more memory?', container),
    detail: [
      ...raised.changes.map(({ what, from, to }) => `${what}: ${from} → ${to}`),
      '',
      vscode.l10n.t(
        'Makes a new revision and replaces {0} of “{1}” in the cluster “{2}”.',
        formatTasks(service.desired),
        service.name,
        cluster,
      ),
    ].join('\n'),
  });
  const connection: Connection = connections.openOwn(session.spec);
  try {
    await withProgress(`${vscode.l10n.t('Raise Memory')}: ${service.name}`, async (progress, signal) => {
      const current = await findDeployable(connection.ecs, cluster, service.name, signal);
      const image = vscode.l10n.t('a revision with {0}', raised.changes.map(({ to }) => to).join(', '));
      const begin = (): ReturnType<typeof deployRevision> =>
        deployRevision(connection, { cluster, service: current }, raised.taskDefinition, () => undefined, signal);
      await runner.rollOut(connection, current, image, begin, progress, signal);
    });
  } finally {
    connection.dispose();
  }
}
