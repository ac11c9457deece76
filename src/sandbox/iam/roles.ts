import { randomBytes } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { checkNoProfile, instanceProfileOperations } from './instanceProfiles';
import { type IamContext, policyOperations } from './policies';
import { statementsOf, trusts } from './policyDocument';

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  trust: string;
  description?: string | undefined;
  readonly createdAt: number;
  /** ARNs of attached policies. */
  readonly policies: Set<string>;
  /** Inline policies by name. */
  inline?: Map<string, string>;
  tags?: Map<string, string>;
  /** Seconds. */
  maxSession?: number;
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
    { name, path, id: iamId('AROA'), trust: trust(service), createdAt: now, policies: new Set([policy]) },
  ];
  const servicePolicy = 'arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy';
  return new Map([
    role('ecsTaskExecutionRole', '/', 'ecs-tasks.amazonaws.com', executionPolicy),
    role('AWSServiceRoleForECS', '/aws-service-role/ecs.amazonaws.com/', 'ecs.amazonaws.com', servicePolicy),
  ]);
}

/** An id of IAM's, whose first four letters say what it names. */
export function iamId(prefix: string): string {
  return `${prefix}${randomBytes(9).toString('hex').toUpperCase().slice(0, 17)}`;
}

/** @throws ApiError when there is none of this name. */
export function namedRole(roles: Roles, name: string): Role {
  const role = roles.get(name);
  if (role) return role;
  throw new ApiError('NoSuchEntityException', `The role with name ${name} cannot be found.`, 404);
}

/** Whether a role, by name or ARN, is there and its trust policy lets this service take it on. */
export function mayPass(roles: Roles, role: string, service: string): boolean {
  const found = roles.get(role.slice(role.lastIndexOf('/') + 1));
  return found !== undefined && trusts(found.trust, service);
}

