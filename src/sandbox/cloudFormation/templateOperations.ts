import type { Operation } from '../http/apiEndpoint';
import { capabilitiesOf } from './capabilities';
import { type CloudFormationContext, type NamedChangeSet, findChangeSet, findStack } from './context';
import { invalid } from './errors';
import { checkDeclarations } from './parameters';
import { type Template, parseTemplate } from './template';
import type { Members } from './types';
import { templateText } from './wishes';

interface TemplateInput {
  readonly TemplateBody?: string;
  readonly TemplateURL?: string;
  readonly StackName?: string;
}

export function templateOperations(context: CloudFormationContext): Record<string, Operation> {
  return {
    GetTemplate: ({ StackName, ChangeSetName }: Partial<NamedChangeSet>) => {
      const stages = { StagesAvailable: ['Original', 'Processed'] };
      if (ChangeSetName !== undefined) {
        const { changeSet } = findChangeSet(context, {
          ChangeSetName,
          ...(StackName === undefined ? {} : { StackName }),
        });
        return { TemplateBody: changeSet.wish.template, ...stages };
      }
      if (StackName === undefined) throw invalid('Either StackName or ChangeSetName must be specified.');
      return { TemplateBody: findStack(context, StackName).wish.template, ...stages };
    },
    GetTemplateSummary: async ({ StackName, ...input }: TemplateInput) => {
      const text = StackName === undefined ? templateText(input) : findStack(context, StackName).wish.template;
      const template = await parseTemplate(text);
      checkDeclarations(template.parameters);
      return {
        ...head(template),
        Parameters: Object.entries(template.parameters).map(([key, declared]) => ({
          ...parameter(key, declared),
          ParameterType: declared['Type'],
          ParameterConstraints: { AllowedValues: (declared['AllowedValues'] as unknown[] | undefined)?.map(String) },
        })),
        ResourceTypes: [...new Set([...template.resources.values()].map(({ type }) => type))],
        Version: template.version,
        Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
      };
    },
    ValidateTemplate: async (input: TemplateInput) => {
      const template = await parseTemplate(templateText(input));
      checkDeclarations(template.parameters);
      const Parameters = Object.entries(template.parameters).map(([key, declared]) => parameter(key, declared));
      return { ...head(template), Parameters };
    },
  };
}

function head(template: Template): object {
  const { needed, reason } = capabilitiesOf(template);
  const capabilities = needed.length > 0 ? { Capabilities: needed, CapabilitiesReason: reason } : {};
  return { Description: template.description, ...capabilities };
}

function parameter(key: string, { Default: initial, NoEcho, Description }: Members): object {
  return {
    ParameterKey: key,
    DefaultValue: initial === undefined ? undefined : String(initial as string),
    NoEcho: NoEcho === true || NoEcho === 'true',
    Description,
  };
}
