import { randomUUID } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { beginCreation, beginUpdate } from './begin';
import { changesFor, hasChanges } from './changes';
import {
  type CloudFormationContext,
  type NamedChangeSet,
  changeSetOf,
  findChangeSet,
  findLiveStack,
  stackOf,
} from './context';
import { invalid, notHere } from './errors';
import { shownChangeSet, shownParameters } from './shown';
import { setStatus } from './stackLog';
import { type StackInput, badName, checkUpdatable, newStack, waysOf } from './stackOperations';
import type { ChangeSet, Members, Stack, Wish } from './types';
import { wishOf } from './wishes';

interface CreationInput extends Omit<StackInput, 'OnFailure'> {
  readonly ChangeSetName: string;
  readonly ChangeSetType?: string;
  readonly ClientToken?: string;
  readonly Description?: string;
  readonly OnStackFailure?: string;
  readonly ResourcesToImport?: readonly unknown[];
}

interface Execution extends NamedChangeSet {
  readonly ClientRequestToken?: string;
  readonly DisableRollback?: boolean;
  readonly RetainExceptOnCreate?: boolean;
}

const nothing =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
const empty: Wish = { template: '', parameters: [], tags: [], capabilities: [] };

export function changeSetOperations(context: CloudFormationContext): Record<string, Operation> {
  return {
    CreateChangeSet: (input: CreationInput) => create(context, input),
    DescribeChangeSet: (input: NamedChangeSet & { NextToken?: string; IncludePropertyValues?: boolean }) => {
      const { stack, changeSet } = findChangeSet(context, input);
      const { wish, changes } = changeSet;
      const shown = input.IncludePropertyValues ? changes : changes.map(withoutValues);
      const { items, nextToken } = page(shown, 100, input.NextToken, changeSet.id);
      return {
        ...shownChangeSet(stack, changeSet),
        ...{ Parameters: shownParameters(wish.parameters), Tags: [...wish.tags], Capabilities: [...wish.capabilities] },
        ...{
          NotificationARNs: [...stack.notifications],
          RollbackConfiguration: {},
          Changes: items,
          NextToken: nextToken,
        },
        OnStackFailure: changeSet.onStackFailure,
      };
    },
    ExecuteChangeSet: (input: Execution) => execute(context, input),
    DeleteChangeSet: (input: NamedChangeSet) => {
      const { stack, changeSet } = changeSetOf(context, input);
      if (!stack || !changeSet) return;
      if (changeSet.execution === 'EXECUTE_IN_PROGRESS') {
        throw new ApiError(
          'InvalidChangeSetStatusException',
          `ChangeSet [${changeSet.id}] cannot be deleted in its current status of [${changeSet.status}]`,
        );
      }
      stack.changeSets.delete(changeSet.id);
    },
    ListChangeSets: ({ StackName, NextToken }: { StackName: string; NextToken?: string }) => {
      const stack = findLiveStack(context, StackName);
      const { items, nextToken } = page([...stack.changeSets.values()].reverse(), 100, NextToken, stack.id);
      return { Summaries: items.map((changeSet) => shownChangeSet(stack, changeSet)), NextToken: nextToken };
    },
  };
}

function withoutValues(change: Members): Members {
  const own = change['ResourceChange'] as Members;
  return { ...change, ResourceChange: { ...own, BeforeContext: undefined, AfterContext: undefined } };
}

/** A new stack that a change set is going to create is under review, with nothing in it. */
function reviewed(context: CloudFormationContext, input: CreationInput): Stack {
  const { StackName: name, ChangeSetName } = input;
  const found = stackOf(context, name);
  if (found?.status === 'REVIEW_IN_PROGRESS') return found;
  if (found && found.status !== 'DELETE_COMPLETE') {
    throw invalid(`Stack [${name}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`);
  }
  if (!/^[a-zA-Z][-a-zA-Z0-9]*$/.test(name)) throw badName(name);
  return newStack(context, input, empty);
}

