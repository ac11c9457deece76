import { ApiError } from '../http/apiError';
import type { Application, CodeDeployContext, CodeDeployment, DeploymentGroup } from './types';

/** @throws ApiError */
export function applicationNamed({ state }: CodeDeployContext, name: string | undefined): Application {
  const found = state.applications.get(name ?? '');
  if (found) return found;
  throw new ApiError('ApplicationDoesNotExistException', `No application found for name: ${name ?? ''}`);
}

/** @throws ApiError */
export function groupNamed(
  context: CodeDeployContext,
  application: string | undefined,
  name: string | undefined,
): DeploymentGroup {
  const { groups } = applicationNamed(context, application);
  if (name === undefined) {
    throw new ApiError('DeploymentGroupNameRequiredException', 'Deployment Group name is missing');
  }
  const found = groups.get(name);
  if (found) return found;
  throw new ApiError('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`);
}

/** @throws ApiError */
export function deploymentNamed({ state }: CodeDeployContext, id: string | undefined): CodeDeployment {
  const found = state.deployments.get(id ?? '');
  if (found) return found;
  throw new ApiError('DeploymentDoesNotExistException', `The deployment ${id ?? ''} could not be found`);
}

export function isGoingOn({ status }: CodeDeployment): boolean {
  return status === 'Created' || status === 'InProgress' || status === 'Ready';
}

/** The deployments of a group, newest first. */
export function deploymentsOf({ state }: CodeDeployContext, application: string, group: string): CodeDeployment[] {
  const all = [...state.deployments.values()].reverse();
  return all.filter((each) => each.application === application && each.group === group);
}
