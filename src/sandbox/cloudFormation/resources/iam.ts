import { notHere } from '../errors';
import { isGone } from '../failures';
import { type Handling, type ResourceType, changed, listOf, objectIn, policyText } from '../handling';
import type { Members } from '../types';

interface Inline {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

async function putInline(handling: Handling, RoleName: string, policies: readonly Inline[]): Promise<void> {
  for (const { PolicyName, PolicyDocument } of policies) {
    const input = { RoleName, PolicyName, PolicyDocument: policyText(PolicyDocument) };
    await handling.call('iam', 'PutRolePolicy', input);
  }
}

/** What was there already may be gone. */
async function forget(handling: Handling, operation: string, input: object): Promise<void> {
  try {
    await handling.call('iam', operation, input);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function setPolicies(handling: Handling, RoleName: string, after: Members, before: Members): Promise<void> {
  const arns = (properties: Members): readonly string[] => listOf<string>(properties['ManagedPolicyArns']);
  for (const PolicyArn of arns(after)) {
    if (!arns(before).includes(PolicyArn)) await handling.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
  }
  for (const PolicyArn of arns(before)) {
    if (!arns(after).includes(PolicyArn)) await forget(handling, 'DetachRolePolicy', { RoleName, PolicyArn });
  }
  const inline = (properties: Members): readonly Inline[] => listOf<Inline>(properties['Policies']);
  const kept = inline(after).map(({ PolicyName }) => PolicyName);
  await putInline(handling, RoleName, inline(after));
  for (const { PolicyName } of inline(before)) {
    if (!kept.includes(PolicyName)) await forget(handling, 'DeleteRolePolicy', { RoleName, PolicyName });
  }
}

const tagsOf = ({ tags }: Handling): object => (tags.length > 0 ? { Tags: tags } : {});

/** AWS::IAM::Role */
const role: ResourceType = {
  nameProperty: 'RoleName',
  elsewhere: ['PermissionsBoundary'],
  create: async (handling, properties) => {
    const RoleName = String(properties['RoleName'] ?? handling.name(64));
    const { AssumeRolePolicyDocument, Description, MaxSessionDuration, Path } = properties;
    const given = Object.entries({ Description, MaxSessionDuration, Path }).filter(([, value]) => value !== undefined);
    await handling.call('iam', 'CreateRole', {
      ...{ RoleName, AssumeRolePolicyDocument: policyText(AssumeRolePolicyDocument) },
      ...Object.fromEntries(given),
      ...tagsOf(handling),
    });
    handling.made(RoleName);
    await setPolicies(handling, RoleName, properties, {});
  },
  attributes: async (handling, id) => {
    const { Arn, RoleId } = objectIn(await handling.read('iam', 'GetRole', { RoleName: id }), 'Role');
    return { Arn, RoleId };
  },
  update: async (handling, RoleName, properties, former) => {
    if (changed(former, properties, 'AssumeRolePolicyDocument')) {
      const PolicyDocument = policyText(properties['AssumeRolePolicyDocument']);
      await handling.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
    }
    if (changed(former, properties, 'Description', 'MaxSessionDuration')) {
      const { Description = '', MaxSessionDuration = 3600 } = properties;
      await handling.call('iam', 'UpdateRole', { RoleName, Description, MaxSessionDuration });
    }
    await setPolicies(handling, RoleName, properties, former);
  },
  remove: async (handling, RoleName, properties) => {
    await setPolicies(handling, RoleName, {}, properties);
    await handling.call('iam', 'DeleteRole', { RoleName });
  },
  retag: async (handling, RoleName, Tags, TagKeys) => {
    if (Tags.length > 0) await handling.call('iam', 'TagRole', { RoleName, Tags });
    if (TagKeys.length > 0) await handling.call('iam', 'UntagRole', { RoleName, TagKeys });
  },
};

const rolesOf = (properties: Members): readonly string[] => listOf<string>(properties['Roles']);

async function putPolicy(handling: Handling, properties: Members): Promise<void> {
  const policy = { PolicyName: String(properties['PolicyName']), PolicyDocument: properties['PolicyDocument'] };
  for (const name of rolesOf(properties)) await putInline(handling, name, [policy]);
}

async function dropPolicy(handling: Handling, properties: Members, except: readonly string[] = []): Promise<void> {
  const { PolicyName } = properties;
  for (const RoleName of rolesOf(properties)) {
    if (!except.includes(RoleName)) await forget(handling, 'DeleteRolePolicy', { RoleName, PolicyName });
  }
}

/** AWS::IAM::Policy: an inline policy of the roles that it names. */
const policy: ResourceType = {
  elsewhere: ['Groups', 'Users'],
  create: async (handling, properties) => {
    handling.made(handling.name(26));
    await putPolicy(handling, properties);
  },
  attributes: (_, Id) => ({ Id }),
  update: async (handling, _, properties, former) => {
    await putPolicy(handling, properties);
    const renamed = changed(former, properties, 'PolicyName');
    await dropPolicy(handling, former, renamed ? [] : rolesOf(properties));
  },
  remove: (handling, _, properties) => dropPolicy(handling, properties),
};

async function attach(handling: Handling, PolicyArn: string, after: Members, before: Members): Promise<void> {
  for (const RoleName of rolesOf(after)) {
    if (!rolesOf(before).includes(RoleName)) await handling.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
  }
  for (const RoleName of rolesOf(before)) {
    if (!rolesOf(after).includes(RoleName)) await forget(handling, 'DetachRolePolicy', { RoleName, PolicyArn });
  }
}

/** AWS::IAM::ManagedPolicy */
const managedPolicy: ResourceType = {
  nameProperty: 'ManagedPolicyName',
  elsewhere: ['Groups', 'Users'],
  create: async (handling, properties) => {
    const PolicyName = String(properties['ManagedPolicyName'] ?? handling.name(128));
    const { Description, Path } = properties;
    const given = Object.entries({ Description, Path }).filter(([, value]) => value !== undefined);
    const PolicyDocument = policyText(properties['PolicyDocument']);
    const input = { PolicyName, PolicyDocument, ...Object.fromEntries(given) };
    const { Arn } = objectIn(await handling.call('iam', 'CreatePolicy', input), 'Policy');
    handling.made(String(Arn));
    await attach(handling, String(Arn), properties, {});
  },
  attributes: (_, PolicyArn) => ({ PolicyArn, DefaultVersionId: 'v1' }),
  update: async (handling, id, properties, former) => {
    if (changed(former, properties, 'PolicyDocument')) throw notHere('A second version of a managed policy');
    await attach(handling, id, properties, former);
  },
  remove: async (handling, PolicyArn, properties) => {
    await attach(handling, PolicyArn, {}, properties);
    await handling.call('iam', 'DeletePolicy', { PolicyArn });
  },
};

/** AWS::IAM::InstanceProfile */
const instanceProfile: ResourceType = {
  nameProperty: 'InstanceProfileName',
  create: async (handling, properties) => {
    const InstanceProfileName = String(properties['InstanceProfileName'] ?? handling.name(128));
    const { Path = '/' } = properties;
    await handling.call('iam', 'CreateInstanceProfile', { InstanceProfileName, Path });
    handling.made(InstanceProfileName);
    await setRoles(handling, InstanceProfileName, properties, {});
  },
  attributes: async (handling, InstanceProfileName) => {
    const answer = await handling.read('iam', 'GetInstanceProfile', { InstanceProfileName });
    return { Arn: objectIn(answer, 'InstanceProfile')['Arn'] };
  },
  update: (handling, id, properties, former) => setRoles(handling, id, properties, former),
  remove: async (handling, InstanceProfileName, properties) => {
    await setRoles(handling, InstanceProfileName, {}, properties);
    await handling.call('iam', 'DeleteInstanceProfile', { InstanceProfileName });
  },
};

/** A profile has one role at most, so the former goes first. */
async function setRoles(handling: Handling, profile: string, after: Members, before: Members): Promise<void> {
  const named = { InstanceProfileName: profile };
  for (const RoleName of rolesOf(before)) {
    if (!rolesOf(after).includes(RoleName))
      await forget(handling, 'RemoveRoleFromInstanceProfile', { ...named, RoleName });
  }
  for (const RoleName of rolesOf(after)) {
    if (!rolesOf(before).includes(RoleName))
      await handling.call('iam', 'AddRoleToInstanceProfile', { ...named, RoleName });
  }
}

export const iamTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::IAM::Role': role,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::InstanceProfile': instanceProfile,
};
