import type { Place } from '../place';
import type { Members, StackTag } from './types';

/** What a resource type works with while it makes, changes or deletes one resource. */
export interface Handling {
  readonly place: Place;
  readonly logicalId: string;
  /** The tags that the resource is to have: its own, the stack's, and CloudFormation's. */
  readonly tags: readonly StackTag[];
  /** When this step began, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** An operation of the sandbox's own API, with all of its checks. @throws ApiError */
  call(service: string, operation: string, input: object): Promise<Members>;
  /** The same for looking whether something is done: no fault that a test has asked for applies. */
  read(service: string, operation: string, input: object): Promise<Members>;
  /** Properties as the input of an operation. `omit` names properties that the operation does not take. */
  input(service: string, operation: string, properties: Members, omit?: readonly string[]): Members;
  /** Says that the resource exists from now on under this physical id. */
  made(physicalId: string): void;
  /** A name as CloudFormation makes it: the stack's, the logical id and some random characters. */
  name(longest: number): string;
  /** Asks again and again. @throws Cancelled, or ResourceFailure after three hours of AWS's time */
  until(done: () => Promise<boolean>): Promise<void>;
}

/** How resources of one type are made, changed and deleted: by operations of the sandbox's own API. */
export interface ResourceType {
  /** The property that names the resource; a template that names it cannot have it replaced. */
  readonly nameProperty?: string;
  /** Properties that AWS knows and the sandbox does not. */
  readonly elsewhere?: readonly string[];
  /** Must call `made` as soon as there is something to delete. */
  create(handling: Handling, properties: Members): Promise<void>;
  /** Waits until a creation or a change is through. */
  settle?(handling: Handling, id: string, properties: Members): Promise<void>;
  /** What `Fn::GetAtt` gives. */
  attributes?(handling: Handling, id: string, properties: Members): Promise<Members> | Members;
  /** Changes everything but the tags. */
  update?(handling: Handling, id: string, properties: Members, former: Members): Promise<void>;
  /** Deletes it and waits until it is gone. */
  remove(handling: Handling, id: string, properties: Members): Promise<void>;
  /** Changes the tags of an existing resource. */
  retag?(handling: Handling, id: string, added: readonly StackTag[], removed: readonly string[]): Promise<void>;
  /** Whether a change makes a new resource, where the type's schema does not say so. */
  replaces?(property: string, before: Members, after: Members): boolean;
}

/** Which of the properties are not as they were. */
export function changed(before: Members, after: Members, ...names: readonly string[]): boolean {
  return names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

export function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}

/** The one object of an answer. */
export function objectIn(answer: Members, member: string): Members {
  return (answer[member] ?? {}) as Members;
}

/** The first of an answer's list. */
export function firstIn(answer: Members, member: string): Members {
  return listOf<Members>(answer[member])[0] ?? {};
}

/** A policy is written as an object, and given to the API as a text. */
export function policyText(policy: unknown): string {
  return typeof policy === 'string' ? policy : JSON.stringify(policy);
}
