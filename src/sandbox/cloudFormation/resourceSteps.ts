import { isDeepStrictEqual } from 'node:util';
import { ResourceFailure } from './errors';
import { withDynamicReferences } from './dynamicReferences';
import { isGone, reasonOf } from './failures';
import type { Handling, ResourceType } from './handling';
import { type HandlerParts, handlingOf } from './handler';
import { checkedProperties, differences } from './properties';
import { resourceType } from './resourceTypes';
import { schemaOf } from './schemas';
import type { StackScope } from './scope';
import { setResourceStatus } from './stackLog';
import type { TemplateResource } from './template';
import type { Course, Members, Stack, StackResource, StackTag } from './types';

/** What the steps of a stack's resources have in common. */
export interface StepContext {
  readonly parts: HandlerParts;
  readonly stack: Stack;
  readonly course: Course;
  readonly signal: AbortSignal;
}

/** What a template wants of a resource now that everything that it refers to is there. */
export interface Wanted {
  readonly properties: Members;
  readonly tags: readonly StackTag[];
}

/** @throws ResourceFailure, or ApiError of the template */
export function wantedOf(item: TemplateResource, scope: StackScope, stackTags: readonly StackTag[]): Wanted {
  const type = resourceType(item.type);
  const given = scope.value(item.properties) as Members;
  const strange = (type.elsewhere ?? []).find((name) => name in given);
  if (strange !== undefined)
    throw new ResourceFailure(`The property ${strange} of ${item.type} is not in the sandbox.`);
  const { Tags: own, ...properties } = checkedProperties(item.logicalId, item.type, given);
  const takesTags = type.retag !== undefined && 'Tags' in schemaOf(item.type).m;
  const tags = new Map<string, string>();
  for (const { Key, Value } of takesTags ? stackTags : []) tags.set(Key, Value);
  for (const { Key, Value = '' } of (own ?? []) as readonly StackTag[]) tags.set(Key, Value);
  return { properties, tags: [...tags].sort().map(([Key, Value]) => ({ Key, Value })) };
}

/** Names of the changed properties, `Tags` among them, and whether there has to be a new resource. */
export function changesOf(type: string, before: Wanted, after: Wanted): { name: string; replaces: boolean }[] {
  const kind = resourceType(type);
  const found = differences(type, before.properties, after.properties).map(({ name, replaces }) => ({
    name,
    replaces: replaces || !kind.update || (kind.replaces?.(name, before.properties, after.properties) ?? false),
  }));
  return isDeepStrictEqual(before.tags, after.tags) ? found : [...found, { name: 'Tags', replaces: false }];
}

function newResource(item: TemplateResource, status: string): StackResource {
  const { logicalId, type, dependsOn, deletionPolicy, replacePolicy, metadata } = item;
  const rest = { properties: {}, tags: [], attributes: {}, dependsOn, deletionPolicy, replacePolicy, metadata };
  return { logicalId, type, status, at: 0, ...rest };
}

/** The text that an event shows: with `****` for what nobody is to see. */
function shown(item: TemplateResource, masked: StackScope): string | undefined {
  try {
    return JSON.stringify(masked.value(item.properties));
  } catch {
    return undefined;
  }
}

export interface Item {
  readonly item: TemplateResource;
  readonly scope: StackScope;
  readonly masked: StackScope;
}

function checkFault({ parts }: StepContext, { logicalId, type }: StackResource): void {
  const fault = parts.api.resourceFault(logicalId, type);
  if (fault) throw fault;
}

/** Makes the resource of the template; with `former` in the place of another one. @throws when it failed */
export async function createResource(
  context: StepContext,
  { item, scope, masked }: Item,
  former?: StackResource,
): Promise<void> {
  const { parts, stack, signal } = context;
  const word = former ? 'UPDATE' : 'CREATE';
  const resource = newResource(item, `${word}_IN_PROGRESS`);
  stack.resources.set(item.logicalId, resource);
  const note = (status: string, reason?: string): void =>
    setResourceStatus(parts.clock, stack, resource, status, {
      ...(reason === undefined ? {} : { reason }),
      properties: shown(item, masked),
    });
  const replacing = 'Requested update requires the creation of a new physical resource; hence creating one.';
  note(`${word}_IN_PROGRESS`, former && replacing);
  const made = (physicalId: string): void => {
    resource.physicalId = physicalId;
    note(`${word}_IN_PROGRESS`, 'Resource creation Initiated');
  };
  try {
    const wanted = wantedOf(item, scope, stack.wish.tags);
    Object.assign(resource, wanted);
    checkFault(context, resource);
    const type = resourceType(resource.type);
    if (former) checkName(type, former, resource);
    const handling = handlingOf(parts, stack, resource, { signal, made });
    const properties = (await withDynamicReferences(handling, wanted.properties)) as Members;
    await type.create(handling, properties);
    await settle(type, handling, resource, properties);
  } catch (error) {
    note(`${word}_FAILED`, reasonOf(error, former ? 'update' : 'creation'));
    throw error;
  }
  note(`${word}_COMPLETE`);
}

