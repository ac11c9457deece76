import * as vscode from 'vscode';
import { nameOf } from '../../core/arn';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { allPages, batches } from '../../core/paging';
import type { Service } from '../../ecs/model';
import { serviceRow } from '../../explorer/serviceRow';
import { plainName, type Connections, type Session } from '../../ui/connections';
import { sessionNamed, type ConnectionInput } from './agentPlace';
import type { AgentTool } from './agentTool';

interface Input extends ConnectionInput {
  readonly cluster?: string;
  /** Only those that fail or are short of tasks. */
  readonly onlyTroubled?: boolean;
}

/** More services than a model needs to see; the counts of the rest are said. */
const most = 200;

export function listServicesTool(connections: Connections): AgentTool<Input> {
  return {
    title: () => vscode.l10n.t('Listing ECS services'),
    async run(input, signal) {
      const session = sessionNamed(connections, input);
      const head = await headOf(connections, session);
      const { services, left } = await read(session, input.cluster, signal);
      const wanted = input.onlyTroubled ? services.filter(isTroubled) : services;
      const rest = left > 0 ? [`${left} more services were not read; name a cluster.`] : [];
      return [...head, ...wanted.map(lineOf), ...(wanted.length === 0 ? ['No such service.'] : []), ...rest].join('\n');
    },
  };
}

async function headOf({ sessions }: Connections, session: Session): Promise<string[]> {
  const { account, region } = await session.connection.identity(session.signal);
  const { production, readOnly } = session.marks;
  const marks = [production ? 'marked as production' : '', readOnly ? 'read-only' : ''].filter(Boolean).join(', ');
  const names = sessions.map(({ spec }) => plainName(spec)).join(', ');
  return [
    `Connection ${plainName(session.spec)}: account ${account}, Region ${region}${marks ? ` (${marks})` : ''}.`,
    ...(sessions.length > 1 ? [`Open connections: ${names}.`] : []),
  ];
}

async function read(
  { connection }: Session,
  cluster: string | undefined,
  signal: AbortSignal,
): Promise<{ services: Service[]; left: number }> {
  const { ecs } = connection;
  const all = await allPages((token) => ecs.listClusters(token, signal));
  const clusters = cluster ? [clusterNamed(all, cluster)] : all;
  const services: Service[] = [];
  let left = 0;
  for (const each of clusters) {
    const arns = await allPages((token) => ecs.listServices(each, token, signal));
    const wanted = arns.slice(0, Math.max(0, most - services.length));
    left += arns.length - wanted.length;
    for (const batch of batches(wanted, 10)) {
      services.push(...(await ecs.describeServices(each, batch, signal)).found);
    }
  }
  return { services, left };
}

/** @throws GantryError notFound with the names that there are */
function clusterNamed(all: readonly string[], name: string): string {
  const found = all.find((arn) => arn === name || nameOf(arn) === name);
  if (found) return found;
  const names = all.map(nameOf).join(', ');
  throw new GantryError('notFound', message('There is no cluster “{0}”. There are: {1}', name, names));
}

function isTroubled(service: Service): boolean {
  return ['failing', 'short', 'over'].includes(serviceRow(service).state);
}

function lineOf(service: Service): string {
  const { state, running, desired, revision, percent } = serviceRow(service);
  const progress = state === 'deploying' ? ` ${percent} %` : '';
  return `${nameOf(service.clusterArn)}/${service.name}: ${state}${progress}, ${running} of ${desired} tasks running, ${revision}`;
}
