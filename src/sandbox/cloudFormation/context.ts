import type { Network } from '../ec2/network';
import type { Courses } from './courses';
import { invalid } from './errors';
import type { HandlerParts } from './handler';
import type { ChangeSet, Stack, Stacks } from './types';
import { ApiError } from '../http/apiError';

/** What the operations of CloudFormation work on. */
export interface CloudFormationContext extends HandlerParts {
  readonly network: Network;
  readonly stacks: Stacks;
  readonly courses: Courses;
}

type Parts = Pick<CloudFormationContext, 'stacks'>;

/** A stack by its name, if it is not deleted, or by its id. */
export function stackOf({ stacks }: Parts, nameOrId: string): Stack | undefined {
  const byId = stacks.get(nameOrId);
  if (byId) return byId;
  return [...stacks.values()].find(({ name, status }) => name === nameOrId && status !== 'DELETE_COMPLETE');
}

/** For operations that say `Stack with id …`. @throws ApiError */
export function findStack(context: Parts, nameOrId: string): Stack {
  const stack = stackOf(context, nameOrId);
  if (stack) return stack;
  throw invalid(`Stack with id ${nameOrId} does not exist`);
}

/** For operations that say `Stack […]`, and do not find deleted stacks. @throws ApiError */
export function findLiveStack(context: Parts, nameOrId: string): Stack {
  const stack = stackOf(context, nameOrId);
  if (stack && stack.status !== 'DELETE_COMPLETE') return stack;
  throw invalid(`Stack [${nameOrId}] does not exist`);
}

export interface NamedChangeSet {
  readonly StackName?: string;
  readonly ChangeSetName: string;
}

/** The stack that a change set is searched in, and the change set if it is there. @throws ApiError for the stack */
export function changeSetOf(
  context: Parts,
  { StackName, ChangeSetName: wanted }: NamedChangeSet,
): { stack: Stack | undefined; changeSet: ChangeSet | undefined } {
  const isId = wanted.startsWith('arn:');
  if (StackName === undefined && !isId) {
    throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
  const candidates = StackName === undefined ? [...context.stacks.values()] : [findLiveStack(context, StackName)];
  for (const stack of candidates) {
    for (const changeSet of stack.changeSets.values()) {
      if ((isId ? changeSet.id : changeSet.name) === wanted) return { stack, changeSet };
    }
  }
  return { stack: candidates[0], changeSet: undefined };
}

/** @throws ApiError */
export function findChangeSet(context: Parts, named: NamedChangeSet): { stack: Stack; changeSet: ChangeSet } {
  const { stack, changeSet } = changeSetOf(context, named);
  if (stack && changeSet) return { stack, changeSet };
  throw new ApiError('ChangeSetNotFoundException', `ChangeSet [${named.ChangeSetName}] does not exist`, 404);
}
