import type { Operation } from '../http/apiEndpoint';
import { begin } from './begin';
import { type CloudFormationContext, findLiveStack } from './context';
import { invalid } from './errors';

interface RollbackInput {
  readonly StackName: string;
  readonly ClientRequestToken?: string;
  readonly ResourcesToSkip?: readonly string[];
  readonly RetainExceptOnCreate?: boolean;
}

/** Ways back that somebody asks for. */
export function rollbackOperations(context: CloudFormationContext): Record<string, Operation> {
  return {
    CancelUpdateStack: ({ StackName }: RollbackInput) => {
      const stack = findLiveStack(context, StackName);
      if (stack.status !== 'UPDATE_IN_PROGRESS') {
        throw invalid('CancelUpdateStack cannot be called from current stack status');
      }
      context.courses.cancel(stack);
    },
    RollbackStack: ({ StackName, ClientRequestToken, RetainExceptOnCreate }: RollbackInput) => {
      const stack = findLiveStack(context, StackName);
      const { halted } = stack;
      if (!halted || !['CREATE_FAILED', 'UPDATE_FAILED'].includes(stack.status)) {
        throw invalid(`Stack [${stack.name}] is in ${stack.status} state and can not be rolled back.`);
      }
      const retainExceptOnCreate = RetainExceptOnCreate ?? halted.retainExceptOnCreate;
      const word = halted.kind === 'create' ? 'ROLLBACK' : 'UPDATE_ROLLBACK';
      const again = { ...halted, phase: 'back', token: ClientRequestToken, retainExceptOnCreate } as const;
      begin(context, stack, `${word}_IN_PROGRESS`, again);
      return { StackId: stack.id };
    },
    ContinueUpdateRollback: ({ StackName, ClientRequestToken, ResourcesToSkip = [] }: RollbackInput) => {
      const stack = findLiveStack(context, StackName);
      const { halted } = stack;
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED' || !halted) {
        throw invalid(
          `Stack ${stack.name} is in ${stack.status} state and cannot continue rolling back from an update`,
        );
      }
      for (const id of ResourcesToSkip) {
        const resource = stack.resources.get(id);
        if (resource?.status === 'UPDATE_FAILED') continue;
        throw invalid(`Stack [${stack.name}] has no failed resource ${id} to skip`);
      }
      const again = { ...halted, phase: 'back', token: ClientRequestToken, retain: ResourcesToSkip } as const;
      begin(context, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', again);
    },
  };
}
