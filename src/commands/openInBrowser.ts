import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { serviceAddress, taskAddress } from '../network/address';
import { askService, type ServicePlace } from '../ui/askService';
import type { Connections } from '../ui/connections';
import { say } from '../ui/say';
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
  const way =
    'task' in place
      ? await taskAddress({ ecs, network }, place.task, undefined, signal)
      : await serviceAddress({ ecs, network }, place.service, undefined, signal);
  if (way.address === undefined) {
    throw new GantryError('notFound', message('There is no address that a browser could open. {0}', say(way.reason)));
  }
  await openExternal(way.address);
}
