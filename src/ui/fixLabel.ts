import * as vscode from 'vscode';
import type { FixAction } from '../deploy/finding';

/** What stands on the button that does it. */
export function fixLabel(action: FixAction): string {
  switch (action.kind) {
    case 'createLogGroup':
      return vscode.l10n.t('Create Log Group');
    case 'createRepository':
      return vscode.l10n.t('Create Repository');
    case 'raiseMemory':
      return vscode.l10n.t('Raise Memory');
    case 'forceDeployment':
      return vscode.l10n.t('Redeploy');
    case 'rebuild':
      return vscode.l10n.t('Build for {0}', action.platform);
    case 'attachPolicy':
      return vscode.l10n.t('Show Policy');
    case 'addIngressRule':
      return vscode.l10n.t('Add Rule');
  }
}