/** A name that the template gives cannot be had twice at the same time. */
function checkName({ nameProperty = '' }: ResourceType, former: StackResource, { properties }: StackResource): void {
  const name = properties[nameProperty];
  if (name === undefined || name !== former.properties[nameProperty]) return;
  throw new ResourceFailure(
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(name as string)} and update the stack again.`,
  );
}

async function settle(
  type: ResourceType,
  handling: Handling,
  resource: StackResource,
  properties: Members,
): Promise<void> {
  const { physicalId = '' } = resource;
  await type.settle?.(handling, physicalId, properties);
  resource.attributes = (await type.attributes?.(handling, physicalId, properties)) ?? {};
}

/** Goes on with a creation that an earlier sandbox had begun. */
export async function finishCreation(context: StepContext, resource: StackResource): Promise<void> {
  const { parts, stack, signal, course } = context;
  // The creation itself began earlier than it was noted.
  const begun = { ...resource, at: course.startedAt };
  const handling = handlingOf(parts, stack, begun, { signal, made: () => undefined });
  try {
    await settle(resourceType(resource.type), handling, resource, resource.properties);
  } catch (error) {
    setResourceStatus(parts.clock, stack, resource, 'CREATE_FAILED', { reason: reasonOf(error, 'creation') });
    throw error;
  }
  setResourceStatus(parts.clock, stack, resource, 'CREATE_COMPLETE');
}

/** Brings a resource to what is wanted of it, where it is. @throws when it failed */
export async function updateResource(
  context: StepContext,
  resource: StackResource,
  wanted: Wanted,
  properties?: string,
): Promise<void> {
  const { parts, stack, signal } = context;
  setResourceStatus(parts.clock, stack, resource, 'UPDATE_IN_PROGRESS', { properties });
  try {
    checkFault(context, resource);
    const type = resourceType(resource.type);
    const { physicalId = '' } = resource;
    const handling = handlingOf(parts, stack, resource, { signal, made: () => undefined });
    const resolved = (await withDynamicReferences(handling, wanted.properties)) as Members;
    const before = { properties: resource.properties, tags: resource.tags };
    // From here on nobody knows what has been changed, so that a rollback sets everything again.
    Object.assign(resource, wanted);
    if (!isDeepStrictEqual(before.properties, wanted.properties)) {
      await type.update?.(handling, physicalId, resolved, before.properties);
    }
    if (!isDeepStrictEqual(before.tags, wanted.tags)) {
      const keys = wanted.tags.map(({ Key }) => Key);
      const removed = before.tags.map(({ Key }) => Key).filter((key) => !keys.includes(key));
      await type.retag?.(handling, physicalId, wanted.tags, removed);
    }
    await settle(type, handling, resource, resolved);
  } catch (error) {
    const reason = reasonOf(error, 'update');
    setResourceStatus(parts.clock, stack, resource, 'UPDATE_FAILED', { reason, properties });
    throw error;
  }
  setResourceStatus(parts.clock, stack, resource, 'UPDATE_COMPLETE', { properties });
}

/** Deletes a resource; what is gone already is a success. @returns false when it failed */
export async function removeResource(context: StepContext, resource: StackResource): Promise<boolean> {
  const { parts, stack, signal } = context;
  const note = (status: string, reason?: string): void =>
    setResourceStatus(parts.clock, stack, resource, status, reason === undefined ? {} : { reason });
  const { physicalId } = resource;
  if (physicalId === undefined) {
    note('DELETE_COMPLETE');
    return true;
  }
  note('DELETE_IN_PROGRESS');
  try {
    checkFault(context, resource);
    const handling = handlingOf(parts, stack, resource, { signal, made: () => undefined });
    await resourceType(resource.type).remove(handling, physicalId, resource.properties);
  } catch (error) {
    if (!isGone(error)) {
      note('DELETE_FAILED', reasonOf(error, 'deletion'));
      return false;
    }
  }
  note('DELETE_COMPLETE');
  return true;
}
