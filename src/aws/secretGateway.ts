import { DescribeSecretCommand, ListSecretsCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { reasonOf } from '../core/errors';
import { allPages } from '../core/paging';
import type { NamedSecret, SecretGateway } from '../ecs/secrets';
import type { Caller } from './caller';

/** Secrets Manager and Parameter Store over the AWS SDK; no value is ever asked for. */
export class SdkSecretGateway implements SecretGateway {
  constructor(
    private readonly secrets: SecretsManagerClient,
    private readonly ssm: SSMClient,
    private readonly caller: Caller,
  ) {}

  async findSecret(id: string, signal: AbortSignal): Promise<boolean> {
    try {
      const found = await this.caller.call('secretsmanager:DescribeSecret', 'other', signal, (options) =>
        this.secrets.send(new DescribeSecretCommand({ SecretId: id }), options),
      );
      return found.DeletedDate === undefined;
    } catch (error) {
      if (reasonOf(error) === 'notFound') return false;
      throw error;
    }
  }

  findParameters(names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [...names] }];
    return allPages(async (NextToken) => {
      const answer = await this.caller.call('ssm:DescribeParameters', 'other', signal, (options) =>
        this.ssm.send(new DescribeParametersCommand({ ParameterFilters, MaxResults: 50, NextToken }), options),
      );
      return { items: (answer.Parameters ?? []).flatMap(({ Name }) => Name ?? []), nextToken: answer.NextToken };
    });
  }

  listSecrets(signal: AbortSignal): Promise<readonly NamedSecret[]> {
    return allPages(async (NextToken) => {
      const answer = await this.caller.call('secretsmanager:ListSecrets', 'other', signal, (options) =>
        this.secrets.send(new ListSecretsCommand({ MaxResults: 100, NextToken }), options),
      );
      const items = (answer.SecretList ?? []).map(({ Name = '', ARN = '' }) => ({ name: Name, arn: ARN }));
      return { items, nextToken: answer.NextToken };
    });
  }

  listParameters(signal: AbortSignal): Promise<readonly NamedSecret[]> {
    return allPages(async (NextToken) => {
      const answer = await this.caller.call('ssm:DescribeParameters', 'other', signal, (options) =>
        this.ssm.send(new DescribeParametersCommand({ MaxResults: 50, NextToken }), options),
      );
      const items = (answer.Parameters ?? []).map(({ Name = '', ARN = Name }) => ({ name: Name, arn: ARN }));
      return { items, nextToken: answer.NextToken };
    });
  }
}
