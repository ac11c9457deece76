import type { ContainerDefinition, Task } from '../ecsService/types';
import type { SecretStore } from './secretStore';

/** The values of a task's secrets by container, or why the task cannot start, in AWS's words. */
export type TaskSecrets =
  | { readonly values: ReadonlyMap<string, Readonly<Record<string, string>>> }
  | { readonly problem: { readonly container: string; readonly reason: string } };

const prefix =
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ';

/** Fetches `secrets` from Parameter Store and Secrets Manager, as the agent does before it pulls images. */
export function fetchSecrets(store: SecretStore, task: Task): TaskSecrets {
  const values = new Map<string, Record<string, string>>();
  for (const { name: container, secrets = [] } of task.taskDefinition.registered.containerDefinitions) {
    const own: Record<string, string> = {};
    for (const { name, valueFrom } of secrets) {
      const found = fetchOne(store, valueFrom, task.arn.split(':')[3] ?? '');
      if ('reason' in found) return { problem: { container, reason: `${prefix}${found.reason}` } };
      own[name] = found.value;
    }
    values.set(container, own);
  }
  return { values };
}

type Secrets = NonNullable<ContainerDefinition['secrets']>;

function fetchOne(
  store: SecretStore,
  valueFrom: Secrets[number]['valueFrom'],
  region: string,
): { value: string } | { reason: string } {
  if (!valueFrom.includes(':secretsmanager:')) {
    const parameter = store.parameter(valueFrom);
    if (parameter) return { value: parameter.value };
    const text = `fetching secret data from SSM Parameter Store in ${region}: invalid parameters: ${valueFrom}`;
    return { reason: `unable to retrieve secrets from ssm: service call has been retried 1 time(s): ${text}` };
  }
  // arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:json-key:version-stage:version-id]
  const parts = valueFrom.split(':');
  const secret = store.secret(parts.slice(0, 7).join(':'));
  const asm = 'unable to retrieve secret from asm: service call has been retried 1 time(s): ';
  if (secret?.value === undefined || secret.deletedAt !== undefined) {
    const text = `failed to fetch secret ${valueFrom} from secrets manager: ResourceNotFoundException`;
    return { reason: `${asm}${text}: Secrets Manager can't find the specified secret.` };
  }
  const key = parts[7] ?? '';
  if (key === '') return { value: secret.value };
  const found = memberOf(secret.value, key);
  if (found !== undefined) return { value: found };
  return { reason: `${asm}retrieved secret from Secrets Manager did not contain json key ${key}` };
}

function memberOf(json: string, key: string): string | undefined {
  try {
    const value = (JSON.parse(json) as Record<string, unknown> | null)?.[key];
    return typeof value === 'string' ? value : value === undefined ? undefined : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
