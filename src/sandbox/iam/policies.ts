import type { Clock } from '../../core/clock';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import type { Place } from '../place';
import type { InstanceProfiles } from './instanceProfiles';
import { type ManagedPolicies, type ManagedPolicy, awsPolicyArns, awsPolicyDocument } from './managedPolicies';
import { type Context, type NamedPolicy, evaluate, statementsOf } from './policyDocument';
import { type Role, type Roles, iamId, iamPage, namedRole } from './roles';

export interface IamContext {
  readonly roles: Roles;
  readonly policies: ManagedPolicies;
  readonly profiles: InstanceProfiles;
  readonly clock: Clock;
  readonly place: Place;
}

const missing = (arn: string): ApiError => new ApiError('NoSuchEntityException', `Policy ${arn} was not found.`, 404);

/** A policy of the account or of AWS's. @throws ApiError */
function policyOf({ policies }: IamContext, arn: string): ManagedPolicy {
  const own = policies.get(arn);
  if (own) return own;
  const document = awsPolicyDocument(arn);
  if (document === undefined) throw missing(arn);
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const path = `/${arn.replace(/^[^/]+\//, '').slice(0, -name.length)}`;
  return { arn, name, path, id: `ANPA${'SANDBOX'.padEnd(17, '0')}`, document, createdAt: Date.UTC(2015, 1, 6) };
}

function describe({ roles }: IamContext, policy: ManagedPolicy): Record<string, unknown> {
  return {
    ...{ PolicyName: policy.name, PolicyId: policy.id, Arn: policy.arn, Path: policy.path, DefaultVersionId: 'v1' },
    AttachmentCount: [...roles.values()].filter((role) => role.policies.has(policy.arn)).length,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.createdAt),
  };
}

interface CreateRequest {
  readonly PolicyName: string;
  readonly Path?: string;
  readonly PolicyDocument: string;
  readonly Description?: string;
}

function create(context: IamContext, request: CreateRequest): unknown {
  const { PolicyName: name, Path: path = '/', PolicyDocument: document, Description: description } = request;
  const arn = `arn:aws:iam::${context.place.account}:policy${path}${name}`;
  if (context.policies.has(arn)) {
    throw new ApiError(
      'EntityAlreadyExistsException',
      `A policy called ${name} already exists. Duplicate names are not allowed.`,
      409,
    );
  }
  statementsOf(document);
  const createdAt = context.clock.now();
  context.policies.set(arn, { arn, name, path, document, description, createdAt, id: iamId('ANPA') });
  return { Policy: describe(context, policyOf(context, arn)) };
}

interface SimulateRequest {
  readonly PolicySourceArn?: string;
  readonly PolicyInputList?: readonly string[];
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[];
  readonly ContextEntries?: readonly {
    readonly ContextKeyName?: string;
    readonly ContextKeyValues?: readonly string[];
  }[];
}

/** Everything that a role's policies say. */
function policiesOfRole(context: IamContext, role: Role): NamedPolicy[] {
  const inline = [...(role.inline ?? [])].map(([name, document]) => ({
    id: `role_${role.name}_${name}`,
    type: 'role',
    document,
  }));
  const attached = [...role.policies].map((arn) => {
    const own = context.policies.get(arn)?.document;
    const document = own ?? awsPolicyDocument(arn);
    const type = own === undefined ? 'aws-managed' : 'user-managed';
    if (document !== undefined) return { id: arn.slice(arn.lastIndexOf('/') + 1), type, document };
    throw new ApiError('PolicyEvaluationException', `The sandbox does not know what ${arn} allows.`);
  });
  return [...inline, ...attached];
}

