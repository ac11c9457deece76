import * as vscode from 'vscode';
import type { SsoSession } from '../aws/credentials';
import type { DeviceCode } from '../aws/api';
import { Command } from '../core/contributions';
import { showActions } from '../ui/errors';
import { nameOfProfile, type Connections, type Session } from '../ui/connections';
import { withProgress } from '../ui/progress';

/** Signs in to a connection whose session has expired, in the way that its profile is made for. */
export async function signIn(connections: Connections, given: Session | undefined): Promise<void> {
  const { spec } = given ?? connections.session;
  const found = await connections.signInKind(spec);
  switch (found.kind) {
    case 'sso':
      return signInWithSso(connections, found.session);
    case 'login':
      return runLogin(spec.profile);
    case 'other':
      return explain(connections, nameOfProfile(spec));
  }
}

async function signInWithSso(connections: Connections, session: SsoSession): Promise<void> {
  await withProgress(vscode.l10n.t('Signing in'), async (progress, signal) => {
    const show = (code: DeviceCode): void => {
      progress.report(vscode.l10n.t('confirm the code {0} in the browser', code.code));
      void vscode.env.openExternal(vscode.Uri.parse(code.url));
    };
    await connections.signIn(session, show, signal);
  });
  void vscode.window.showInformationMessage(vscode.l10n.t('Signed in.'));
}

/** `aws login` keeps its key in a place that only AWS's own tools write to. */
function runLogin(profile: string | undefined): void {
  const args = profile ? ['login', '--profile', profile] : ['login'];
  vscode.window.createTerminal({ name: 'aws login', shellPath: 'aws', shellArgs: args }).show();
}

/** Nothing here can renew these credentials. */
async function explain(connections: Connections, name: string): Promise<void> {
  await showActions(
    vscode.window.showInformationMessage,
    vscode.l10n.t(
      'The credentials of “{0}” are renewed by the tool that made them. Gantry notices when they are there.',
      name,
    ),
    [
      { label: vscode.l10n.t('Try Again'), run: () => connections.reopen() },
      {
        label: vscode.l10n.t('Switch Connection'),
        run: () => vscode.commands.executeCommand(Command.switchConnection),
      },
    ],
  );
}
