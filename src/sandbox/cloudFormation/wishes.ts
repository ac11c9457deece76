import { ApiError } from '../http/apiError';
import { capabilitiesOf } from './capabilities';
import type { CloudFormationContext } from './context';
import { invalid, notHere } from './errors';
import { type GivenParameter, type ParameterLookUp, resolveParameters } from './parameters';
import { type Template, parseTemplate } from './template';
import type { Members, Stack, StackTag, Wish } from './types';

/** What creations, updates and change sets are given. */
export interface WishInput {
  readonly TemplateBody?: string;
  readonly TemplateURL?: string;
  readonly UsePreviousTemplate?: boolean;
  readonly Parameters?: readonly GivenParameter[];
  readonly Tags?: readonly StackTag[];
  readonly Capabilities?: readonly string[];
}

/** What AWS would carry out and the sandbox would only overlook: the rest of an input's members. */
const elsewhere: Readonly<Record<string, string>> = {
  ResourceTypes: 'A list of allowed resource types (ResourceTypes)',
  StackPolicyBody: 'A stack policy (StackPolicyBody)',
  StackPolicyURL: 'A stack policy (StackPolicyURL)',
  StackPolicyDuringUpdateBody: 'A stack policy (StackPolicyDuringUpdateBody)',
  StackPolicyDuringUpdateURL: 'A stack policy (StackPolicyDuringUpdateURL)',
  DeploymentMode: 'A deployment mode of change sets (DeploymentMode)',
};

/** @throws ApiError for what would silently have no effect */
function checkInput(input: object): void {
  const given = input as Members;
  for (const [name, words] of Object.entries(elsewhere)) if (given[name] !== undefined) throw notHere(words);
  if (given['ImportExistingResources'] === true) throw notHere('Importing resources');
  const triggers = given['RollbackConfiguration'] as { readonly RollbackTriggers?: readonly unknown[] } | undefined;
  if (triggers?.RollbackTriggers?.length) throw notHere('An alarm that rolls a stack back (RollbackConfiguration)');
}

/** The text of a template: given, or the one that the stack has. @throws ApiError */
export function templateText({ TemplateBody, TemplateURL, UsePreviousTemplate }: WishInput, stack?: Stack): string {
  if (TemplateURL !== undefined) throw notHere('A template in Amazon S3 (TemplateURL)');
  if (UsePreviousTemplate) {
    if (TemplateBody !== undefined) throw invalid('Cannot specify both usePreviousTemplate and a template.');
    if (stack && stack.wish.template !== '') return stack.wish.template;
    throw invalid('No previous template is there to be used.');
  }
  if (TemplateBody === undefined) throw invalid('Either Template URL or Template Body must be specified.');
  return TemplateBody;
}

/** Reads and checks what a stack is to be. `former` is the stack that it is for. @throws ApiError */
export async function wishOf(
  context: CloudFormationContext,
  input: WishInput,
  former?: Stack,
): Promise<{ wish: Wish; template: Template }> {
  checkInput(input);
  const text = templateText(input, former);
  const template = await parseTemplate(text);
  const { Parameters = [], Tags, Capabilities = [] } = input;
  const before = former?.wish.parameters ?? [];
  for (const { ParameterKey = '', UsePreviousValue } of Parameters) {
    if (!UsePreviousValue || before.some(({ key }) => key === ParameterKey)) continue;
    throw invalid(
      `Invalid input for parameter key ${ParameterKey}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
    );
  }
  const parameters = await resolveParameters(template.parameters, Parameters, before, lookUp(context));
  const { needed } = capabilitiesOf(template);
  const has = (name: string): boolean =>
    Capabilities.includes(name) || (name === 'CAPABILITY_IAM' && Capabilities.includes('CAPABILITY_NAMED_IAM'));
  const missing = needed.filter((name) => !has(name));
  if (missing.length > 0) {
    throw new ApiError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
  }
  const tags = Tags ?? former?.wish.tags ?? [];
  checkTags(tags);
  return { wish: { template: text, parameters, tags, capabilities: [...Capabilities] }, template };
}

function checkTags(tags: readonly StackTag[]): void {
  const keys = new Set<string>();
  for (const { Key } of tags) {
    if (/^aws:/i.test(Key)) throw invalid(`aws: prefixed tag key names are not allowed for external use.`);
    if (keys.has(Key)) throw invalid(`Duplicate tag keys found. Please provide unique tag keys.`);
    keys.add(Key);
  }
}

function lookUp({ api, network }: CloudFormationContext): ParameterLookUp {
  return {
    stored: async (name) => {
      try {
        const answer = await api.call('ssm', 'GetParameter', { Name: name, WithDecryption: false }, false);
        return String((answer as { Parameter: Members }).Parameter['Value']);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        throw invalid(`Unable to fetch parameters [${name}] from parameter store for this account.`);
      }
    },
    exists: (type, value) => {
      if (type === 'AWS::EC2::VPC::Id') return network.vpcs.has(value);
      if (type === 'AWS::EC2::Subnet::Id') return network.subnets.has(value);
      if (type === 'AWS::EC2::SecurityGroup::Id') return network.groups.has(value);
      return [...network.subnets.values()].some(({ zone }) => zone === value);
    },
  };
}
