import { randomUUID } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import type { Parameter, Secret, SecretStore } from './secretStore';

function describeParameter(store: SecretStore, parameter: Parameter): Record<string, unknown> {
  const { name: Name, type: Type, value: Value, version: Version, modifiedAt } = parameter;
  const LastModifiedDate = new Date(modifiedAt);
  return { Name, Type, Value, Version, LastModifiedDate, ARN: store.parameterArn(Name), DataType: 'text' };
}

interface PutParameter {
  readonly Name: string;
  readonly Value: string;
  readonly Type?: string;
  readonly Overwrite?: boolean;
}

/** Parameter Store, as far as `secrets` of containers need it. Nothing is encrypted. */
export function ssmOperations(store: SecretStore): Record<string, Operation> {
  return {
    PutParameter: ({ Name, Value, Type, Overwrite }: PutParameter) => {
      const former = store.parameter(Name);
      if (former && !Overwrite) {
        const text =
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
        throw new ApiError('ParameterAlreadyExists', text);
      }
      const type = Type ?? former?.type;
      if (type === undefined) {
        throw new ApiError('ValidationException', 'A parameter type is required when you create a parameter.');
      }
      return { Version: store.putParameter(Name, type, Value).version, Tier: 'Standard' };
    },
    GetParameter: ({ Name }: { Name: string }) => {
      const found = store.parameter(Name);
      if (!found) throw new ApiError('ParameterNotFound', `Parameter ${Name} not found.`);
      return { Parameter: describeParameter(store, found) };
    },
    GetParameters: ({ Names }: { Names: readonly string[] }) => {
      const found = Names.map((name) => ({ name, parameter: store.parameter(name) }));
      return {
        Parameters: found.flatMap(({ parameter }) => (parameter ? [describeParameter(store, parameter)] : [])),
        InvalidParameters: found.filter(({ parameter }) => !parameter).map(({ name }) => name),
      };
    },
    DeleteParameter: ({ Name }: { Name: string }) => {
      if (!store.saved.parameters.delete(store.parameter(Name)?.name ?? Name)) {
        throw new ApiError('ParameterNotFound', `Parameter ${Name} not found.`);
      }
    },
  };
}

interface SecretRequest {
  readonly SecretId: string;
  readonly SecretString?: string;
}

/** Secrets Manager, as far as `secrets` of containers need it: texts, their newest version, at once deleted. */
export function secretsManagerOperations(store: SecretStore): Record<string, Operation> {
  const named = (id: string): Secret => {
    const found = store.secret(id);
    if (found) return found;
    throw new ApiError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };
  return {
    CreateSecret: (input: { Name: string; SecretString?: string; Description?: string }) => {
      if (store.secret(input.Name)) {
        const text = `The operation failed because the secret ${input.Name} already exists.`;
        throw new ApiError('ResourceExistsException', text);
      }
      const { arn, name, versionId, value } = store.createSecret(input.Name, input.SecretString, input.Description);
      return { ARN: arn, Name: name, VersionId: value === undefined ? undefined : versionId };
    },
    GetSecretValue: ({ SecretId }: SecretRequest) => {
      const { arn, name, value, versionId, createdAt } = named(SecretId);
      if (value === undefined) {
        const text = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
        throw new ApiError('ResourceNotFoundException', text);
      }
      const version = { VersionId: versionId, VersionStages: ['AWSCURRENT'], CreatedDate: new Date(createdAt) };
      return { ARN: arn, Name: name, SecretString: value, ...version };
    },
    PutSecretValue: ({ SecretId, SecretString }: SecretRequest) => {
      const secret = named(SecretId);
      secret.value = SecretString;
      secret.versionId = randomUUID();
      return { ARN: secret.arn, Name: secret.name, VersionId: secret.versionId, VersionStages: ['AWSCURRENT'] };
    },
    ListSecrets: (input: { MaxResults?: number; NextToken?: string }) => {
      const { items, nextToken } = page([...store.saved.secrets.values()], input.MaxResults ?? 100, input.NextToken);
      const SecretList = items.map(({ arn, name, description, createdAt }) => ({
        ARN: arn,
        Name: name,
        Description: description,
        CreatedDate: new Date(createdAt),
      }));
      return { SecretList, NextToken: nextToken };
    },
    DeleteSecret: ({ SecretId }: SecretRequest) => {
      const { arn, name } = named(SecretId);
      store.saved.secrets.delete(name);
      return { ARN: arn, Name: name, DeletionDate: new Date() };
    },
  };
}
