import {
  GetRoleCommand,
  ListRolesCommand,
  SimulatePrincipalPolicyCommand,
  type IAMClient,
  type Role as SdkRole,
} from '@aws-sdk/client-iam';
import { reasonOf } from '../core/errors';
import { allPages } from '../core/paging';
import type { Decision, Role, RoleGateway } from '../ecs/roles';
import type { Caller } from './caller';

/** IAM's roles over the AWS SDK. */
export class SdkRoleGateway implements RoleGateway {
  constructor(
    private readonly client: IAMClient,
    private readonly caller: Caller,
  ) {}

  async findRole(name: string, signal: AbortSignal): Promise<Role | undefined> {
    try {
      const { Role: found } = await this.caller.call('iam:GetRole', 'other', signal, (options) =>
        this.client.send(new GetRoleCommand({ RoleName: name }), options),
      );
      return found && toRole(found);
    } catch (error) {
      if (reasonOf(error) === 'notFound') return undefined;
      throw error;
    }
  }

  listRoles(signal: AbortSignal): Promise<readonly Role[]> {
    return allPages(async (Marker) => {
      const answer = await this.caller.call('iam:ListRoles', 'other', signal, (options) =>
        this.client.send(new ListRolesCommand({ MaxItems: 1000, Marker }), options),
      );
      return { items: (answer.Roles ?? []).map(toRole), nextToken: answer.Marker };
    });
  }

  findDecisions(
    role: string,
    actions: readonly string[],
    resources: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Decision[]> {
    const input = { PolicySourceArn: role, ActionNames: [...actions], ResourceArns: [...resources], MaxItems: 1000 };
    return allPages(async (Marker) => {
      const answer = await this.caller.call('iam:SimulatePrincipalPolicy', 'other', signal, (options) =>
        this.client.send(new SimulatePrincipalPolicyCommand({ ...input, Marker }), options),
      );
      const items = (answer.EvaluationResults ?? []).map((result) => ({
        ...{ action: result.EvalActionName ?? '', resource: result.EvalResourceName ?? '' },
        allowed: result.EvalDecision === 'allowed',
      }));
      return { items, nextToken: answer.Marker };
    });
  }
}

/** IAM sends policies URL-encoded (RFC 3986). */
function toRole({ Arn = '', AssumeRolePolicyDocument = '' }: SdkRole): Role {
  return { arn: Arn, trust: decodeURIComponent(AssumeRolePolicyDocument) };
}
