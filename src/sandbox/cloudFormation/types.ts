/** Parts of templates and of properties that are kept as they came. */
export type Members = Readonly<Record<string, unknown>>;

export interface StackTag {
  readonly Key: string;
  readonly Value: string;
}

export interface StackParameter {
  readonly key: string;
  /** What was given, or the default. A list is a text with commas. */
  readonly value: string;
  /** What Systems Manager has under the name that `value` is. */
  readonly resolved?: string;
  readonly noEcho: boolean;
}

/** What a stack is to be: everything that a creation or an update asks for. */
export interface Wish {
  readonly template: string;
  readonly parameters: readonly StackParameter[];
  readonly tags: readonly StackTag[];
  readonly capabilities: readonly string[];
}

export interface StackEvent {
  readonly id: string;
  readonly at: number;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly properties?: string | undefined;
  readonly token?: string | undefined;
}

/** A resource of a stack, as it was carried out last. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** Absent until the resource's own service has made it. */
  physicalId?: string | undefined;
  status: string;
  reason?: string | undefined;
  at: number;
  /** After all functions of the template. */
  properties: Members;
  /** The resource's own tags and the stack's. */
  tags: readonly StackTag[];
  /** What `Fn::GetAtt` gives. */
  attributes: Members;
  /** Logical ids that it needs: they are made before it and deleted after it. */
  dependsOn: readonly string[];
  deletionPolicy: string;
  replacePolicy: string;
  metadata?: string | undefined;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string | undefined;
  readonly exportName?: string | undefined;
}

/** How a resource was before an update touched it: absent for one that the update made. */
export interface Former {
  readonly logicalId: string;
  readonly resource?: StackResource | undefined;
}

/** What is going on with a stack. All of it is saved, so that a restarted sandbox goes on with it. */
export interface Course {
  readonly kind: 'create' | 'update' | 'delete';
  phase: 'forward' | 'back' | 'clean';
  readonly token?: string | undefined;
  readonly startedAt: number;
  /** Stay as it is after a failure. */
  readonly keepFailed: boolean;
  /** `RetainExceptOnCreate`: what was made goes again even if its policy says Retain. */
  readonly retainExceptOnCreate: boolean;
  /** Logical ids that have had their turn. */
  readonly done: Set<string>;
  readonly before?: Wish | undefined;
  readonly formers: Former[];
  /** What a replacement or a removal has left to delete. */
  readonly cleanup: StackResource[];
  /** Logical ids that a deletion leaves alone. */
  readonly retain: readonly string[];
  readonly force: boolean;
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly createdAt: number;
  readonly description?: string | undefined;
  readonly wish: Wish;
  readonly changes: readonly Members[];
  readonly onStackFailure?: string | undefined;
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly reason?: string | undefined;
  readonly token?: string | undefined;
  execution: string;
}

export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  updatedAt?: number;
  deletedAt?: number;
  status: string;
  reason?: string | undefined;
  wish: Wish;
  description?: string | undefined;
  resources: Map<string, StackResource>;
  outputs: readonly StackOutput[];
  /** Oldest first. */
  readonly events: StackEvent[];
  /** By id. */
  readonly changeSets: Map<string, ChangeSet>;
  changeSet?: string;
  onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  timeoutMinutes?: number | undefined;
  notifications: readonly string[];
  roleArn?: string | undefined;
  terminationProtection: boolean;
  /** The token of the creation. */
  readonly token?: string | undefined;
  course?: Course | undefined;
  /** What failed and stayed as it was: it can be rolled back later. */
  halted?: Course | undefined;
}

/** Stacks by id, deleted ones too. */
export type Stacks = Map<string, Stack>;
