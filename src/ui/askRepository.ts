import * as vscode from 'vscode';
import { repositoryNameProblem } from '../core/imageRef';
import type { Repository, RepositoryOptions } from '../ecr/model';
import type { Session } from './connections';
import { ask, cancelled, pick, type Choice } from './pick';

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

/** Asks for one of the repositories that there are. */
export async function pickRepository(session: Session, title: string): Promise<Repository> {
  const load = async (): Promise<Choice<Repository>[]> => {
    const { items } = await session.ecr.listRepositories(session.signal);
    return items.map((value) => ({ label: value.name, iconPath: new vscode.ThemeIcon('package'), value }));
  };
  return pick(title, vscode.l10n.t('Repository'), load());
}

/** Asks for a name, and for more only if the person wants that, and creates a repository. */
export async function createRepository(session: Session, suggestion: string | undefined): Promise<Repository> {
  const { name, more } = await askName(suggestion);
  const options = more ? await askOptions(name) : {};
  return session.connection.ecr.createRepository(name, session.signal, options);
}

/** Enter is enough; the button leads to the options. */
function askName(suggestion: string | undefined): Promise<{ name: string; more: boolean }> {
  return new Promise((resolve, reject) => {
    const box = vscode.window.createInputBox();
    box.title = vscode.l10n.t('Create Repository');
    box.prompt = vscode.l10n.t('Name, with slashes for a namespace: team/web');
    box.value = suggestion ?? '';
    box.ignoreFocusOut = true;
    box.buttons = [{ iconPath: new vscode.ThemeIcon('settings-gear'), tooltip: vscode.l10n.t('Create with Options…') }];
    const check = (): boolean => {
      const problem = nameProblem(box.value.trim());
      box.validationMessage = problem ?? '';
      return problem === undefined;
    };
    const accept = (more: boolean): void => {
      if (!check()) return;
      resolve({ name: box.value.trim(), more });
      box.hide();
    };
    box.onDidChangeValue(check);
    box.onDidAccept(() => accept(false));
    box.onDidTriggerButton(() => accept(true));
    box.onDidHide(() => {
      reject(cancelled());
      box.dispose();
    });
    box.show();
  });
}

function nameProblem(name: string): string | undefined {
  switch (repositoryNameProblem(name)) {
    case 'length':
      return vscode.l10n.t('2 to 256 characters');
    case 'characters':
      return vscode.l10n.t('Lower case letters and digits, joined by . _ __ - and /');
    case undefined:
      return undefined;
  }
}

type Option = 'scan' | 'immutable' | 'exclusions' | 'kms' | 'tags';

/** One list of what may be chosen; only what needs a text is asked for after it. */
async function askOptions(name: string): Promise<RepositoryOptions> {
  const title = vscode.l10n.t('Create “{0}”', name);
  const items: (vscode.QuickPickItem & { readonly option: Option })[] = [
    { label: vscode.l10n.t('Scan on push'), picked: true, option: 'scan' },
    { label: vscode.l10n.t('Immutable tags'), option: 'immutable' },
    {
      label: vscode.l10n.t('Immutable tags with exceptions…'),
      description: vscode.l10n.t('such as latest or dev-*'),
      option: 'exclusions',
    },
    { label: vscode.l10n.t('Encrypt with AWS KMS…'), description: vscode.l10n.t('instead of AES-256'), option: 'kms' },
    { label: vscode.l10n.t('Resource tags…'), option: 'tags' },
  ];
  const placeHolder = vscode.l10n.t('What the repository should do');
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder,
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!chosen) throw cancelled();
  const wants = (wanted: Option): boolean => chosen.some(({ option }) => option === wanted);
  const exclusions = wants('exclusions') ? await askExclusions(title) : [];
  const key = wants('kms')
    ? await ask({ title, prompt: vscode.l10n.t('ARN or alias of the KMS key; empty for the key of AWS') })
    : '';
  return {
    scanOnPush: wants('scan'),
    mutabilityExclusions: exclusions,
    ...(exclusions.length > 0
      ? { mutability: 'IMMUTABLE_WITH_EXCLUSION' }
      : wants('immutable')
        ? { mutability: 'IMMUTABLE' }
        : {}),
    ...(wants('kms') ? { kms: key ? { key } : {} } : {}),
    ...(wants('tags') ? { tags: await askTags(title) } : {}),
  };
}

/** ECR takes at most five filters. */
async function askExclusions(title: string): Promise<string[]> {
  const split = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
  const text = await ask({
    title,
    prompt: vscode.l10n.t('Tags that may move, up to five, with * for anything: latest, dev-*'),
    validateInput: (value) => {
      const filters = split(value);
      const valid = filters.length > 0 && filters.length <= 5 && filters.every((each) => /^[\w.*-]{1,128}$/.test(each));
      return valid ? undefined : vscode.l10n.t('One to five tags or patterns');
    },
  });
  return split(text);
}

async function askTags(title: string): Promise<Record<string, string>> {
  const split = (text: string): string[][] =>
    text
      .split(',')
      .filter((part) => part.trim())
      .map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()]);
  const text = await ask({
    title,
    prompt: vscode.l10n.t('Resource tags: team=web, cost=42'),
    validateInput: (value) =>
      value.split(',').every((part) => !part.trim() || /^\s*[^=\s][^=]*=/.test(part))
        ? undefined
        : vscode.l10n.t('name=value, separated by commas'),
  });
  return Object.fromEntries(split(text)) as Record<string, string>;
}
