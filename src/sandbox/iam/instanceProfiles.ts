import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import type { IamContext } from './policies';
import { type Role, describeRole, iamId, iamPage, namedRole } from './roles';

/** What hands a role to an EC2 instance. `createdAt` in milliseconds since the Unix epoch. */
export interface InstanceProfile {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly createdAt: number;
  /** The name of its role: there is one at most. */
  role?: string | undefined;
  readonly tags: Map<string, string>;
}

/** By name. */
export type InstanceProfiles = Map<string, InstanceProfile>;

type Tags = readonly { readonly Key: string; readonly Value: string }[];

interface Named {
  readonly InstanceProfileName: string;
}

interface PageRequest {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

function profileNamed({ profiles }: IamContext, name: string): InstanceProfile {
  const profile = profiles.get(name);
  if (profile) return profile;
  throw new ApiError('NoSuchEntityException', `Instance Profile ${name} cannot be found.`, 404);
}

const tagsOf = ({ tags }: InstanceProfile): Tags => [...tags].map(([Key, Value]) => ({ Key, Value }));

function describe(context: IamContext, profile: InstanceProfile): Record<string, unknown> {
  const { name, path, id, createdAt, role: roleName = '', tags } = profile;
  const role = context.roles.get(roleName);
  return {
    ...{ Path: path, InstanceProfileName: name, InstanceProfileId: id, CreateDate: new Date(createdAt) },
    Arn: `arn:aws:iam::${context.place.account}:instance-profile${path}${name}`,
    Roles: role ? [describeRole(context, role)] : [],
    ...(tags.size > 0 ? { Tags: tagsOf(profile) } : {}),
  };
}

function create(context: IamContext, input: Named & { Path?: string; Tags?: Tags }): unknown {
  const { InstanceProfileName: name, Path: path = '/', Tags: tags = [] } = input;
  if (context.profiles.has(name)) {
    throw new ApiError('EntityAlreadyExistsException', `Instance Profile ${name} already exists.`, 409);
  }
  const profile: InstanceProfile = {
    ...{ name, path, id: iamId('AIPA'), createdAt: context.clock.now() },
    tags: new Map(tags.map(({ Key, Value }) => [Key, Value])),
  };
  context.profiles.set(name, profile);
  return { InstanceProfile: describe(context, profile) };
}

function remove(context: IamContext, { InstanceProfileName }: Named): void {
  const profile = profileNamed(context, InstanceProfileName);
  if (profile.role !== undefined) {
    const text = 'Cannot delete entity, must remove roles from instance profile first.';
    throw new ApiError('DeleteConflictException', text, 409);
  }
  context.profiles.delete(profile.name);
}

function addRole(context: IamContext, { InstanceProfileName, RoleName }: Named & { RoleName: string }): void {
  const profile = profileNamed(context, InstanceProfileName);
  const role = namedRole(context.roles, RoleName);
  if (profile.role !== undefined) {
    throw new ApiError('LimitExceededException', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', 409);
  }
  profile.role = role.name;
}

function removeRole(context: IamContext, { InstanceProfileName, RoleName }: Named & { RoleName: string }): void {
  const profile = profileNamed(context, InstanceProfileName);
  if (profile.role !== RoleName) {
    throw new ApiError('NoSuchEntityException', `The role with name ${RoleName} cannot be found.`, 404);
  }
  profile.role = undefined;
}

/** @throws ApiError for a role that an instance profile still has */
export function checkNoProfile({ profiles }: IamContext, { name }: Role): void {
  if (![...profiles.values()].some(({ role }) => role === name)) return;
  const text = 'Cannot delete entity, must remove roles from instance profile first.';
  throw new ApiError('DeleteConflictException', text, 409);
}

/** Instance profiles: kept and shown. No instance of the sandbox asks for its role. */
export function instanceProfileOperations(context: IamContext): Record<string, Operation> {
  const list = (input: PageRequest, of: (profile: InstanceProfile) => boolean): unknown => {
    const { items, ...rest } = iamPage([...context.profiles.values()].filter(of), input);
    return { InstanceProfiles: items.map((profile) => describe(context, profile)), ...rest };
  };
  return {
    CreateInstanceProfile: (input: Named) => create(context, input),
    DeleteInstanceProfile: (input: Named) => remove(context, input),
    GetInstanceProfile: ({ InstanceProfileName }: Named) => ({
      InstanceProfile: describe(context, profileNamed(context, InstanceProfileName)),
    }),
    ListInstanceProfiles: (input: PageRequest & { PathPrefix?: string }) =>
      list(input, ({ path }) => path.startsWith(input.PathPrefix ?? '/')),
    ListInstanceProfilesForRole: (input: PageRequest & { RoleName: string }) => {
      const { name } = namedRole(context.roles, input.RoleName);
      return list(input, ({ role }) => role === name);
    },
    AddRoleToInstanceProfile: (input: Named & { RoleName: string }) => addRole(context, input),
    RemoveRoleFromInstanceProfile: (input: Named & { RoleName: string }) => removeRole(context, input),
    TagInstanceProfile: ({ InstanceProfileName, Tags: added }: Named & { Tags: Tags }) => {
      const { tags } = profileNamed(context, InstanceProfileName);
      for (const { Key, Value } of added) tags.set(Key, Value);
    },
    UntagInstanceProfile: ({ InstanceProfileName, TagKeys }: Named & { TagKeys: readonly string[] }) => {
      const { tags } = profileNamed(context, InstanceProfileName);
      for (const key of TagKeys) tags.delete(key);
    },
    ListInstanceProfileTags: (input: Named & PageRequest) => {
      const { items, ...rest } = iamPage(tagsOf(profileNamed(context, input.InstanceProfileName)), input);
      return { Tags: items, ...rest };
    },
  };
}