async function create(context: CloudFormationContext, input: CreationInput): Promise<object> {
  const { StackName, ChangeSetName, ChangeSetType = 'UPDATE', ClientToken } = input;
  if (ChangeSetType === 'IMPORT' || input.ResourcesToImport !== undefined) throw notHere('Importing resources');
  const isNew = ChangeSetType === 'CREATE';
  let stack = isNew ? reviewed(context, input) : findLiveStack(context, StackName);
  if (!isNew) checkUpdatable(stack);
  const same = [...stack.changeSets.values()].find(({ name }) => name === ChangeSetName);
  if (same && ClientToken !== undefined && same.token === ClientToken) return { Id: same.id, StackId: stack.id };
  if (same) throw new ApiError('AlreadyExistsException', `ChangeSet ${ChangeSetName} already exists`);
  const { wish, template } = await wishOf(context, input, stack);
  const changes = await changesFor(context, stack, { wish, template });
  const isEmpty = !isNew && changes.length === 0 && !(await hasChanges(context, stack, { wish, template }));
  if (isNew && !context.stacks.has(stack.id)) {
    stack = reviewed(context, input);
    if (!context.stacks.has(stack.id)) {
      context.stacks.set(stack.id, stack);
      setStatus(context.clock, stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
    }
    stack.description = template.description;
  }
  const changeSet = newChangeSet(context, input, { wish, changes, isEmpty, isNew });
  stack.changeSets.set(changeSet.id, changeSet);
  return { Id: changeSet.id, StackId: stack.id };
}

interface Made {
  readonly wish: Wish;
  readonly changes: readonly Members[];
  readonly isEmpty: boolean;
  readonly isNew: boolean;
}

function newChangeSet({ place, clock }: CloudFormationContext, input: CreationInput, made: Made): ChangeSet {
  const { wish, changes, isEmpty, isNew } = made;
  return {
    id: `arn:aws:cloudformation:${place.region}:${place.account}:changeSet/${input.ChangeSetName}/${randomUUID()}`,
    ...{ name: input.ChangeSetName, type: isNew ? 'CREATE' : 'UPDATE', createdAt: clock.now(), wish, changes },
    ...{ description: input.Description, onStackFailure: input.OnStackFailure, token: input.ClientToken },
    ...(isEmpty
      ? { status: 'FAILED', reason: nothing, execution: 'UNAVAILABLE' }
      : { status: 'CREATE_COMPLETE', execution: 'AVAILABLE' }),
  };
}

function execute(context: CloudFormationContext, input: Execution): void {
  const { stack, changeSet } = findChangeSet(context, input);
  const { ClientRequestToken, DisableRollback } = input;
  if (changeSet.execution !== 'AVAILABLE') {
    const status = changeSet.status === 'FAILED' ? 'FAILED' : changeSet.execution;
    throw new ApiError(
      'InvalidChangeSetStatusException',
      `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${status}]`,
    );
  }
  const { onStackFailure, wish, id } = changeSet;
  if (DisableRollback !== undefined && onStackFailure !== undefined) {
    throw invalid('Cannot specify both DisableRollback and OnStackFailure.');
  }
  const keepFailed = onStackFailure === 'DO_NOTHING' || (DisableRollback ?? false);
  const ways = {
    ...waysOf({ ...input, ...(ClientRequestToken === undefined ? {} : { ClientRequestToken }) }, keepFailed),
    changeSet: id,
  };
  if (stack.status !== 'REVIEW_IN_PROGRESS') {
    checkUpdatable(stack);
    changeSet.execution = 'EXECUTE_IN_PROGRESS';
    return beginUpdate(context, stack, wish, ways);
  }
  changeSet.execution = 'EXECUTE_IN_PROGRESS';
  stack.wish = wish;
  stack.onFailure = keepFailed ? 'DO_NOTHING' : onStackFailure === 'DELETE' ? 'DELETE' : 'ROLLBACK';
  beginCreation(context, stack, ways);
}
