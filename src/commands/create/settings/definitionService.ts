import * as vscode from 'vscode';
import { networkFor } from '../../../provision/placement';
import type { DefinitionServiceChoices } from '../../../provision/serviceFromDefinition';
import { askReach, reachText } from '../reach';
import { execSetting, tasksSetting } from './capacity';
import { placementSettings } from './placement';
import type { Setting } from './setting';

type Row = Setting<DefinitionServiceChoices>;

/** Every choice of a service that is made from a task definition. */
export function definitionServiceSettings(choices: DefinitionServiceChoices): Row[] {
  const { definition, network } = choices;
  const reached: Row = {
    label: vscode.l10n.t('Reached by'),
    value: reachText(choices),
    change: async (context) => {
      const { connection, title, signal } = context;
      const chosen = await askReach(connection, title, definition, network, signal);
      const vpc = chosen.kind === 'targetGroup' ? chosen.vpc : undefined;
      // A load balancer reaches the tasks of its own network.
      const moved = network && vpc !== undefined && vpc !== network.vpc ? await context.network(vpc) : undefined;
      return { ...choices, reach: chosen, network: moved ? networkFor(definition, choices.capacity, moved) : network };
    },
  };
  return [
    tasksSetting(choices, 0),
    ...(definition.ports.length > 0 ? [reached] : []),
    ...placementSettings(choices, { noGroups: vscode.l10n.t('a new one with the rules that are needed') }),
    ...(definition.hasTaskRole ? [execSetting(choices)] : []),
  ];
}
