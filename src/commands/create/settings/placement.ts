import * as vscode from 'vscode';
import { networkFor, onFargate, type PlacedChoices } from '../../../provision/placement';
import { pick } from '../../../ui/pick';
import { capacityText } from './capacity';
import { askGroups, askNetwork, askTaskSubnets } from './network';
import type { Setting, SettingContext } from './setting';

/** Words and questions that are not the same for a service and for a task that runs once. */
export interface PlacementWords {
  /** What tasks get where no security group is chosen. */
  readonly noGroups: string;
}

/** What tasks of a registered definition run on, and where in the network they are. */
export function placementSettings<C extends PlacedChoices>(choices: C, words: PlacementWords): Setting<C>[] {
  const { capacity, capacities, network } = choices;
  const runsOn: Setting<C> = {
    label: vscode.l10n.t('Runs on'),
    value: capacityText(capacity),
    change: async ({ title }) => {
      const rows = capacities.map((value) => ({ label: capacityText(value), value }));
      const chosen = await pick(title, vscode.l10n.t('What tasks run on'), rows);
      const publicAddress = network?.publicAddress === true && onFargate({ capacity: chosen });
      return { ...choices, capacity: chosen, network: network && { ...network, publicAddress } };
    },
  };
  return [...(capacities.length > 1 ? [runsOn] : []), ...networkRows(choices, words)];
}

function networkRows<C extends PlacedChoices>(choices: C, { noGroups }: PlacementWords): Setting<C>[] {
  const { network, capacity, definition } = choices;
  if (!network) return [];
  const rows: Setting<C>[] = [
    {
      label: 'VPC',
      value: network.vpc,
      change: async (context) => ({
        ...choices,
        network: networkFor(definition, capacity, await askNetwork(context)),
      }),
    },
    {
      label: vscode.l10n.t('Subnets of the tasks'),
      value: network.subnets.join(', '),
      change: async (context) => {
        const placed = await askTaskSubnets(context, network);
        const publicAddress = placed.publicAddress && onFargate({ capacity });
        return { ...choices, network: { ...placed, publicAddress } };
      },
    },
    {
      label: vscode.l10n.t('Security groups of the tasks'),
      value: network.securityGroups?.join(', ') ?? noGroups,
      change: async (context: SettingContext) => {
        const placeHolder = vscode.l10n.t('Security groups; none: {0}', noGroups);
        const securityGroups = await askGroups(context, network.vpc, placeHolder);
        return { ...choices, network: { ...network, securityGroups } };
      },
    },
  ];
  if (!onFargate({ capacity })) return rows;
  const address: Setting<C> = {
    label: vscode.l10n.t('Public address of each task'),
    value: network.publicAddress ? vscode.l10n.t('yes') : vscode.l10n.t('no'),
    change: () => Promise.resolve({ ...choices, network: { ...network, publicAddress: !network.publicAddress } }),
  };
  return [...rows, address];
}

/** Where tasks are, in lines of a plan. */
export function placementLines({ capacity, network }: PlacedChoices): string[] {
  return [
    vscode.l10n.t('Runs on: {0}', capacityText(capacity)),
    ...(network
      ? [
          network.publicAddress
            ? vscode.l10n.t('Network: {0}, each task with a public address', network.subnets.join(', '))
            : vscode.l10n.t('Network: {0}', network.subnets.join(', ')),
        ]
      : []),
  ];
}
