import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import type { CloudFormationContext } from './context';
import { invalid } from './errors';
import { StackScope } from './scope';
import { parseTemplate } from './template';
import type { Stack } from './types';

/** Names of the stacks that use what another one exports. */
export async function importsOf(context: CloudFormationContext, exportName: string): Promise<string[]> {
  const live = [...context.stacks.values()].filter(
    ({ status, resources }) => status !== 'DELETE_COMPLETE' && resources.size > 0,
  );
  const found = await Promise.all(
    live.map(async (stack) => ((await uses(context, stack, exportName)) ? [stack.name] : [])),
  );
  return found.flat();
}

async function uses(context: CloudFormationContext, stack: Stack, exportName: string): Promise<boolean> {
  if (!stack.wish.template.includes('ImportValue')) return false;
  const template = await parseTemplate(stack.wish.template);
  const scope = new StackScope({
    ...{ place: context.place, network: context.network, stacks: context.stacks, stack, template },
    ...{ parameters: stack.wish.parameters, resource: () => undefined },
  });
  const inside = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(inside);
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([name, member]) => {
      if (name !== 'Fn::ImportValue') return inside(member);
      try {
        return scope.value(member) === exportName;
      } catch {
        return false;
      }
    });
  };
  const resources = [...template.resources.values()].filter((item) => scope.wants(item));
  return resources.some(({ properties }) => inside(properties)) || template.outputs.some(({ value }) => inside(value));
}

export function exportOperations(context: CloudFormationContext): Record<string, Operation> {
  return {
    ListExports: ({ NextToken }: { NextToken?: string }) => {
      const exports = [...context.stacks.values()]
        .filter(({ status }) => status !== 'DELETE_COMPLETE')
        .flatMap(({ id, outputs }) =>
          outputs.flatMap(({ exportName, value }) =>
            exportName === undefined ? [] : [{ ExportingStackId: id, Name: exportName, Value: value }],
          ),
        );
      const { items, nextToken } = page(exports, 100, NextToken);
      return { Exports: items, NextToken: nextToken };
    },
    ListImports: async ({ ExportName, NextToken }: { ExportName: string; NextToken?: string }) => {
      const names = await importsOf(context, ExportName);
      if (names.length === 0) throw invalid(`Export '${ExportName}' is not imported by any stack.`);
      const { items, nextToken } = page(names, 100, NextToken, ExportName);
      return { Imports: items, NextToken: nextToken };
    },
  };
}
