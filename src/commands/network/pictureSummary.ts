import * as vscode from 'vscode';
import type { NetworkLook } from '../../deploy/networkLook';
import { stateOf, type HopState } from '../../network/hop';
import type { Way } from '../../network/ways';

/** How many ways are open, in a sentence for each direction. */
export function pictureSummary({ ways, tasksLeftOut }: NetworkLook): string {
  if (ways.length === 0) return vscode.l10n.t('No way leads in or out: nothing listens, and nothing is asked.');
  const sentences = [
    countOf(ways, 'in', (open, all) => vscode.l10n.t('{0} of {1} ways in are open.', open, all)),
    countOf(ways, 'out', (open, all) => vscode.l10n.t('{0} of {1} ways out are open.', open, all)),
    tasksLeftOut > 0 ? vscode.l10n.t('{0} more tasks are not shown.', tasksLeftOut) : '',
  ];
  return sentences.filter(Boolean).join(' ');
}

function countOf(
  ways: readonly Way[],
  direction: Way['direction'],
  words: (open: number, all: number) => string,
): string {
  const states: HopState[] = ways.filter((way) => way.direction === direction).map(({ hops }) => stateOf(hops));
  return states.length === 0 ? '' : words(states.filter((state) => state === 'open').length, states.length);
}
