import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import type { Place } from '../place';

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly trust: string;
  readonly description?: string | undefined;
  readonly createdAt: number;
  /** ARNs of attached policies. */
  readonly policies: Set<string>;
}

/** Roles by name. */
export type Roles = Map<string, Role>;

const executionPolicy = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';
const trust = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

/** The roles that an account has once ECS has been used in it. */
export function defaultRoles(now: number): Roles {
  const role = (name: string, path: string, service: string, policy: string): [string, Role] => [
    name,
    { name, path, id: roleId(), trust: trust(service), createdAt: now, policies: new Set([policy]) },
  ];
  const servicePolicy = 'arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy';
  return new Map([
    role('ecsTaskExecutionRole', '/', 'ecs-tasks.amazonaws.com', executionPolicy),
    role('AWSServiceRoleForECS', '/aws-service-role/ecs.amazonaws.com/', 'ecs.amazonaws.com', servicePolicy),
  ]);
}

function roleId(): string {
  return `AROA${randomBytes(9).toString('hex').toUpperCase().slice(0, 17)}`;
}

interface CreateRequest {
  readonly RoleName: string;
  readonly Path?: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
}

interface SimulateRequest {
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[];
}

/** Roles are kept and shown. No policy is evaluated: the sandbox allows everything, and its simulation says so. */
export function iamOperations(roles: Roles, clock: Clock, place: Place): Record<string, Operation> {
  const named = (name: string): Role => {
    const role = roles.get(name);
    if (role) return role;
    throw new ApiError('NoSuchEntityException', `The role with name ${name} cannot be found.`, 404);
  };
  const describe = (role: Role): Record<string, unknown> => ({
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: `arn:aws:iam::${place.account}:role${role.path}${role.name}`,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trust),
    Description: role.description,
    MaxSessionDuration: 3600,
  });
  return {
    GetRole: ({ RoleName }: { RoleName: string }) => ({ Role: describe(named(RoleName)) }),
    ListRoles: ({ PathPrefix = '/' }: { PathPrefix?: string }) => ({
      Roles: [...roles.values()].filter(({ path }) => path.startsWith(PathPrefix)).map(describe),
      IsTruncated: false,
    }),
    CreateRole: (input: CreateRequest) => {
      const { RoleName: name, Path: path = '/', AssumeRolePolicyDocument: document, Description: description } = input;
      if (roles.has(name)) {
        throw new ApiError('EntityAlreadyExistsException', `Role with name ${name} already exists.`, 409);
      }
      checkPolicy(document);
      const role = { name, path, id: roleId(), trust: document, description, createdAt: clock.now() };
      roles.set(name, { ...role, policies: new Set() });
      return { Role: describe(named(name)) };
    },
    AttachRolePolicy: ({ RoleName, PolicyArn }: { RoleName: string; PolicyArn: string }) => {
      named(RoleName).policies.add(PolicyArn);
    },
    ListAttachedRolePolicies: ({ RoleName }: { RoleName: string }) => ({
      AttachedPolicies: [...named(RoleName).policies].map((PolicyArn) => ({
        PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
        PolicyArn,
      })),
      IsTruncated: false,
    }),
    SimulatePrincipalPolicy: ({ ActionNames, ResourceArns = ['*'] }: SimulateRequest) => ({
      EvaluationResults: ActionNames.flatMap((EvalActionName) =>
        ResourceArns.map((EvalResourceName) => ({
          EvalActionName,
          EvalResourceName,
          EvalDecision: 'allowed',
          MatchedStatements: [],
          MissingContextValues: [],
        })),
      ),
      IsTruncated: false,
    }),
  };
}

function checkPolicy(document: string): void {
  try {
    const value: unknown = JSON.parse(document);
    if (typeof value === 'object' && value !== null) return;
  } catch {
    // Answered below.
  }
  throw new ApiError('MalformedPolicyDocumentException', 'This policy contains invalid Json');
}
