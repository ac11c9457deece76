import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { type CloudFormationContext, findStack, stackOf } from './context';
import { invalid } from './errors';
import { shownDetail, shownEvent, shownResource, shownResourceSummary } from './shown';

interface OneResource {
  readonly StackName: string;
  readonly LogicalResourceId: string;
}

interface SomeResources {
  readonly StackName?: string;
  readonly LogicalResourceId?: string;
  readonly PhysicalResourceId?: string;
}

interface Listing {
  readonly StackName: string;
  readonly NextToken?: string;
}

/** What is in a stack, and what has happened to it. */
export function resourceOperations(context: CloudFormationContext): Record<string, Operation> {
  return {
    DescribeStackEvents: ({ StackName, NextToken }: Listing) => {
      const stack = stackOf(context, StackName);
      if (!stack) throw invalid(`Stack [${StackName}] does not exist`);
      const { items, nextToken } = page([...stack.events].reverse(), 100, NextToken, stack.id);
      return { StackEvents: items.map((event) => shownEvent(stack, event)), NextToken: nextToken };
    },
    DescribeStackResource: ({ StackName, LogicalResourceId }: OneResource) => {
      const stack = stackOf(context, StackName);
      if (!stack) throw invalid(`Stack '${StackName}' does not exist`);
      const resource = stack.resources.get(LogicalResourceId);
      if (!resource) throw invalid(`Resource ${LogicalResourceId} does not exist for stack ${StackName}`);
      return { StackResourceDetail: shownDetail(stack, resource) };
    },
    DescribeStackResources: (input: SomeResources) => describeResources(context, input),
    ListStackResources: ({ StackName, NextToken }: Listing) => {
      const stack = findStack(context, StackName);
      const { items, nextToken } = page(byName(stack.resources.values()), 100, NextToken, stack.id);
      return { StackResourceSummaries: items.map(shownResourceSummary), NextToken: nextToken };
    },
  };
}

function byName<T extends { readonly logicalId: string }>(resources: Iterable<T>): T[] {
  return [...resources].sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
}

function describeResources(
  context: CloudFormationContext,
  { StackName, LogicalResourceId, PhysicalResourceId }: SomeResources,
): object {
  if ((StackName === undefined) === (PhysicalResourceId === undefined)) {
    throw invalid('You must specify either StackName or PhysicalResourceId, but not both.');
  }
  const owner = [...context.stacks.values()].find(
    ({ resources, status }) =>
      status !== 'DELETE_COMPLETE' &&
      [...resources.values()].some(({ physicalId }) => physicalId === PhysicalResourceId),
  );
  const stack = StackName === undefined ? owner : findStack(context, StackName);
  if (!stack) throw invalid(`Stack for ${PhysicalResourceId ?? ''} does not exist`);
  const wanted = byName(stack.resources.values()).filter(
    ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
  );
  if (wanted.length === 0 && LogicalResourceId !== undefined) {
    throw invalid(`Resource ${LogicalResourceId} does not exist for stack ${stack.name}`);
  }
  return { StackResources: wanted.map((resource) => shownResource(stack, resource)) };
}
