/** One change of a change set, as CloudFormation says it. */
export interface StackChange {
  readonly action: 'Add' | 'Modify' | 'Remove' | string;
  /** Its name in the template. */
  readonly logicalId: string;
  /** AWS's id or name of what is there already. */
  readonly physicalId: string | undefined;
  readonly type: string;
  /** Whether a change means that it is made anew: `True`, `False` or `Conditional`. */
  readonly replacement: string | undefined;
}

export interface ChangeSet {
  readonly id: string;
  readonly stackId: string;
  /** `CREATE_PENDING`, `CREATE_IN_PROGRESS`, `CREATE_COMPLETE`, `FAILED` … */
  readonly status: string;
  readonly statusReason: string | undefined;
  readonly changes: readonly StackChange[];
}

export interface Stack {
  readonly id: string;
  readonly name: string;
  /** `CREATE_COMPLETE`, `UPDATE_ROLLBACK_COMPLETE` … */
  readonly status: string;
  readonly statusReason: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface StackEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
}

/** What a stack is to become. */
export interface StackRequest {
  readonly stack: string;
  readonly isNew: boolean;
  readonly template: string;
  /** Others have their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters that keep the value that they have. */
  readonly kept?: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** CloudFormation: one method per operation, every method throws `GantryError`. */
export interface StackGateway {
  /** CreateChangeSet. Nothing changes by it. */
  createChangeSet(
    request: StackRequest,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly stackId: string }>;
  /** DescribeChangeSet, all pages. */
  describeChangeSet(id: string, signal: AbortSignal): Promise<ChangeSet>;
  /** ExecuteChangeSet. */
  executeChangeSet(id: string, signal: AbortSignal): Promise<void>;
  /** DeleteChangeSet. */
  deleteChangeSet(id: string, signal: AbortSignal): Promise<void>;
  /** DescribeStacks of one; undefined when there is none. A deleted one is found by its id only. */
  findStack(nameOrId: string, signal: AbortSignal): Promise<Stack | undefined>;
  /** DescribeStackEvents, newest first: one page, as many as the API gives. */
  newestEvents(nameOrId: string, signal: AbortSignal): Promise<readonly StackEvent[]>;
  /** ListStackResources, all pages. */
  listResources(nameOrId: string, signal: AbortSignal): Promise<readonly StackResource[]>;
  /** GetTemplate as it was given. */
  readTemplate(nameOrId: string, signal: AbortSignal): Promise<string>;
  /** DeleteStack. */
  deleteStack(nameOrId: string, signal: AbortSignal): Promise<void>;
}

/** What Gantry asks of IAM to work with stacks, beside what the resources themselves need. */
export const stackActions = [
  'cloudformation:CreateChangeSet',
  'cloudformation:DescribeChangeSet',
  'cloudformation:ExecuteChangeSet',
  'cloudformation:DeleteChangeSet',
  'cloudformation:DescribeStacks',
  'cloudformation:DescribeStackEvents',
  'cloudformation:ListStackResources',
  'cloudformation:GetTemplate',
  'cloudformation:DeleteStack',
] as const;
