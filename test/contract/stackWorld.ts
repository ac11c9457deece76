import {
  CloudFormationClient,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type Stack,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import type { Sandbox } from './sandboxProcess';
import { sdkConfig, until } from './tools';

type Settled = Stack & { readonly StackStatus: string };

/** Stacks of one sandbox through the SDK. */
export class StackWorld {
  readonly client: CloudFormationClient;

  constructor(sandbox: Sandbox) {
    this.client = new CloudFormationClient({
      ...sdkConfig(sandbox),
      maxAttempts: 1,
    });
  }

  async create(name: string, template: object | string, more: Partial<CreateStackCommandInput> = {}): Promise<Settled> {
    const TemplateBody = typeof template === 'string' ? template : JSON.stringify(template);
    const Capabilities = ['CAPABILITY_IAM' as const];
    await this.client.send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody,
        Capabilities,
        ...more,
      }),
    );
    return this.settled(name);
  }

  async update(name: string, template: object | string, more: Partial<UpdateStackCommandInput> = {}): Promise<Settled> {
    const TemplateBody = typeof template === 'string' ? template : JSON.stringify(template);
    const Capabilities = ['CAPABILITY_IAM' as const];
    await this.client.send(
      new UpdateStackCommand({
        StackName: name,
        TemplateBody,
        Capabilities,
        ...more,
      }),
    );
    return this.settled(name);
  }

  async delete(name: string): Promise<Settled> {
    const { StackId = '' } = await this.describe(name);
    await this.client.send(new DeleteStackCommand({ StackName: name }));
    return this.settled(StackId);
  }

  async describe(name: string): Promise<Settled> {
    const { Stacks = [] } = await this.client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0] as Settled;
  }

  /** Until nothing is going on with it any more. */
  settled(name: string): Promise<Settled> {
    return until(`the stack ${name} is through`, 30, async () => {
      const stack = await this.describe(name);
      return stack.StackStatus.endsWith('_IN_PROGRESS') ? undefined : stack;
    });
  }

  /** `LogicalId STATUS reason`, oldest first. */
  async events(name: string): Promise<string[]> {
    const found: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(new DescribeStackEventsCommand({ StackName: name, NextToken }));
      for (const { LogicalResourceId, ResourceStatus, ResourceStatusReason = '' } of page.StackEvents ?? []) {
        found.push(`${LogicalResourceId ?? ''} ${ResourceStatus ?? ''} ${ResourceStatusReason}`.trim());
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found.reverse();
  }

  /** Physical ids by logical id. */
  async resources(name: string): Promise<Record<string, string>> {
    const { StackResourceSummaries = [] } = await this.client.send(new ListStackResourcesCommand({ StackName: name }));
    return Object.fromEntries(
      StackResourceSummaries.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [
        LogicalResourceId,
        PhysicalResourceId,
      ]),
    );
  }

  close(): void {
    this.client.destroy();
  }
}

/** The error of a call that must fail. @throws when it succeeds */
export async function refused(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
  }
  throw new Error('The call was not refused.');
}
