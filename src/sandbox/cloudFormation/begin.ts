import type { CloudFormationContext } from './context';
import { setStatus } from './stackLog';
import type { Course, Stack, Wish } from './types';

/** Sets a stack's first status of a course, and sends it on its way. */
export function begin(
  { clock, courses }: CloudFormationContext,
  stack: Stack,
  status: string,
  given: Pick<Course, 'kind'> & Partial<Course>,
): void {
  const course: Course = {
    ...{ phase: 'forward', startedAt: clock.now(), keepFailed: false, retainExceptOnCreate: false },
    ...{ done: new Set<string>(), formers: [], cleanup: [], retain: [], force: false },
    ...given,
  };
  stack.course = course;
  setStatus(clock, stack, status, 'User Initiated');
  courses.start(stack, course);
}

export interface Ways {
  readonly token?: string | undefined;
  readonly keepFailed: boolean;
  readonly retainExceptOnCreate: boolean;
  /** The change set that is carried out. */
  readonly changeSet?: string;
}

/** Change sets are for the stack as it was: once it changes, only the one that changed it stays. */
function dropOthers(stack: Stack, kept: string | undefined): void {
  for (const id of stack.changeSets.keys()) if (id !== kept) stack.changeSets.delete(id);
  if (kept === undefined) delete stack.changeSet;
  else stack.changeSet = kept;
}

export function beginCreation(context: CloudFormationContext, stack: Stack, { changeSet, ...ways }: Ways): void {
  dropOthers(stack, changeSet);
  begin(context, stack, 'CREATE_IN_PROGRESS', { kind: 'create', ...ways });
}

export function beginUpdate(context: CloudFormationContext, stack: Stack, wish: Wish, ways: Ways): void {
  const { changeSet, ...rest } = ways;
  dropOthers(stack, changeSet);
  const { halted } = stack;
  // After an update that failed and stayed as it was, the way back leads to what there was before that one.
  const left = halted?.kind === 'update' ? halted : undefined;
  const carried = left ? { formers: [...left.formers], cleanup: [...left.cleanup] } : {};
  const before = left?.before ?? stack.wish;
  stack.wish = wish;
  stack.updatedAt = context.clock.now();
  begin(context, stack, 'UPDATE_IN_PROGRESS', { kind: 'update', before, ...carried, ...rest });
}
