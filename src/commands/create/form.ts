import * as vscode from 'vscode';
import type { Message } from '../../core/message';
import type { Choices } from '../../provision/choices';
import { problemsOf } from '../../provision/rules';
import { cancelled, type Choice } from '../../ui/pick';
import { say } from '../../ui/say';
import { capacitySettings } from './settings/capacity';
import { askHealthPath, commonSettings } from './settings/common';
import { changeSidecars, containerSettings } from './settings/containers';
import { networkSettings } from './settings/network';
import type { ExpressSetting, ServiceSetting, Setting, SettingContext } from './settings/setting';

/** What a form is made of. */
export interface Form<C> {
  /** The rows for what is chosen at this moment. */
  settings(choices: C): readonly Setting<C>[];
  /** What AWS would refuse. */
  problems(choices: C): readonly Message[];
}

/** Every choice of a new service. */
export const choicesForm: Form<Choices> = { settings: settingsOf, problems: problemsOf };

/**
 * Choices in one list: a row says what is chosen, and leads to something else. It comes back until the person goes on;
 * leaving a question leaves the choice as it was.
 * @throws GantryError cancelled when the person leaves the list
 */
export async function changeChoices<C>(context: SettingContext, form: Form<C>, given: C): Promise<C> {
  let choices = given;
  let last: string | undefined;
  for (;;) {
    const settings = form.settings(choices);
    const chosen = await askRow(context, settings, form.problems(choices).map(say), last);
    if (!chosen) return choices;
    last = chosen.label;
    choices = await chosen.change(context).catch((error: unknown) => keepUnlessFailed(error, choices));
  }
}

function keepUnlessFailed<C>(error: unknown, choices: C): C {
  if (error instanceof Error && 'reason' in error && error.reason === 'cancelled') return choices;
  throw error;
}

type AnySetting = Setting<Choices>;

function settingsOf(choices: Choices): AnySetting[] {
  const common = commonSettings(choices);
  if (choices.kind === 'express') {
    const { container, healthCheckPath } = choices;
    const own: ExpressSetting[] = [
      ...containerSettings(container)
        .slice(0, 3)
        .map(({ label, value, change }) => ({
          ...{ label, value },
          change: async (context: SettingContext) => ({ ...choices, container: await change(context) }),
        })),
      {
        label: vscode.l10n.t('Health check path'),
        value: healthCheckPath,
        change: async ({ title }) => ({ ...choices, healthCheckPath: await askHealthPath(title, healthCheckPath) }),
      },
    ];
    return [...common, ...own];
  }
  const [main, ...others] = choices.containers;
  const own: ServiceSetting[] = [
    ...containerSettings(main).map(({ label, value, change }) => ({
      ...{ label, value },
      change: async (context: SettingContext) => ({
        ...choices,
        containers: [await change(context), ...others] as const,
      }),
    })),
    {
      label: vscode.l10n.t('Further containers'),
      value: others.map(({ name }) => name).join(', ') || vscode.l10n.t('none'),
      change: (context) => changeSidecars(context, choices),
    },
    ...capacitySettings(choices),
    ...networkSettings(choices),
  ];
  return [...common, ...own];
}

/** The list; undefined when the person goes on with what is chosen. */
function askRow<C>(
  { title }: SettingContext,
  settings: readonly Setting<C>[],
  problems: readonly string[],
  last: string | undefined,
): Promise<Setting<C> | undefined> {
  return new Promise((resolve, reject) => {
    const list = vscode.window.createQuickPick<Choice<Setting<C> | undefined>>();
    const rows = settings.map((value) => ({ label: value.label, description: value.value, value }));
    const first: Choice<Setting<C> | undefined>[] =
      problems.length > 0
        ? problems.map((label) => ({
            label,
            iconPath: new vscode.ThemeIcon('error'),
            alwaysShow: true,
            value: undefined,
          }))
        : [
            {
              ...{ label: vscode.l10n.t('Go on with these choices'), iconPath: new vscode.ThemeIcon('check') },
              ...{ alwaysShow: true, value: undefined },
            },
          ];
    list.items = [...first, ...rows];
    list.title = title;
    list.placeholder = vscode.l10n.t('Choose what is to be different');
    list.matchOnDescription = true;
    list.ignoreFocusOut = true;
    list.activeItems = rows.filter(({ label }) => label === last);
    list.onDidAccept(() => {
      const [chosen] = list.selectedItems;
      // A problem is no way on.
      if (!chosen || (chosen.value === undefined && problems.length > 0)) return;
      resolve(chosen.value);
      list.hide();
    });
    list.onDidHide(() => {
      reject(cancelled());
      list.dispose();
    });
    list.show();
  });
}
