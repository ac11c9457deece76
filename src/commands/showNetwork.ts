import * as vscode from 'vscode';
import type { Connection } from '../aws/api';
import { servicesAsked } from '../deploy/preflight/network';
import type { Service, Task, TaskPlacement } from '../ecs/model';
import { findService } from '../ecs/findService';
import { serviceOfTask } from '../ecs/taskGroup';
import { needsOf } from '../ecs/taskNeeds';
import { readNetwork } from '../network/readNetwork';
import { waysOf, type Way } from '../network/ways';
import { askService, type ServicePlace } from '../ui/askService';
import type { Connections } from '../ui/connections';
import { networkDocument } from '../ui/networkDocument';
import { withProgress } from '../ui/progress';
import type { TaskPlace } from './verbs';

const nowhere: TaskPlacement = { subnets: [], securityGroups: [], publicAddress: false };

/** Shows every hop on the ways in and out of a service's tasks, or of one task, with the reason where it is shut. */
export async function showNetwork(
  connections: Connections,
  showReport: (title: string, text: string) => Promise<void>,
  given: ServicePlace | TaskPlace | undefined,
): Promise<void> {
  const title = vscode.l10n.t('Show Network');
  const place = given ?? (await askService(connections.session, title));
  const { connection, signal: outer } = place.session;
  const [name, ways] = await withProgress(
    title,
    async (_, signal): Promise<[string, Way[]]> =>
      'task' in place
        ? [place.task.id, await waysOfTask(connection, place.task, signal)]
        : [place.service.name, await waysOfService(connection, place, signal)],
    outer,
  );
  await showReport(vscode.l10n.t('Network of {0}', name), networkDocument(ways));
}

async function waysOfService(
  connection: Connection,
  { cluster, service }: ServicePlace,
  signal: AbortSignal,
): Promise<Way[]> {
  const fresh = await findService(connection.ecs, cluster, service.name, signal);
  return waysFrom(connection, fresh.taskDefinition ?? '', fresh, undefined, signal);
}

async function waysOfTask(connection: Connection, task: Task, signal: AbortSignal): Promise<Way[]> {
  const name = serviceOfTask(task);
  const service = name === undefined ? undefined : await findService(connection.ecs, task.clusterArn, name, signal);
  return waysFrom(connection, task.taskDefinition, service, task, signal);
}

async function waysFrom(
  connection: Connection,
  definition: string,
  service: Service | undefined,
  task: Task | undefined,
  signal: AbortSignal,
): Promise<Way[]> {
  const needs = needsOf((await connection.ecs.describeTaskDefinition(definition, signal)).taskDefinition);
  const targetGroups = service?.targetGroups ?? [];
  const planned = service?.placement ?? nowhere;
  const near = task?.subnet ? { ...planned, subnets: [task.subnet] } : planned;
  const { networkInterface, privateAddress: address } = task ?? {};
  const asked = { ...near, targetGroups: targetGroups.map(({ arn }) => arn), networkInterface };
  const network = await readNetwork(connection, asked, signal);
  const found = network.networkInterfaces.known ? network.networkInterfaces.value[0] : undefined;
  const placement = found
    ? {
        subnets: near.subnets,
        securityGroups: found.securityGroups.map(({ id }) => id),
        // Where the interface has none yet, what the service asks for is what tasks get.
        publicAddress: found.publicAddress !== undefined || near.publicAddress,
      }
    : near;
  return waysOf(network, { placement, needs, targetGroups, asked: servicesAsked(needs), networkInterface, address });
}
