import * as vscode from 'vscode';
import { repositoryNameProblem } from '../core/imageRef';
import type { Repository } from '../ecr/model';
import type { Session } from './connections';
import { ask, pick, type Choice } from './pick';

/**
 * Asks for a repository, with creating one as a choice.
 * @param likely name of the repository that comes first
 */
export async function askRepository(session: Session, title: string, likely: string | undefined): Promise<Repository> {
  const load = async (): Promise<Choice<Repository | 'create'>[]> => {
    const { items } = await session.ecr.listRepositories(session.signal);
    const repositories = [...items].sort((a, b) => Number(b.name === likely) - Number(a.name === likely));
    return [
      ...repositories.map((value) => ({
        label: value.name,
        description: value.name === likely ? vscode.l10n.t('runs in the service now') : '',
        iconPath: new vscode.ThemeIcon('package'),
        value,
      })),
      {
        label: vscode.l10n.t('Create Repository…'),
        iconPath: new vscode.ThemeIcon('add'),
        alwaysShow: true,
        value: 'create',
      },
    ];
  };
  const chosen = await pick(title, vscode.l10n.t('Repository to push to'), load());
  return chosen === 'create' ? createRepository(session, likely) : chosen;
}

/** Asks for a name and creates a repository. */
export async function createRepository(session: Session, suggestion: string | undefined): Promise<Repository> {
  const name = await ask({
    title: vscode.l10n.t('Create Repository'),
    prompt: vscode.l10n.t('Name, with slashes for a namespace: team/web'),
    value: suggestion ?? '',
    validateInput: (text) => {
      switch (repositoryNameProblem(text.trim())) {
        case 'length':
          return vscode.l10n.t('2 to 256 characters');
        case 'characters':
          return vscode.l10n.t('Lower case letters and digits, joined by . _ __ - and /');
        case undefined:
          return undefined;
      }
    },
  });
  return session.connection.ecr.createRepository(name, session.signal);
}
