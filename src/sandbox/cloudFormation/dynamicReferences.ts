import { invalid } from './errors';
import type { Handling } from './handling';
import { objectIn } from './handling';
import type { Members } from './types';

const reference = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}/g;

/** Puts what `{{resolve:…}}` names in its place: values of Systems Manager and of Secrets Manager. */
export async function withDynamicReferences(handling: Handling, value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => withDynamicReferences(handling, item)));
  if (typeof value === 'string') return inText(handling, value);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(
    async ([name, member]) => [name, await withDynamicReferences(handling, member)] as const,
  );
  return Object.fromEntries(await Promise.all(members));
}

async function inText(handling: Handling, text: string): Promise<string> {
  let made = text;
  for (const [whole, service = '', name = ''] of text.matchAll(reference)) {
    const value = service === 'secretsmanager' ? await secret(handling, name) : await parameter(handling, name);
    made = made.replace(whole, () => value);
  }
  return made;
}

async function parameter(handling: Handling, name: string): Promise<string> {
  const answer = await handling.call('ssm', 'GetParameter', { Name: name, WithDecryption: true });
  return String(objectIn(answer, 'Parameter')['Value']);
}

/** `ID:SecretString:KEY:STAGE:VERSION`, where an ARN holds six colons of its own. */
async function secret(handling: Handling, reference: string): Promise<string> {
  const parts = reference.split(':');
  const length = reference.startsWith('arn:') ? 7 : 1;
  const SecretId = parts.slice(0, length).join(':');
  const [, key = '', VersionStage = '', VersionId = ''] = parts.slice(length);
  const version = VersionId ? { VersionId } : VersionStage ? { VersionStage } : {};
  const { SecretString } = await handling.call('secretsmanager', 'GetSecretValue', { SecretId, ...version });
  if (key === '') return String(SecretString);
  const found = (JSON.parse(String(SecretString)) as Members)[key];
  if (found !== undefined) return String(found as string);
  throw invalid(`Could not find a value associated with JSONKey in SecretString`);
}