/** The sandbox's own user may do everything; roles may do what their policies say. */
function policiesOf(context: IamContext, arn: string): NamedPolicy[] {
  const role = /^arn:[^:]+:(?:iam::\d+:role|sts::\d+:assumed-role)\/(.+)$/.exec(arn)?.[1];
  const administrator = awsPolicyDocument('arn:aws:iam::aws:policy/AdministratorAccess') ?? '';
  if (role === undefined) return [{ id: 'AdministratorAccess', type: 'aws-managed', document: administrator }];
  const name = arn.includes(':assumed-role/') ? (role.split('/')[0] ?? '') : role.slice(role.lastIndexOf('/') + 1);
  return policiesOfRole(context, namedRole(context.roles, name));
}

function simulate(policies: readonly NamedPolicy[], request: SimulateRequest): unknown {
  const given = (request.PolicyInputList ?? []).map((document, index) => ({
    id: `PolicyInputList.${index + 1}`,
    type: 'none',
    document,
  }));
  const values: Context = new Map(
    (request.ContextEntries ?? []).map(({ ContextKeyName = '', ContextKeyValues = [] }) => [
      ContextKeyName.toLowerCase(),
      ContextKeyValues,
    ]),
  );
  const resources = request.ResourceArns?.length ? request.ResourceArns : ['*'];
  const results = request.ActionNames.flatMap((EvalActionName) =>
    resources.map((EvalResourceName) => {
      const {
        decision,
        matched,
        missing: keys,
      } = evaluate([...policies, ...given], EvalActionName, EvalResourceName, values);
      return {
        ...{ EvalActionName, EvalResourceName, EvalDecision: decision, MissingContextValues: keys },
        MatchedStatements: matched.map(({ id, type }) => ({ SourcePolicyId: id, SourcePolicyType: type })),
      };
    }),
  );
  return { EvaluationResults: results, IsTruncated: false };
}

interface ListRequest {
  readonly Scope?: string;
  readonly PathPrefix?: string;
  readonly OnlyAttached?: boolean;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** Managed policies, and what policies allow. */
export function policyOperations(context: IamContext): Record<string, Operation> {
  const { policies, roles } = context;
  return {
    CreatePolicy: (input: CreateRequest) => create(context, input),
    GetPolicy: ({ PolicyArn }: { PolicyArn: string }) => ({ Policy: describe(context, policyOf(context, PolicyArn)) }),
    GetPolicyVersion: ({ PolicyArn, VersionId }: { PolicyArn: string; VersionId: string }) => {
      const { document, createdAt } = policyOf(context, PolicyArn);
      if (VersionId !== 'v1') throw missing(`${PolicyArn} ${VersionId}`);
      const version = { VersionId, IsDefaultVersion: true, CreateDate: new Date(createdAt) };
      return { PolicyVersion: { ...version, Document: encodeURIComponent(document) } };
    },
    ListPolicies: (input: ListRequest) => {
      const { Scope: scope = 'All', PathPrefix: prefix = '/' } = input;
      const arns = [...(scope === 'AWS' ? [] : policies.keys()), ...(scope === 'Local' ? [] : awsPolicyArns())];
      const found = arns
        .map((arn) => policyOf(context, arn))
        .filter(({ path }) => path.startsWith(prefix))
        .map((policy) => describe(context, policy))
        .filter(({ AttachmentCount }) => !input.OnlyAttached || Number(AttachmentCount) > 0);
      const { items, ...rest } = iamPage(found, input);
      return { Policies: items, ...rest };
    },
    DeletePolicy: ({ PolicyArn }: { PolicyArn: string }) => {
      if (!policies.has(PolicyArn)) throw missing(PolicyArn);
      if ([...roles.values()].some((role) => role.policies.has(PolicyArn))) {
        throw new ApiError('DeleteConflictException', 'Cannot delete a policy attached to entities.', 409);
      }
      policies.delete(PolicyArn);
    },
    SimulatePrincipalPolicy: (input: SimulateRequest) =>
      simulate(policiesOf(context, input.PolicySourceArn ?? ''), input),
    SimulateCustomPolicy: (input: SimulateRequest) => simulate([], input),
  };
}
