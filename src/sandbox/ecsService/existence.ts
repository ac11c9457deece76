import { clientException, invalidParameter } from '../http/apiError';
import type { EcsContext } from './context';
import type { DeploymentConfiguration, Json } from './types';

/** Subnets and security groups that a request names must be there. @throws ApiError with AWS's words. */
export function checkNetwork({ network }: EcsContext, networkConfiguration: Json | undefined): void {
  const vpc = networkConfiguration?.['awsvpcConfiguration'] as
    { subnets?: readonly string[]; securityGroups?: readonly string[] } | undefined;
  const subnet = vpc?.subnets?.find((id) => !network.subnets.has(id));
  if (subnet !== undefined) {
    throw invalidParameter(
      `Error retrieving subnet information for [${subnet}]: The subnet ID '${subnet}' does not exist ` +
        '(ErrorCode: InvalidSubnetID.NotFound)',
    );
  }
  const group = vpc?.securityGroups?.find((id) => !network.groups.has(id));
  if (group === undefined) return;
  throw invalidParameter(
    `Error retrieving security group information for [${group}]: The security group '${group}' does not exist ` +
      '(ErrorCode: InvalidGroup.NotFound)',
  );
}

/** The roles of a task definition, where roles are checked. @throws ApiError */
export function checkTaskRoles({ roleChecks }: EcsContext, registered: Json): void {
  for (const member of ['executionRoleArn', 'taskRoleArn']) {
    const refusal = (): ReturnType<typeof clientException> => clientException('Role is not valid');
    const arn = registered[member] as string | undefined;
    roleChecks.check(arn, 'ecs-tasks.amazonaws.com', refusal, 'RegisterTaskDefinition');
  }
}

/** The roles by which ECS shifts traffic and runs hooks for a service, where roles are checked. @throws ApiError */
export function checkServiceRoles(
  { roleChecks }: EcsContext,
  loadBalancers: readonly Json[],
  { lifecycleHooks = [] }: DeploymentConfiguration,
): void {
  const words = 'Please verify that the ECS service role being passed has the proper permissions.';
  const refusal = (what: string) => (): ReturnType<typeof invalidParameter> =>
    invalidParameter(`Unable to assume role and validate the specified ${what}. ${words}`);
  for (const { advancedConfiguration } of loadBalancers) {
    const { roleArn } = (advancedConfiguration ?? {}) as { roleArn?: string };
    roleChecks.check(roleArn, 'ecs.amazonaws.com', refusal('targetGroupArn'), 'CreateService');
  }
  for (const { roleArn } of lifecycleHooks) {
    roleChecks.check(roleArn, 'ecs.amazonaws.com', refusal('hookTargetArn'), 'CreateService');
  }
}
