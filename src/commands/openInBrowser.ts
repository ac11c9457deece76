import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { serviceAddress, taskAddress } from '../network/address';
import { askService, type ServicePlace } from '../ui/askService';
import type { Connections } from '../ui/connections';
import { openExternal } from '../ui/verdictMessage';
import type { TaskPlace } from './verbs';

/** Opens a service or task in the browser. */
export async function openInBrowser(
  connections: Connections,
  given: ServicePlace | TaskPlace | undefined,
): Promise<void> {
  const place = given ?? (await askService(connections.session, vscode.l10n.t('Open in Browser')));
  const { connection, signal } = place.session;
  const { ecs, network } = connection;
  const address =
    'task' in place
      ? await taskAddress({ ecs, network }, place.task, undefined, signal)
      : await serviceAddress({ ecs, network }, place.service, undefined, signal);
  if (!address) {
    throw new GantryError(
      'notFound',
      message(
        'It has no address that a browser could open: no load balancer, and no running task with a published port.',
      ),
    );
  }
  await openExternal(address);
}
