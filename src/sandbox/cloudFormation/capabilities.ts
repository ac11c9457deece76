import type { Template } from './template';

/** Types that give permissions, and the property that names one. */
const types: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::Policy': '',
  'AWS::IAM::RolePolicy': '',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
};

/** What a caller must acknowledge, and because of which types. */
export function capabilitiesOf({ resources }: Pick<Template, 'resources'>): { needed: string[]; reason?: string } {
  const found = [...resources.values()].filter(({ type }) => Object.hasOwn(types, type));
  if (found.length === 0) return { needed: [] };
  const named = found.some(({ type, properties }) => (types[type] ?? '') in properties);
  const list = [...new Set(found.map(({ type }) => type))].join(', ');
  return {
    needed: [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'],
    reason: `The following resource(s) require capabilities: [${list}]`,
  };
}
