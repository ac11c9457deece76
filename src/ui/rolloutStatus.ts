import * as vscode from 'vscode';
import { Command } from '../core/contributions';
import { idOf, type RolloutRecord } from '../deploy/rolloutRecord';

/** What rolls out at this moment, in the status bar. */
export class RolloutStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('gantry.rollouts', vscode.StatusBarAlignment.Left, 10);

  constructor() {
    this.item.name = vscode.l10n.t('Gantry: Rollouts');
  }

  /** @param going the rollouts that go on, the newest first */
  show(going: readonly RolloutRecord[]): void {
    const [first] = going;
    if (!first) return this.item.hide();
    const text = going.length === 1 ? shortText(first) : vscode.l10n.t('{0} rollouts', going.length);
    const troubled = going.some(({ findings, state }) => findings.length > 0 || state?.rollingBack);
    const waits = going.some(({ state }) => state?.hook);
    this.item.text = `${troubled ? '$(warning)' : waits ? '$(debug-pause)' : '$(sync~spin)'} ${text}`;
    this.item.backgroundColor =
      troubled || waits ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.item.tooltip = going.map(shortText).join('\n');
    this.item.accessibilityInformation = { label: vscode.l10n.t('Gantry, rolling out: {0}', this.item.tooltip) };
    this.item.command = {
      command: Command.showRollout,
      title: vscode.l10n.t('Show Rollout'),
      arguments: going.length === 1 ? [{ rollout: idOf(first) }] : [],
    };
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}

function shortText({ start, state }: RolloutRecord): string {
  const target = state?.target;
  if (!target) return start.service;
  if (state.rollingBack) return vscode.l10n.t('{0}: rolling back', start.service);
  if (state.hook) return vscode.l10n.t('{0}: waits for you', start.service);
  return `${start.service} ${target.running}/${target.desired}`;
}
