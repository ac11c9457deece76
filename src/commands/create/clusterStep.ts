import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { EcsInventory } from '../../ecs/inventory';
import type { Cluster } from '../../ecs/model';
import type { CapacityChoice } from '../../provision/choices';
import { capacitiesFor, nowhereToRun, type DefinitionFacts } from '../../provision/placement';
import type { Session } from '../../ui/connections';
import { formatServices } from '../../ui/format';
import { pick, type Choice } from '../../ui/pick';
import { say } from '../../ui/say';
import type { Step } from '../../ui/steps';
import { createCluster } from './createCluster';
import type { CreationContext } from './creationContext';

/** What the question for a cluster answers. */
export interface ClusterAnswer {
  /** Empty until it is answered. */
  readonly cluster: string;
  /** What tasks can run on there, the most usual first. */
  readonly capacities: readonly CapacityChoice[];
}

/** Asks for a cluster in which tasks of a definition can run; one can be made meanwhile. */
export function clusterStep<A extends ClusterAnswer>(
  context: CreationContext,
  session: Session,
  definition: DefinitionFacts,
): Step<A> {
  const { connection, signal } = session;
  return {
    ask: async (asker, answers) => {
      for (let question = vscode.l10n.t('Cluster'); ;) {
        const chosen = await pick(asker, question, clusterRows(connection, answers.cluster, signal));
        const cluster = chosen === 'new' ? await createCluster(context, session) : chosen.name;
        const capacities = await readCapacities(connection, definition, cluster, signal);
        if (capacities.length > 0) return { ...answers, cluster, capacities };
        question = say(nowhereToRun(definition, cluster));
      }
    },
  };
}

async function clusterRows(connection: Connection, before: string, signal: AbortSignal) {
  const { items } = await new EcsInventory(connection.ecs).listClusters(signal);
  const rows: Choice<Cluster | 'new'>[] = items.map((value) => ({
    ...{ label: value.name, description: formatServices(value.activeServices), value },
    ...{ iconPath: new vscode.ThemeIcon('server-environment'), picked: value.name === before },
  }));
  const fresh: Choice<'new'> = {
    ...{ label: vscode.l10n.t('Create Cluster…'), iconPath: new vscode.ThemeIcon('add'), alwaysShow: true },
    value: 'new',
  };
  return [...rows, fresh];
}

/** What tasks of a definition can run on in a cluster; empty when nothing. */
export async function readCapacities(
  { ecs }: Connection,
  definition: DefinitionFacts,
  name: string,
  signal: AbortSignal,
): Promise<readonly CapacityChoice[]> {
  const { found } = await ecs.describeClusters([name], signal);
  const providers = found[0]?.capacityProviders ?? [];
  const own = providers.filter((each) => !each.startsWith('FARGATE')).slice(0, 100);
  // Who may not ask what they are takes them for Auto Scaling groups.
  const managed = own.length > 0 ? await ecs.describeManagedProviders(own, signal).catch(() => []) : [];
  return capacitiesFor(definition, { name, providers, managed, instances: found[0]?.containerInstances ?? 0 });
}
