import { invalid } from './errors';
import type { StackScope } from './scope';
import type { Template } from './template';
import type { Stack, StackOutput, Stacks } from './types';

/** What a stack shows when it is through. @throws ApiError in CloudFormation's words */
export function outputsOf(stack: Stack, template: Template, scope: StackScope, stacks: Stacks): StackOutput[] {
  const wanted = template.outputs.filter(({ condition }) => condition === undefined || scope.condition(condition));
  return wanted.map(({ key, value, description, exportName }) => {
    const found = scope.value(value);
    if (typeof found === 'object' || found === undefined) {
      throw invalid(`Template format error: The Value field of every Outputs member must evaluate to a String.`);
    }
    const name = exportName === undefined ? undefined : String(scope.value(exportName) as string);
    if (name !== undefined) checkExport(stack, name, stacks);
    return { key, value: String(found as string), description, exportName: name };
  });
}

function checkExport(stack: Stack, name: string, stacks: Stacks): void {
  for (const other of stacks.values()) {
    if (other === stack || other.status === 'DELETE_COMPLETE') continue;
    if (!other.outputs.some(({ exportName }) => exportName === name)) continue;
    throw invalid(`Export with name ${name} is already exported by stack ${other.name}.`);
  }
}
