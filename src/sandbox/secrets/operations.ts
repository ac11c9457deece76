import { randomUUID } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { resourcePolicyOperations } from './resourcePolicies';
import type { Secret, SecretStore, SecretVersion } from './secretStore';

interface ValueRequest {
  readonly SecretId: string;
  readonly SecretString?: string;
  readonly SecretBinary?: string;
  readonly ClientRequestToken?: string;
  readonly Description?: string;
}

interface ListRequest {
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly IncludePlannedDeletion?: boolean;
  readonly SortOrder?: 'asc' | 'desc';
  readonly Filters?: readonly { readonly Key?: string; readonly Values?: readonly string[] }[];
}

type Tags = readonly { readonly Key?: string; readonly Value?: string }[];

const day = 24 * 3600_000;
const notFound = (what = 'secret'): ApiError =>
  new ApiError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}.`);
const date = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));

/** The versions of a secret that have a label, newest first. */
function versionsOf(secret: Secret): (SecretVersion & { readonly stages: readonly string[] })[] {
  const { value, binary, versionId, createdAt, changedAt = createdAt, previous } = secret;
  if (value === undefined && binary === undefined) return [];
  const current = { value, binary, versionId, createdAt: changedAt, stages: ['AWSCURRENT'] };
  return [current, ...(previous ? [{ ...previous, stages: ['AWSPREVIOUS'] }] : [])];
}

function setValue(secret: Secret, request: ValueRequest, now: number): void {
  const { SecretString: value, SecretBinary: binary } = request;
  if ((value === undefined) === (binary === undefined)) {
    throw new ApiError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
  }
  const [current] = versionsOf(secret);
  if (current) {
    const { value: former, binary: formerBinary, versionId, createdAt } = current;
    secret.previous = { value: former, binary: formerBinary, versionId, createdAt };
  }
  secret.value = value;
  secret.binary = binary;
  secret.versionId = request.ClientRequestToken ?? randomUUID();
  secret.changedAt = now;
}

function getValue(secret: Secret, { VersionId, VersionStage }: { VersionId?: string; VersionStage?: string }): unknown {
  const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
  const found = versionsOf(secret).find(
    ({ versionId, stages }) =>
      (VersionId ?? versionId) === versionId && (stage === undefined || stages.includes(stage)),
  );
  if (!found)
    throw notFound(
      `secret value for ${stage === undefined ? `VersionId: ${VersionId ?? ''}` : `staging label: ${stage}`}`,
    );
  const { value: SecretString, binary: SecretBinary, versionId, stages, createdAt } = found;
  const version = { VersionId: versionId, VersionStages: stages, CreatedDate: new Date(createdAt) };
  return { ARN: secret.arn, Name: secret.name, SecretString, SecretBinary, ...version };
}

function describe(secret: Secret): Record<string, unknown> {
  return {
    ...{ ARN: secret.arn, Name: secret.name, Description: secret.description },
    CreatedDate: new Date(secret.createdAt),
    LastChangedDate: new Date(secret.changedAt ?? secret.createdAt),
    DeletedDate: date(secret.deletedAt),
    Tags: [...(secret.tags ?? [])].map(([Key, Value]) => ({ Key, Value })),
  };
}

const stagesOf = (secret: Secret): Record<string, readonly string[]> =>
  Object.fromEntries(versionsOf(secret).map(({ versionId, stages }) => [versionId, stages]));

/** Filters match the beginning of a value, `!` turns one around, and case does not count. */
function passes(
  secret: Secret,
  { Key: key, Values: values = [] }: NonNullable<ListRequest['Filters']>[number],
): boolean {
  const tags = [...(secret.tags ?? [])];
  const texts: Readonly<Record<string, readonly string[]>> = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': tags.map(([name]) => name),
    'tag-value': tags.map(([, value]) => value),
    all: [secret.name, secret.description ?? '', ...tags.flat()],
  };
  const of = (texts[key ?? 'all'] ?? []).map((text) => text.toLowerCase());
  const begins = (wanted: string): boolean => of.some((text) => text.startsWith(wanted.toLowerCase()));
  return values.some((value) => (value.startsWith('!') ? !begins(value.slice(1)) : begins(value)));
}

function list(store: SecretStore, request: ListRequest): unknown {
  const { Filters: filters = [], IncludePlannedDeletion: all = false, SortOrder: order = 'desc' } = request;
  const found = [...store.saved.secrets.values()]
    .filter(({ deletedAt }) => all || deletedAt === undefined)
    .filter((secret) => filters.every((filter) => passes(secret, filter)))
    .sort((a, b) => (order === 'asc' ? a.createdAt - b.createdAt : b.createdAt - a.createdAt));
  let cut;
  try {
    cut = page(found, request.MaxResults ?? 100, request.NextToken, [filters, all, order]);
  } catch {
    throw new ApiError('InvalidNextTokenException', 'Invalid NextToken.');
  }
  const SecretList = cut.items.map((secret) => ({ ...describe(secret), SecretVersionsToStages: stagesOf(secret) }));
  return { SecretList, NextToken: cut.nextToken };
}

function remove(
  store: SecretStore,
  secret: Secret,
  request: { RecoveryWindowInDays?: number; ForceDeleteWithoutRecovery?: boolean },
): unknown {
  const { RecoveryWindowInDays: days = 30, ForceDeleteWithoutRecovery: force = false } = request;
  if (force && request.RecoveryWindowInDays !== undefined) {
    throw new ApiError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (days < 7 || days > 30) {
    throw new ApiError(
      'InvalidParameterException',
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  }
  const now = store.now();
  if (force) store.saved.secrets.delete(secret.name);
  else secret.deletedAt = now + days * day;
  return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(force ? now : now + days * day) };
}

function create(store: SecretStore, input: ValueRequest & { Name: string; Tags?: Tags }): unknown {
  const former = store.saved.secrets.get(input.Name);
  if (former?.deletedAt !== undefined) {
    const text = "You can't create this secret because a secret with this name is already scheduled for deletion.";
    throw new ApiError('InvalidRequestException', text);
  }
  if (former) {
    const text = `The operation failed because the secret ${input.Name} already exists.`;
    throw new ApiError('ResourceExistsException', text);
  }
  const secret = store.createSecret(input.Name, undefined, input.Description);
  for (const { Key = '', Value = '' } of input.Tags ?? []) secret.tags?.set(Key, Value);
  const valued = input.SecretString !== undefined || input.SecretBinary !== undefined;
  if (valued) setValue(secret, input, store.now());
  return { ARN: secret.arn, Name: secret.name, VersionId: valued ? secret.versionId : undefined };
}

/** Secrets Manager: values with their previous ones, tags, recovery. Nothing is encrypted or rotated. */
export function secretsManagerOperations(store: SecretStore): Record<string, Operation> {
  const anyOf = (id: string): Secret => {
    const found = store.secret(id);
    if (!found) throw notFound();
    return found;
  };
  const named = (id: string): Secret => {
    const found = anyOf(id);
    if (found.deletedAt === undefined) return found;
    throw new ApiError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  };
  return {
    ...resourcePolicyOperations(named),
    CreateSecret: (input: ValueRequest & { Name: string; Tags?: Tags }) => create(store, input),
    GetSecretValue: (input: ValueRequest & { VersionId?: string; VersionStage?: string }) =>
      getValue(named(input.SecretId), input),
    PutSecretValue: (input: ValueRequest) => {
      const secret = named(input.SecretId);
      setValue(secret, input, store.now());
      return { ARN: secret.arn, Name: secret.name, VersionId: secret.versionId, VersionStages: ['AWSCURRENT'] };
    },
    UpdateSecret: (input: ValueRequest) => {
      const secret = named(input.SecretId);
      if (input.Description !== undefined) secret.description = input.Description;
      const valued = input.SecretString !== undefined || input.SecretBinary !== undefined;
      if (valued) setValue(secret, input, store.now());
      return { ARN: secret.arn, Name: secret.name, VersionId: valued ? secret.versionId : undefined };
    },
    DescribeSecret: ({ SecretId }: ValueRequest) => {
      const secret = anyOf(SecretId);
      return { ...describe(secret), VersionIdsToStages: stagesOf(secret) };
    },
    ListSecretVersionIds: ({ SecretId }: ValueRequest) => {
      const secret = named(SecretId);
      const Versions = versionsOf(secret).map(({ versionId, stages, createdAt }) => ({
        ...{ VersionId: versionId, VersionStages: stages, CreatedDate: new Date(createdAt) },
      }));
      return { ARN: secret.arn, Name: secret.name, Versions };
    },
    ListSecrets: (input: ListRequest) => list(store, input),
    DeleteSecret: (input: ValueRequest & { RecoveryWindowInDays?: number }) =>
      remove(store, anyOf(input.SecretId), input),
    RestoreSecret: ({ SecretId }: ValueRequest) => {
      const secret = anyOf(SecretId);
      delete secret.deletedAt;
      return { ARN: secret.arn, Name: secret.name };
    },
    TagResource: ({ SecretId, Tags }: { SecretId: string; Tags: Tags }) => {
      const secret = named(SecretId);
      const tags = (secret.tags ??= new Map());
      for (const { Key = '', Value = '' } of Tags) tags.set(Key, Value);
    },
    UntagResource: ({ SecretId, TagKeys }: { SecretId: string; TagKeys: readonly string[] }) => {
      for (const key of TagKeys) named(SecretId).tags?.delete(key);
    },
  };
}
