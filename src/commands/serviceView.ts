import * as vscode from 'vscode';
import type { SortOrder, ViewChoice, WantedState } from '../explorer/serviceFilter';
import { pick } from '../ui/pick';

/** Which services a view shows. */
export interface ServiceView {
  readonly choice: ViewChoice;
  choose(choice: ViewChoice): Promise<void>;
}

/** Asks which services to show: what is typed filters at once, a state is chosen from the list. */
export function filterServices(view: ServiceView): Promise<void> {
  const before = view.choice;
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
    picker.onDidChangeValue((text) => void view.choose(choiceWith(view.choice.sort, text, before.state)));
    picker.onDidAccept(() => {
      accepted = true;
      void view.choose(choiceWith(view.choice.sort, picker.value, picker.activeItems[0]?.state));
      picker.hide();
    });
    picker.onDidHide(() => {
      if (!accepted) void view.choose(before);
      picker.dispose();
      resolve();
    });
    picker.show();
  });
}

/** Asks for the order of services. */
export async function sortServices(view: ServiceView): Promise<void> {
  const choices: { label: string; value: SortOrder }[] = [
    { label: vscode.l10n.t('By name'), value: 'name' },
    { label: vscode.l10n.t('By state, failing first'), value: 'state' },
    { label: vscode.l10n.t('By age, newest deployment first'), value: 'age' },
  ];
  const sort = await pick(vscode.l10n.t('Sort Services'), vscode.l10n.t('Order'), choices);
  await view.choose({ ...view.choice, sort });
}

/** Shows every service again. */
export async function clearFilter(view: ServiceView): Promise<void> {
  await view.choose(choiceWith(view.choice.sort, '', undefined));
}

function choiceWith(sort: SortOrder | undefined, text: string, state: WantedState | undefined): ViewChoice {
  return { ...(text.trim() ? { text: text.trim() } : {}), ...(state ? { state } : {}), ...(sort ? { sort } : {}) };
}
