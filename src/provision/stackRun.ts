import { sleep, type Clock } from '../core/clock';
import { GantryError, reasonOf } from '../core/errors';
import { message } from '../core/message';
import { isTransient } from '../deploy/transient';
import { causeOfFailure } from './stackCause';
import type { ChangeSet, Stack, StackEvent, StackGateway, StackRequest } from './stacks';

/** Milliseconds between two looks: short at first, because small stacks are there at once. */
const pauses = [150, 250, 400, 700, 1_000, 2_000] as const;

/** Milliseconds: a load balancer takes minutes, a stack of ours never an hour. */
const limits = { changeSet: 120_000, stack: 3_600_000 } as const;

/** By which stacks of Gantry's are known. */
export const ownTags = { 'created-with': 'Gantry' } as const;

/** Hears every event of a stack, once, in the order of time. */
export type OnEvent = (event: StackEvent) => void;

/** What stacks are worked with. */
export interface StackTools {
  readonly stacks: StackGateway;
  readonly clock: Clock;
}

/**
 * Lets CloudFormation work out what would change. Nothing changes by it.
 * @returns undefined when nothing would change
 * @throws GantryError refused with CloudFormation's cause; timedOut; cancelled, and then nothing is left of it
 */
export async function prepareChange(
  tools: StackTools,
  request: StackRequest,
  signal: AbortSignal,
): Promise<ChangeSet | undefined> {
  const { stacks, clock } = tools;
  const { id, stackId } = await stacks.createChangeSet(request, signal);
  try {
    for await (const changeSet of looks(clock, limits.changeSet, signal, () => stacks.describeChangeSet(id, signal))) {
      if (changeSet.status === 'CREATE_COMPLETE') return changeSet;
      if (changeSet.status !== 'FAILED') continue;
      if (/didn't contain changes|No updates are to be performed/i.test(changeSet.statusReason ?? '')) {
        await dropChange(tools, { id, stackId }, request.isNew);
        return undefined;
      }
      throw new GantryError(
        'refused',
        message('CloudFormation refused the template: {0}', changeSet.statusReason ?? ''),
      );
    }
  } catch (error) {
    await dropChange(tools, { id, stackId }, request.isNew).catch(() => undefined);
    throw error;
  }
  throw new GantryError('timedOut', message('CloudFormation did not work out the changes in two minutes.'));
}

/**
 * What a stack is to become when only some of its parameters change.
 */
export async function changedParameters(
  { stacks }: StackTools,
  stack: Stack,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<StackRequest> {
  const template = await stacks.readTemplate(stack.id, signal);
  const kept = Object.keys(stack.parameters).filter((name) => !(name in parameters));
  return { stack: stack.name, isNew: false, template, parameters, kept, tags: ownTags };
}

/** Takes back a change set that is not wanted, and the empty stack that a first one makes. */
export async function dropChange(
  { stacks }: StackTools,
  { id, stackId }: Pick<ChangeSet, 'id' | 'stackId'>,
  isNew: boolean,
): Promise<void> {
  // Also when the person has left: what they did not want must not stay.
  const signal = AbortSignal.timeout(20_000);
  await stacks.deleteChangeSet(id, signal);
  if (isNew) await stacks.deleteStack(stackId, signal);
}

/**
 * Executes a change set and waits until the stack is what it is to be.
 * @throws GantryError stackFailed with the cause, when CloudFormation has taken everything back
 */
export async function executeChange(
  tools: StackTools,
  { id, stackId }: ChangeSet,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<Stack> {
  const before = await knownEvents(tools, stackId, signal);
  await tools.stacks.executeChangeSet(id, signal);
  return followStack(tools, stackId, before, onEvent, signal);
}

/**
 * Deletes a stack and waits until it is gone.
 * @throws GantryError stackFailed with what could not be deleted, and why
 */
export async function deleteStack(
  tools: StackTools,
  stack: Stack,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<void> {
  const before = await knownEvents(tools, stack.id, signal);
  await tools.stacks.deleteStack(stack.id, signal);
  await followStack(tools, stack.id, before, onEvent, signal);
}

/**
 * Follows what a stack is doing until it ends.
 * @param seen ids of the events of before
 */
export async function followStack(
  { stacks, clock }: StackTools,
  stackId: string,
  seen: Set<string>,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<Stack> {
  const heard: StackEvent[] = [];
  const look = async (): Promise<Stack | undefined> => {
    const stack = await stacks.findStack(stackId, signal);
    const events = await stacks.newestEvents(stackId, signal);
    for (const event of [...events].reverse()) {
      if (seen.has(event.id)) continue;
      seen.add(event.id);
      heard.push(event);
      onEvent(event);
    }
    return stack;
  };
  for await (const stack of looks(clock, limits.stack, signal, look)) {
    if (!stack) throw new GantryError('notFound', message('The stack is gone.'));
    if (stack.status.endsWith('_IN_PROGRESS')) continue;
    if (/^(CREATE|UPDATE|IMPORT|DELETE)_COMPLETE$/.test(stack.status)) return stack;
    throw failure(stack, heard);
  }
  throw new GantryError('timedOut', message('The stack is still going on after an hour; CloudFormation goes on.'));
}

/** What there is before something starts: its events are not of what follows. */
async function knownEvents({ stacks }: StackTools, stackId: string, signal: AbortSignal): Promise<Set<string>> {
  return new Set((await stacks.newestEvents(stackId, signal)).map(({ id }) => id));
}

function failure({ name, status, statusReason }: Stack, events: readonly StackEvent[]): GantryError {
  const cause = causeOfFailure(events);
  const sentence = cause?.sentence ?? message('The stack “{0}” ended as {1}: {2}', name, status, statusReason ?? '');
  return new GantryError('stackFailed', sentence, { detail: cause?.words ?? statusReason });
}

/** Looks again and again, in longer and longer pauses, until the caller has what it wants or time is over. */
async function* looks<T>(clock: Clock, limit: number, signal: AbortSignal, look: () => Promise<T>): AsyncGenerator<T> {
  const end = clock.now() + limit;
  for (let turn = 0; clock.now() < end; turn++) {
    try {
      yield await look();
    } catch (error) {
      if (!isTransient(error) || reasonOf(error) === 'cancelled') throw error;
    }
    try {
      await sleep(clock, pauses[Math.min(turn, pauses.length - 1)] ?? 0, signal);
    } catch (error) {
      throw new GantryError('cancelled', message('Cancelled.'), { cause: error });
    }
  }
}
