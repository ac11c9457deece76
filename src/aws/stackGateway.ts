import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type Change,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { randomUUID } from 'node:crypto';
import { GantryError } from '../core/errors';
import { allPages } from '../core/paging';
import type {
  ChangeSet,
  Stack,
  StackChange,
  StackEvent,
  StackGateway,
  StackRequest,
  StackResource,
} from '../provision/stacks';
import type { Caller } from './caller';

/** CloudFormation over the AWS SDK. */
export class SdkStackGateway implements StackGateway {
  constructor(
    private readonly client: CloudFormationClient,
    private readonly caller: Caller,
  ) {}

  async createChangeSet(
    { stack, isNew, template, parameters, kept = [], tags }: StackRequest,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly stackId: string }> {
    const token = randomUUID();
    const input = {
      StackName: stack,
      ChangeSetName: `gantry-${token}`,
      ClientToken: token,
      ChangeSetType: isNew ? ('CREATE' as const) : ('UPDATE' as const),
      TemplateBody: template,
      // Names of roles are told to nobody unless the template names one; the broader word covers both.
      Capabilities: ['CAPABILITY_NAMED_IAM' as const],
      Parameters: [
        ...Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
        ...kept.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
      ],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    };
    const answer = await this.caller.call('cloudformation:CreateChangeSet', 'other', signal, (options) =>
      this.client.send(new CreateChangeSetCommand(input), options),
    );
    return { id: answer.Id ?? '', stackId: answer.StackId ?? '' };
  }

  async describeChangeSet(id: string, signal: AbortSignal): Promise<ChangeSet> {
    let head: Omit<ChangeSet, 'changes'> = { id, stackId: '', status: '', statusReason: undefined };
    const changes = await allPages(async (NextToken) => {
      const page = await this.caller.call('cloudformation:DescribeChangeSet', 'other', signal, (options) =>
        this.client.send(new DescribeChangeSetCommand({ ChangeSetName: id, NextToken }), options),
      );
      head = { id, stackId: page.StackId ?? '', status: page.Status ?? '', statusReason: page.StatusReason };
      return { items: (page.Changes ?? []).flatMap(toChange), nextToken: page.NextToken };
    });
    return { ...head, changes };
  }

  async executeChangeSet(id: string, signal: AbortSignal): Promise<void> {
    const input = { ChangeSetName: id, ClientRequestToken: randomUUID() };
    await this.caller.call('cloudformation:ExecuteChangeSet', 'other', signal, (options) =>
      this.client.send(new ExecuteChangeSetCommand(input), options),
    );
  }

  async deleteChangeSet(id: string, signal: AbortSignal): Promise<void> {
    await this.caller.call('cloudformation:DeleteChangeSet', 'other', signal, (options) =>
      this.client.send(new DeleteChangeSetCommand({ ChangeSetName: id }), options),
    );
  }

  async findStack(nameOrId: string, signal: AbortSignal): Promise<Stack | undefined> {
    try {
      const answer = await this.caller.call('cloudformation:DescribeStacks', 'other', signal, (options) =>
        this.client.send(new DescribeStacksCommand({ StackName: nameOrId }), options),
      );
      const [found] = answer.Stacks ?? [];
      return (
        found && {
          ...{ id: found.StackId ?? '', name: found.StackName ?? '' },
          ...{ status: found.StackStatus ?? '', statusReason: found.StackStatusReason },
          outputs: pairs(found.Outputs ?? [], ({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
          parameters: pairs(found.Parameters ?? [], ({ ParameterKey, ParameterValue }) => [
            ParameterKey,
            ParameterValue,
          ]),
        }
      );
    } catch (error) {
      // CloudFormation has no error of its own for it (API reference, DescribeStacks).
      if (error instanceof GantryError && /does not exist/.test(error.detail ?? '')) return undefined;
      throw error;
    }
  }

  async newestEvents(nameOrId: string, signal: AbortSignal): Promise<readonly StackEvent[]> {
    const answer = await this.caller.call('cloudformation:DescribeStackEvents', 'other', signal, (options) =>
      this.client.send(new DescribeStackEventsCommand({ StackName: nameOrId }), options),
    );
    return (answer.StackEvents ?? []).map((event) => ({
      ...{ id: event.EventId ?? '', at: event.Timestamp?.getTime() ?? 0 },
      ...{ logicalId: event.LogicalResourceId ?? '', physicalId: event.PhysicalResourceId || undefined },
      ...{ type: event.ResourceType ?? '', status: event.ResourceStatus ?? '', reason: event.ResourceStatusReason },
    }));
  }

  listResources(nameOrId: string, signal: AbortSignal): Promise<readonly StackResource[]> {
    return allPages(async (NextToken) => {
      const page = await this.caller.call('cloudformation:ListStackResources', 'other', signal, (options) =>
        this.client.send(new ListStackResourcesCommand({ StackName: nameOrId, NextToken }), options),
      );
      const items = (page.StackResourceSummaries ?? []).map((resource) => ({
        ...{ logicalId: resource.LogicalResourceId ?? '', physicalId: resource.PhysicalResourceId || undefined },
        ...{ type: resource.ResourceType ?? '', status: resource.ResourceStatus ?? '' },
      }));
      return { items, nextToken: page.NextToken };
    });
  }

  async readTemplate(nameOrId: string, signal: AbortSignal): Promise<string> {
    const answer = await this.caller.call('cloudformation:GetTemplate', 'other', signal, (options) =>
      this.client.send(new GetTemplateCommand({ StackName: nameOrId, TemplateStage: 'Original' }), options),
    );
    return answer.TemplateBody ?? '';
  }

  async deleteStack(nameOrId: string, signal: AbortSignal): Promise<void> {
    const input = { StackName: nameOrId, ClientRequestToken: randomUUID() };
    await this.caller.call('cloudformation:DeleteStack', 'other', signal, (options) =>
      this.client.send(new DeleteStackCommand(input), options),
    );
  }
}

function toChange({ ResourceChange }: Change): StackChange | [] {
  if (!ResourceChange) return [];
  const { Action = '', LogicalResourceId = '', PhysicalResourceId, ResourceType = '', Replacement } = ResourceChange;
  return {
    ...{ action: Action, logicalId: LogicalResourceId, physicalId: PhysicalResourceId || undefined },
    ...{ type: ResourceType, replacement: Replacement },
  };
}

function pairs<T>(
  all: readonly T[],
  pair: (one: T) => readonly [string | undefined, string | undefined],
): Record<string, string> {
  return Object.fromEntries(all.map(pair).map(([key = '', value = '']) => [key, value]));
}
