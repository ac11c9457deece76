import type { Operation } from '../http/apiEndpoint';
import { changeSetOperations } from './changeSetOperations';
import type { CloudFormationContext } from './context';
import { exportOperations } from './imports';
import { resourceOperations } from './resourceOperations';
import { rollbackOperations } from './rollbackOperations';
import { stackOperations } from './stackOperations';
import { templateOperations } from './templateOperations';

/** CloudFormation: its stacks are made of the sandbox's own resources, by the sandbox's own API. */
export function cloudFormationOperations(context: CloudFormationContext): Record<string, Operation> {
  return {
    ...stackOperations(context),
    ...changeSetOperations(context),
    ...resourceOperations(context),
    ...templateOperations(context),
    ...rollbackOperations(context),
    ...exportOperations(context),
  };
}
