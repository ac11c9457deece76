import type { Operation } from '../http/apiEndpoint';
import { applicationOperations } from './applications';
import type { Course } from './course';
import { deploymentOperations } from './deployments';
import { groupOperations } from './groups';
import type { CodeDeployContext } from './types';

/** CodeDeploy for ECS: what it deploys are services of the controller CODE_DEPLOY. */
export function codeDeployOperations(context: CodeDeployContext, course: Course): Record<string, Operation> {
  return { ...applicationOperations(context), ...groupOperations(context), ...deploymentOperations(context, course) };
}