interface PageRequest {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** A page in IAM's words. */
export function iamPage<T>(
  all: readonly T[],
  { Marker, MaxItems }: PageRequest,
): { items: readonly T[]; IsTruncated: boolean; Marker: string | undefined } {
  try {
    const { items, nextToken } = page(all, MaxItems ?? 100, Marker);
    return { items, IsTruncated: nextToken !== undefined, Marker: nextToken };
  } catch {
    throw new ApiError('ValidationError', 'Invalid Marker.');
  }
}

type Tags = readonly { readonly Key: string; readonly Value: string }[];

interface CreateRequest {
  readonly RoleName: string;
  readonly Path?: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
  readonly Tags?: Tags;
}

const awsTags = (tags: ReadonlyMap<string, string> = new Map()): { Key: string; Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

/** A role as IAM shows it. */
export function describeRole({ place }: IamContext, role: Role): Record<string, unknown> {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: `arn:aws:iam::${place.account}:role${role.path}${role.name}`,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSession ?? 3600,
    ...(role.tags?.size ? { Tags: awsTags(role.tags) } : {}),
  };
}

function create(context: IamContext, input: CreateRequest): unknown {
  const { RoleName: name, Path: path = '/', AssumeRolePolicyDocument: document, Description: description } = input;
  if (context.roles.has(name)) {
    throw new ApiError('EntityAlreadyExistsException', `Role with name ${name} already exists.`, 409);
  }
  statementsOf(document);
  const role: Role = {
    ...{ name, path, id: iamId('AROA'), trust: document, description, createdAt: context.clock.now() },
    policies: new Set(),
    maxSession: input.MaxSessionDuration ?? 3600,
    tags: new Map((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  };
  context.roles.set(name, role);
  return { Role: describeRole(context, role) };
}

function createServiceRole(context: IamContext, service: string): unknown {
  const known: Readonly<Record<string, string>> = {
    'ecs.amazonaws.com': 'AWSServiceRoleForECS',
    'ecs.application-autoscaling.amazonaws.com': 'AWSServiceRoleForApplicationAutoScaling_ECSService',
    'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
  };
  const name = Object.hasOwn(known, service) ? known[service] : undefined;
  if (name === undefined) throw new ApiError('InvalidInputException', `The service ${service} is not in the sandbox.`);
  if (context.roles.has(name)) {
    throw new ApiError(
      'InvalidInputException',
      `Service role name ${name} has been taken in this account, please try a different suffix.`,
    );
  }
  const path = `/aws-service-role/${service}/`;
  return create(context, { RoleName: name, Path: path, AssumeRolePolicyDocument: trust(service) });
}

function remove(context: IamContext, role: Role): void {
  checkNoProfile(context, role);
  if (role.policies.size > 0) {
    throw new ApiError('DeleteConflictException', 'Cannot delete entity, must detach all policies first.', 409);
  }
  if (role.inline?.size) {
    throw new ApiError('DeleteConflictException', 'Cannot delete entity, must delete policies first.', 409);
  }
  context.roles.delete(role.name);
}

function inlineOperations(named: (name: string) => Role): Record<string, Operation> {
  type Named = { readonly RoleName: string; readonly PolicyName: string };
  const inlineOf = ({ RoleName, PolicyName }: Named): string => {
    const document = named(RoleName).inline?.get(PolicyName);
    if (document !== undefined) return document;
    throw new ApiError('NoSuchEntityException', `The role policy with name ${PolicyName} cannot be found.`, 404);
  };
  return {
    PutRolePolicy: ({ RoleName, PolicyName, PolicyDocument }: Named & { PolicyDocument: string }) => {
      statementsOf(PolicyDocument);
      const role = named(RoleName);
      (role.inline ??= new Map()).set(PolicyName, PolicyDocument);
    },
    GetRolePolicy: (input: Named) => ({
      ...{ RoleName: input.RoleName, PolicyName: input.PolicyName },
      PolicyDocument: encodeURIComponent(inlineOf(input)),
    }),
    DeleteRolePolicy: (input: Named) => {
      inlineOf(input);
      named(input.RoleName).inline?.delete(input.PolicyName);
    },
    ListRolePolicies: (input: PageRequest & { RoleName: string }) => {
      const { items, ...rest } = iamPage([...(named(input.RoleName).inline?.keys() ?? [])], input);
      return { PolicyNames: items, ...rest };
    },
  };
}

function attachOperations({ policies }: IamContext, named: (name: string) => Role): Record<string, Operation> {
  type Attached = { readonly RoleName: string; readonly PolicyArn: string };
  return {
    AttachRolePolicy: ({ RoleName, PolicyArn }: Attached) => {
      const own = !PolicyArn.startsWith('arn:aws:iam::aws:policy/');
      if (own && !policies.has(PolicyArn)) {
        throw new ApiError('NoSuchEntityException', `Policy ${PolicyArn} does not exist or is not attachable.`, 404);
      }
      named(RoleName).policies.add(PolicyArn);
    },
    DetachRolePolicy: ({ RoleName, PolicyArn }: Attached) => {
      if (named(RoleName).policies.delete(PolicyArn)) return;
      throw new ApiError('NoSuchEntityException', `Policy ${PolicyArn} was not found.`, 404);
    },
    ListAttachedRolePolicies: (input: PageRequest & { RoleName: string }) => {
      const attached = [...named(input.RoleName).policies].map((PolicyArn) => ({
        PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
        PolicyArn,
      }));
      const { items, ...rest } = iamPage(attached, input);
      return { AttachedPolicies: items, ...rest };
    },
  };
}

/** Roles with their trust, their policies and their tags. Nothing that the sandbox does asks them. */
export function iamOperations(context: IamContext): Record<string, Operation> {
  const { roles } = context;
  const named = (name: string): Role => namedRole(roles, name);
  return {
    ...policyOperations(context),
    ...instanceProfileOperations(context),
    ...inlineOperations(named),
    ...attachOperations(context, named),
    GetRole: ({ RoleName }: { RoleName: string }) => ({ Role: describeRole(context, named(RoleName)) }),
    ListRoles: (input: PageRequest & { PathPrefix?: string }) => {
      const found = [...roles.values()].filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      const { items, ...rest } = iamPage(found, input);
      return { Roles: items.map((role) => describeRole(context, role)), ...rest };
    },
    CreateRole: (input: CreateRequest) => create(context, input),
    CreateServiceLinkedRole: ({ AWSServiceName }: { AWSServiceName: string }) =>
      createServiceRole(context, AWSServiceName),
    DeleteRole: ({ RoleName }: { RoleName: string }) => remove(context, named(RoleName)),
    UpdateRole: (input: { RoleName: string; Description?: string; MaxSessionDuration?: number }) => {
      const role = named(input.RoleName);
      if (input.Description !== undefined) role.description = input.Description;
      if (input.MaxSessionDuration !== undefined) role.maxSession = input.MaxSessionDuration;
      return {};
    },
    UpdateAssumeRolePolicy: ({ RoleName, PolicyDocument }: { RoleName: string; PolicyDocument: string }) => {
      statementsOf(PolicyDocument);
      named(RoleName).trust = PolicyDocument;
    },
    TagRole: ({ RoleName, Tags: added }: { RoleName: string; Tags: Tags }) => {
      const role = named(RoleName);
      const tags = (role.tags ??= new Map());
      for (const { Key, Value } of added) tags.set(Key, Value);
    },
    UntagRole: ({ RoleName, TagKeys }: { RoleName: string; TagKeys: readonly string[] }) => {
      for (const key of TagKeys) named(RoleName).tags?.delete(key);
    },
    ListRoleTags: (input: PageRequest & { RoleName: string }) => {
      const { items, ...rest } = iamPage(awsTags(named(input.RoleName).tags), input);
      return { Tags: items, ...rest };
    },
  };
}
