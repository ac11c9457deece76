import { randomUUID } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { type Ways, begin, beginCreation, beginUpdate } from './begin';
import { hasChanges } from './changes';
import { type CloudFormationContext, findLiveStack, findStack, stackOf } from './context';
import { invalid } from './errors';
import { importsOf } from './imports';
import { shownStack, shownSummary } from './shown';
import type { Stack, Wish } from './types';
import { type WishInput, wishOf } from './wishes';

export interface StackInput extends WishInput {
  readonly StackName: string;
  readonly NotificationARNs?: readonly string[];
  readonly RoleARN?: string;
  readonly ClientRequestToken?: string;
  readonly DisableRollback?: boolean;
  readonly OnFailure?: Stack['onFailure'];
  readonly TimeoutInMinutes?: number;
  readonly EnableTerminationProtection?: boolean;
  readonly RetainExceptOnCreate?: boolean;
}

interface Deletion {
  readonly StackName: string;
  readonly RetainResources?: readonly string[];
  readonly ClientRequestToken?: string;
  readonly DeletionMode?: string;
  readonly RoleARN?: string;
}

/** The stack with nothing in it. */
export function newStack(
  { place, clock }: CloudFormationContext,
  input: Omit<StackInput, keyof WishInput>,
  wish: Wish,
): Stack {
  const { StackName: name, NotificationARNs = [], RoleARN, OnFailure, DisableRollback, TimeoutInMinutes } = input;
  return {
    id: `arn:aws:cloudformation:${place.region}:${place.account}:stack/${name}/${randomUUID()}`,
    ...{ name, createdAt: clock.now(), status: '', wish, resources: new Map(), outputs: [], events: [] },
    changeSets: new Map(),
    onFailure: OnFailure ?? (DisableRollback ? 'DO_NOTHING' : 'ROLLBACK'),
    ...{ timeoutMinutes: TimeoutInMinutes, notifications: NotificationARNs, roleArn: RoleARN },
    ...{ terminationProtection: input.EnableTerminationProtection ?? false, token: input.ClientRequestToken },
  };
}

const updatable = [
  ...['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'CREATE_FAILED', 'UPDATE_FAILED'],
];

/** @throws ApiError */
export function checkUpdatable(stack: Stack): void {
  const wasLeft = stack.status.endsWith('_FAILED') && !stack.halted;
  if (updatable.includes(stack.status) && !wasLeft) return;
  throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

export function waysOf(
  input: Pick<StackInput, 'ClientRequestToken' | 'RetainExceptOnCreate'>,
  keepFailed: boolean,
): Ways {
  const { ClientRequestToken: token, RetainExceptOnCreate = false } = input;
  return { token, keepFailed, retainExceptOnCreate: RetainExceptOnCreate };
}

export function stackOperations(context: CloudFormationContext): Record<string, Operation> {
  return {
    CreateStack: (input: StackInput) => create(context, input),
    UpdateStack: (input: StackInput) => update(context, input),
    DeleteStack: (input: Deletion) => remove(context, input),
    DescribeStacks: ({ StackName, NextToken }: { StackName?: string; NextToken?: string }) => {
      if (StackName !== undefined) return { Stacks: [shownStack(findStack(context, StackName))] };
      const live = newestFirst(context).filter(({ status }) => status !== 'DELETE_COMPLETE');
      const { items, nextToken } = page(live, 100, NextToken);
      return { Stacks: items.map(shownStack), NextToken: nextToken };
    },
    ListStacks: ({ StackStatusFilter, NextToken }: { StackStatusFilter?: string[]; NextToken?: string }) => {
      const wanted = newestFirst(context).filter(({ status }) => StackStatusFilter?.includes(status) ?? true);
      const { items, nextToken } = page(wanted, 100, NextToken, StackStatusFilter);
      return { StackSummaries: items.map(shownSummary), NextToken: nextToken };
    },
    UpdateTerminationProtection: ({
      StackName,
      EnableTerminationProtection,
    }: {
      StackName: string;
      EnableTerminationProtection: boolean;
    }) => {
      const stack = findLiveStack(context, StackName);
      stack.terminationProtection = EnableTerminationProtection;
      return { StackId: stack.id };
    },
  };
}

const newestFirst = ({ stacks }: CloudFormationContext): Stack[] =>
  [...stacks.values()].reverse().sort((a, b) => b.createdAt - a.createdAt);

async function create(context: CloudFormationContext, input: StackInput): Promise<object> {
  const { StackName, OnFailure, DisableRollback, ClientRequestToken } = input;
  if (OnFailure !== undefined && DisableRollback !== undefined) {
    throw invalid('Cannot specify both DisableRollback and OnFailure.');
  }
  if (!/^[a-zA-Z][-a-zA-Z0-9]*$/.test(StackName)) throw badName(StackName);
  const exists = (): Stack | undefined => stackOf(context, StackName);
  const former = exists();
  if (former && ClientRequestToken !== undefined && former.token === ClientRequestToken) return { StackId: former.id };
  const { wish, template } = await wishOf(context, input);
  if (exists()) throw new ApiError('AlreadyExistsException', `Stack [${StackName}] already exists`);
  const stack = newStack(context, input, wish);
  stack.description = template.description;
  context.stacks.set(stack.id, stack);
  beginCreation(context, stack, waysOf(input, stack.onFailure === 'DO_NOTHING'));
  return { StackId: stack.id };
}

export function badName(name: string): ApiError {
  return invalid(
    `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  );
}

async function update(context: CloudFormationContext, input: StackInput): Promise<object> {
  const stack = findLiveStack(context, input.StackName);
  checkUpdatable(stack);
  const { wish, template } = await wishOf(context, input, stack);
  if (!(await hasChanges(context, stack, { wish, template }))) throw invalid('No updates are to be performed.');
  checkUpdatable(stack);
  if (input.NotificationARNs) stack.notifications = [...input.NotificationARNs];
  if (input.RoleARN !== undefined) stack.roleArn = input.RoleARN;
  beginUpdate(context, stack, wish, waysOf(input, input.DisableRollback ?? false));
  return { StackId: stack.id };
}

/** Deleting what is not there is a success. */
async function remove(context: CloudFormationContext, input: Deletion): Promise<void> {
  const { StackName, RetainResources = [], ClientRequestToken, DeletionMode } = input;
  const stack = stackOf(context, StackName);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.course?.kind === 'delete') return;
  if (stack.terminationProtection) {
    throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (stack.course?.kind === 'update') {
    throw invalid(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  }
  const failed = stack.status === 'DELETE_FAILED';
  if (RetainResources.length > 0 && !failed) {
    throw invalid(
      `Invalid operation on stack [${stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  }
  const strange = RetainResources.find((id) => !stack.resources.has(id));
  if (strange !== undefined) throw invalid(`The specified resources to retain must be in a valid state: [${strange}]`);
  for (const { exportName } of stack.outputs) {
    const [user] = exportName === undefined ? [] : await importsOf(context, exportName);
    if (user !== undefined) throw invalid(`Export ${String(exportName)} cannot be deleted as it is in use by ${user}`);
  }
  stack.changeSets.clear();
  const force = DeletionMode === 'FORCE_DELETE_STACK' && failed;
  begin(context, stack, 'DELETE_IN_PROGRESS', {
    kind: 'delete',
    token: ClientRequestToken,
    retain: RetainResources,
    force,
  });
}
