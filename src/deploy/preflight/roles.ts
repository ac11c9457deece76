import { nameOf, parseArn } from '../../core/arn';
import type { Identity } from '../../core/connection';
import { message } from '../../core/message';
import type { RoleGateway } from '../../ecs/roles';
import type { TaskNeeds } from '../../ecs/taskNeeds';
import { known } from '../../network/known';
import { failed, passed, skipped, type Check, type CheckId } from './check';
import { sourceOf } from './secrets';

const principal = 'ecs-tasks.amazonaws.com';

/** What the execution role has to be allowed, before a container starts. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resource: string;
}

/** The actions of pulling from ECR, of writing logs and of fetching secrets (Amazon ECS task execution IAM role). */
export function grantsFor(needs: TaskNeeds, repository: string, identity: Identity): Grant[] {
  const { partition, region, account } = identity;
  const logs = needs.logGroups.map(({ name, region: own, isCreated }) => ({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents', ...(isCreated ? ['logs:CreateLogGroup'] : [])],
    resource: `arn:${partition}:logs:${own ?? region}:${account}:log-group:${name}:*`,
  }));
  const secrets = needs.secrets.map(({ valueFrom }) => {
    const source = sourceOf(valueFrom, identity);
    if (source.kind !== 'parameter') return { actions: ['secretsmanager:GetSecretValue'], resource: source.id };
    const name = source.id.replace(/^\//, '');
    return { actions: ['ssm:GetParameters'], resource: `arn:${partition}:ssm:${region}:${account}:parameter/${name}` };
  });
  const pull = ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
  // What lies in another account has a policy of its own, which no simulation of the role sees.
  return [{ actions: pull, resource: repository }, ...logs, ...secrets].filter(
    ({ resource }) => parseArn(resource)?.account === account,
  );
}

/**
 * Whether the roles of a task definition are there, trust ECS, and the execution role may pull, log and read secrets.
 * @param needsRole whether tasks cannot start without an execution role: on Fargate, and with secrets
 */
export async function checkRoles(
  gateway: RoleGateway,
  needs: TaskNeeds,
  identity: Identity,
  { repository, needsRole }: { readonly repository: string; readonly needsRole: boolean },
  signal: AbortSignal,
): Promise<Check[]> {
  const { executionRole, taskRole } = needs;
  const checks = await Promise.all([
    executionRole
      ? checkRole(gateway, 'executionRole', executionRole, identity, grantsFor(needs, repository, identity), signal)
      : needsRole
        ? noExecutionRole()
        : [],
    taskRole ? checkRole(gateway, 'taskRole', taskRole, identity, [], signal) : [],
  ]);
  return checks.flat();
}

function noExecutionRole(): Check[] {
  return [
    failed(
      'executionRole',
      message('The task definition names no execution role, without which ECS cannot pull the image or write logs.'),
      message('Set executionRoleArn to a role with AmazonECSTaskExecutionRolePolicy.'),
    ),
  ];
}

async function checkRole(
  gateway: RoleGateway,
  id: CheckId,
  arn: string,
  { account }: Identity,
  grants: readonly Grant[],
  signal: AbortSignal,
): Promise<Check[]> {
  const name = nameOf(arn);
  const owner = parseArn(arn)?.account ?? account;
  if (owner !== account) return [skipped(id, { reason: message('“{0}” belongs to account {1}.', name, owner) })];
  const found = await known('iam:GetRole', () => gateway.findRole(name, signal));
  if (!found.known) return [skipped(id, found.gap)];
  if (!found.value) {
    return [
      failed(
        id,
        message('The role “{0}” does not exist.', name),
        message('Create it, or name another one in the task definition.'),
      ),
    ];
  }
  if (!trusts(found.value.trust)) {
    const fix = message('Let {0} call sts:AssumeRole in its trust policy.', principal);
    return [failed(id, message('The role “{0}” does not trust ECS tasks.', name), fix)];
  }
  if (grants.length === 0) return [passed(id, message('“{0}” exists and trusts ECS tasks.', name))];
  return [await checkGrants(gateway, id, arn, grants, signal)];
}

async function checkGrants(
  gateway: RoleGateway,
  id: CheckId,
  arn: string,
  grants: readonly Grant[],
  signal: AbortSignal,
): Promise<Check> {
  const actions = [...new Set(grants.flatMap((grant) => grant.actions))];
  const resources = [...new Set(grants.map(({ resource }) => resource))];
  const decided = await known('iam:SimulatePrincipalPolicy', () =>
    gateway.findDecisions(arn, actions, resources, signal),
  );
  if (!decided.known) return skipped(id, decided.gap);
  const denied = grants.flatMap(({ actions: wanted, resource }) =>
    wanted.filter((action) =>
      decided.value.some((each) => each.action === action && each.resource === resource && !each.allowed),
    ),
  );
  if (denied.length === 0) return passed(id, message('“{0}” may pull, log and read what the tasks need.', nameOf(arn)));
  const missing = [...new Set(denied)].join(', ');
  const policy = 'AmazonECSTaskExecutionRolePolicy';
  const fix = /secretsmanager|ssm:|CreateLogGroup/.test(missing)
    ? message('Allow {0} in a policy of the role.', missing)
    : message('Attach the policy {0} to the role.', policy);
  return failed(id, message('The role “{0}” is not allowed {1}.', nameOf(arn), missing), fix);
}

/** Whether a trust policy lets ECS tasks take the role on. What cannot be read is left to ECS. */
export function trusts(policy: string): boolean {
  const list = (value: unknown): string[] => [value ?? []].flat().map(String);
  let document: { Statement?: unknown };
  try {
    document = JSON.parse(policy) as { Statement?: unknown };
  } catch {
    return true;
  }
  return ([document.Statement ?? []].flat() as Record<string, unknown>[]).some(({ Effect, Action, Principal }) => {
    const services = Principal === '*' ? ['*'] : list((Principal as { Service?: unknown } | undefined)?.Service);
    const acts = list(Action).some((action) => ['*', 'sts:*', 'sts:AssumeRole'].includes(action));
    return Effect === 'Allow' && acts && services.some((service) => service === '*' || service === principal);
  });
}
