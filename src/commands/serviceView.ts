import * as vscode from 'vscode';
import type { SortOrder, WantedState } from '../explorer/serviceFilter';
import type { Views } from '../explorer/views';
import { pick } from '../ui/pick';

/** Asks which services to show: what is typed filters at once, a state is chosen from the list. */
export function filterServices(views: Views): Promise<void> {
  const before = views.choice;
  return new Promise((resolve) => {
    const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { state?: WantedState }>();
    picker.title = vscode.l10n.t('Filter Services');
    picker.placeholder = vscode.l10n.t('Part of a name, or a state');
    picker.value = before.text ?? '';
    const states = [
      { label: vscode.l10n.t('All states'), alwaysShow: true },
      { label: vscode.l10n.t('Failing'), state: 'failing' as const, alwaysShow: true },
      { label: vscode.l10n.t('Deploying'), state: 'deploying' as const, alwaysShow: true },
      { label: vscode.l10n.t('Not at desired count'), state: 'notAtDesired' as const, alwaysShow: true },
    ];
    picker.items = states;
    picker.activeItems = states.filter(({ state }) => state === before.state);
    let accepted = false;
    picker.onDidChangeValue((text) => void views.choose(choiceWith(views.choice.sort, text, before.state)));
    picker.onDidAccept(() => {
      accepted = true;
      void views.choose(choiceWith(views.choice.sort, picker.value, picker.activeItems[0]?.state));
      picker.hide();
    });
    picker.onDidHide(() => {
      if (!accepted) void views.choose(before);
      picker.dispose();
      resolve();
    });
    picker.show();
  });
}

/** Asks for the order of services. */
export async function sortServices(views: Views): Promise<void> {
  const choices: { label: string; value: SortOrder }[] = [
    { label: vscode.l10n.t('By name'), value: 'name' },
    { label: vscode.l10n.t('By state, failing first'), value: 'state' },
    { label: vscode.l10n.t('By age, newest deployment first'), value: 'age' },
  ];
  const sort = await pick(vscode.l10n.t('Sort Services'), vscode.l10n.t('Order'), choices);
  await views.choose({ ...views.choice, sort });
}

/** Shows every service again. */
export async function clearFilter(views: Views): Promise<void> {
  await views.choose(choiceWith(views.choice.sort, '', undefined));
}

function choiceWith(sort: SortOrder | undefined, text: string, state: WantedState | undefined): Views['choice'] {
  return { ...(text.trim() ? { text: text.trim() } : {}), ...(state ? { state } : {}), ...(sort ? { sort } : {}) };
}
