import * as vscode from 'vscode';
import { nameOf } from '../../../core/arn';
import { message } from '../../../core/message';
import { reasonOf } from '../../../core/errors';
import type { Rule } from '../../../provision/rules';
import { pick, type Choice } from '../../../ui/pick';
import { askBy, type SettingContext } from './setting';

/** Asks which secret or parameter a container gets. Only names are read, never a value. */
export async function askSecret({ connection, signal, title }: SettingContext): Promise<string> {
  const load = async (): Promise<Choice<string | undefined>[]> => {
    const [secrets, parameters] = await Promise.all([
      connection.secrets.listSecrets(signal).catch(unlessDenied),
      connection.secrets.listParameters(signal).catch(unlessDenied),
    ]);
    return [
      ...secrets.map(({ name, arn }) => ({ label: name, description: 'Secrets Manager', value: arn })),
      ...parameters.map(({ name, arn }) => ({ label: name, description: 'Parameter Store', value: arn })),
      {
        label: vscode.l10n.t('By its ARN…'),
        iconPath: new vscode.ThemeIcon('edit'),
        alwaysShow: true,
        value: undefined,
      },
    ];
  };
  const chosen = await pick(title, vscode.l10n.t('Secret'), load());
  if (chosen === undefined) return askBy(title, vscode.l10n.t('ARN of the secret or parameter'), '', secretRule);
  if (!chosen.includes(':secretsmanager:')) return chosen;
  const prompt = vscode.l10n.t('JSON key in “{0}”; empty for the whole secret', nameOf(chosen));
  const key = await askBy(title, prompt, '', () => undefined);
  return key ? `${chosen}:${key}::` : chosen;
}

function unlessDenied(error: unknown): readonly { readonly name: string; readonly arn: string }[] {
  if (reasonOf(error) === 'accessDenied') return [];
  throw error;
}

const secretRule: Rule = (text) =>
  /^arn:[\w-]+:(secretsmanager:[\w-]+:\d{12}:secret:|ssm:[\w-]+:\d{12}:parameter\/).+$/.test(text)
    ? undefined
    : message('The ARN of a secret of Secrets Manager or of a parameter of Systems Manager.');
