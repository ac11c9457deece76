import type { Operation } from '../http/apiEndpoint';
import { statementsOf } from '../iam/policyDocument';
import type { Secret } from './secretStore';

interface Named {
  readonly SecretId: string;
}

const answer = ({ arn, name }: Secret): { ARN: string; Name: string } => ({ ARN: arn, Name: name });

/** Resource policies of secrets: kept and shown. The sandbox asks none of them. @param named finds a secret or throws */
export function resourcePolicyOperations(named: (id: string) => Secret): Record<string, Operation> {
  return {
    GetResourcePolicy: ({ SecretId }: Named) => {
      const secret = named(SecretId);
      return { ...answer(secret), ResourcePolicy: secret.policy };
    },
    PutResourcePolicy: ({ SecretId, ResourcePolicy }: Named & { ResourcePolicy: string }) => {
      const secret = named(SecretId);
      statementsOf(ResourcePolicy);
      secret.policy = ResourcePolicy;
      return answer(secret);
    },
    DeleteResourcePolicy: ({ SecretId }: Named) => {
      const secret = named(SecretId);
      delete secret.policy;
      return answer(secret);
    },
  };
}
