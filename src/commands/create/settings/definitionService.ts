import * as vscode from 'vscode';
import { networkFor } from '../../../provision/placement';
import { numberRule } from '../../../provision/rules';
import type { DefinitionServiceChoices } from '../../../provision/serviceFromDefinition';
import { askReach, reachText } from '../reach';
import { placementSettings } from './placement';
import { askBy, type Setting } from './setting';

type Row = Setting<DefinitionServiceChoices>;

/** Every choice of a service that is made from a task definition. */
export function definitionServiceSettings(choices: DefinitionServiceChoices): Row[] {
  const { desiredCount, exec, definition, network } = choices;
  const tasks: Row = {
    label: vscode.l10n.t('Tasks'),
    value: String(desiredCount),
    change: async ({ title }) => {
      const prompt = vscode.l10n.t('How many tasks run');
      return {
        ...choices,
        desiredCount: Number(await askBy(title, prompt, String(desiredCount), numberRule(0, 5000))),
      };
    },
  };
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
  const execRow: Row = {
    label: vscode.l10n.t('ECS Exec'),
    value: exec ? vscode.l10n.t('on') : vscode.l10n.t('off'),
    change: () => Promise.resolve({ ...choices, exec: !exec }),
  };
  return [
    tasks,
    ...(definition.ports.length > 0 ? [reached] : []),
    ...placementSettings(choices, { noGroups: vscode.l10n.t('a new one with the rules that are needed') }),
    ...(definition.hasTaskRole ? [execRow] : []),
  ];
}
