import * as vscode from 'vscode';
import type { Prompts } from '../aws/api';
import { ask } from './pick';

/** Asks a person what a connection needs; tokens go to the system's own secret store. */
export function prompts(secrets: vscode.SecretStorage): Prompts {
  return {
    mfaCode: (serial) =>
      ask({
        title: vscode.l10n.t('Sign In'),
        prompt: vscode.l10n.t('Code of the MFA device {0}', serial),
        password: true,
        validateInput: (text) => (/^\d{6}$/.test(text.trim()) ? undefined : vscode.l10n.t('Six digits')),
      }),
    recallToken: async (session) => secrets.get(`gantry.sso.${session}`),
    keepToken: async (session, token) => secrets.store(`gantry.sso.${session}`, token),
  };
}
