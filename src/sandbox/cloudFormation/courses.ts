import type { Network } from '../ec2/network';
import { Cancelled } from './errors';
import type { HandlerParts } from './handler';
import { inOrder } from './order';
import { outputsOf } from './outputs';
import {
  type Item,
  type StepContext,
  changesOf,
  createResource,
  finishCreation,
  removeResource,
  updateResource,
  wantedOf,
} from './resourceSteps';
import { reasonOf } from './failures';
import { StackScope } from './scope';
import { setResourceStatus, setStatus } from './stackLog';
import { type Template, type TemplateResource, parseTemplate } from './template';
import type { Course, Stack, StackResource, Stacks } from './types';

export interface CourseParts extends HandlerParts {
  readonly network: Network;
  readonly stacks: Stacks;
  readonly log: (line: string) => void;
}

interface Running extends StepContext {
  readonly controller: AbortController;
}

const isThere = ({ status }: StackResource): boolean => status !== 'DELETE_COMPLETE';
const listed = (ids: readonly string[]): string => `[${ids.join(', ')}]`;

/** Carries out what is going on with the stacks: creations, updates, deletions, and their ways back. */
export class Courses {
  readonly #parts: CourseParts;
  readonly #running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();

  constructor(parts: CourseParts) {
    this.#parts = parts;
  }

  /** Begins; the outcome is in the stack's status. The status that the course begins with has been set. */
  start(stack: Stack, course: Course): void {
    stack.course = course;
    stack.halted = undefined;
    const controller = new AbortController();
    const context: Running = { parts: this.#parts, stack, course, signal: controller.signal, controller };
    const former = this.#running.get(stack.id);
    former?.controller.abort(new Cancelled('superseded'));
    const ended = (former?.ended ?? Promise.resolve())
      .then(() => this.#carryOut(context))
      .catch((error: unknown) => {
        this.#parts.log(`defect in the stack ${stack.name}: ${error instanceof Error ? error.stack : String(error)}`);
        this.#end(context, stack.status.replace('IN_PROGRESS', 'FAILED'), `Internal Failure: ${String(error)}`);
      });
    this.#running.set(stack.id, { controller, ended });
  }

  /** Lets what is going on fail, so that it goes back. */
  cancel(stack: Stack): void {
    this.#running.get(stack.id)?.controller.abort(new Cancelled('cancelled'));
  }

  /** Goes on with what an earlier sandbox had begun. */
  resume(): void {
    for (const stack of this.#parts.stacks.values()) {
      const { course } = stack;
      if (!course) continue;
      for (const resource of stack.resources.values())
        if (!course.done.has(resource.logicalId)) takeBack(course, stack, resource);
      this.start(stack, course);
    }
  }

  async #carryOut(context: Running): Promise<void> {
    const { course } = context;
    if (course.kind === 'create') return this.#create(context);
    return course.kind === 'update' ? this.#update(context) : this.#delete(context);
  }

  /** Whether another course has taken this one's place. */
  #isOver({ stack, course }: Running): boolean {
    return stack.course !== course;
  }

  #end(context: Running, status: string, reason?: string): void {
    const { stack, controller } = context;
    if (this.#isOver(context)) return;
    setStatus(this.#parts.clock, stack, status, reason);
    stack.course = undefined;
    if (this.#running.get(stack.id)?.controller === controller) this.#running.delete(stack.id);
  }

  async #create(context: Running): Promise<void> {
    const { stack, course } = context;
    const { clock, second } = this.#parts;
    if (course.phase === 'forward') {
      const left = course.startedAt + (stack.timeoutMinutes ?? Infinity) * 60 * second - clock.now();
      const timer = Number.isFinite(left) ? clock.after(Math.max(0, left), () => this.cancel(stack)) : undefined;
      const failure = await this.#forward(context);
      timer?.cancel();
      if (this.#isOver(context)) return;
      if (failure === undefined) return this.#end(context, 'CREATE_COMPLETE');
      if (course.keepFailed) {
        stack.halted = course;
        return this.#end(context, 'CREATE_FAILED', failure);
      }
      course.phase = 'back';
      const asked = stack.onFailure === 'DELETE' ? 'Delete requested by user.' : 'Rollback requested by user.';
      setStatus(
        clock,
        stack,
        `${stack.onFailure === 'DELETE' ? 'DELETE' : 'ROLLBACK'}_IN_PROGRESS`,
        `${failure} ${asked}`,
      );
    }
    const failed = await this.#remove(context, [...stack.resources.values()]);
    const word = stack.onFailure === 'DELETE' ? 'DELETE' : 'ROLLBACK';
    if (failed.length > 0)
      return this.#end(context, `${word}_FAILED`, `The following resource(s) failed to delete: ${listed(failed)}. `);
    if (word === 'DELETE') stack.deletedAt = clock.now();
    this.#end(context, `${word}_COMPLETE`);
  }

  async #update(context: Running): Promise<void> {
    const { stack, course } = context;
    const { clock } = this.#parts;
    if (course.phase === 'forward') {
      const failure = await this.#forward(context);
      if (this.#isOver(context)) return;
      if (failure !== undefined && course.keepFailed) {
        stack.halted = course;
        return this.#end(context, 'UPDATE_FAILED', failure);
      }
      if (failure === undefined) {
        course.phase = 'clean';
        setStatus(clock, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      } else {
        course.phase = 'back';
        setStatus(clock, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', failure);
      }
    }
    if (course.phase === 'clean') {
      await this.#remove(context, course.cleanup);
      return this.#end(context, 'UPDATE_COMPLETE');
    }
    const failed = await this.#back(context);
    if (failed.length > 0) {
      stack.halted = course;
      return this.#end(
        context,
        'UPDATE_ROLLBACK_FAILED',
        `The following resource(s) failed to update: ${listed(failed)}. `,
      );
    }
    if (course.before) stack.wish = course.before;
    setStatus(clock, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    await this.#remove(context, course.cleanup);
    this.#end(context, 'UPDATE_ROLLBACK_COMPLETE');
  }

  async #delete(context: Running): Promise<void> {
    const { stack, course } = context;
    const failed = await this.#remove(context, [...stack.resources.values()]);
    if (failed.length > 0 && !course.force) {
      return this.#end(context, 'DELETE_FAILED', `The following resource(s) failed to delete: ${listed(failed)}. `);
    }
    stack.outputs = [];
    stack.deletedAt = this.#parts.clock.now();
    this.#end(context, 'DELETE_COMPLETE');
  }

  /** Makes and changes what the template wants. @returns why it failed, if it did */
  async #forward(context: Running): Promise<string | undefined> {
    const { stack, course, signal } = context;
    const own = new AbortController();
    const stop = (): void => own.abort(new Cancelled('cancelled'));
    signal.addEventListener('abort', stop, { once: true });
    const inner = { ...context, signal: own.signal };
    const template = await parseTemplate(stack.wish.template);
    const [scope, masked] = [false, true].map((hide) => this.#scope(stack, template, hide));
    if (!scope || !masked) return undefined;
    const wanted = new Map([...template.resources].filter(([, item]) => scope.wants(item)));
    const failed: { readonly id: string; readonly verb: string }[] = [];
    const needs = ({ dependsOn }: TemplateResource): readonly string[] => dependsOn;
    await inOrder(wanted, needs, async (item, id) => {
      if (own.signal.aborted || course.done.has(id)) return;
      try {
        await this.#step(inner, { item, scope, masked });
        course.done.add(id);
      } catch (error) {
        const status = stack.resources.get(id)?.status ?? '';
        failed.push({ id, verb: status.startsWith('CREATE') ? 'create' : 'update' });
        if (!(error instanceof Error)) throw error;
        own.abort(new Cancelled('cancelled'));
      }
    });
    signal.removeEventListener('abort', stop);
    if (signal.aborted && course.kind === 'update') return 'User Initiated';
    if (failed.length > 0) return failureText(failed);
    if (signal.aborted) return 'The stack was not made in time.';
    try {
      stack.outputs = outputsOf(stack, template, scope, this.#parts.stacks);
    } catch (error) {
      return reasonOf(error, 'creation');
    }
    stack.description = template.description;
    for (const [id, resource] of stack.resources) {
      if (wanted.has(id)) continue;
      stack.resources.delete(id);
      if (isThere(resource)) course.cleanup.push(resource);
    }
    return undefined;
  }

  #scope(stack: Stack, template: Template, masked: boolean): StackScope {
    const { place, network, stacks } = this.#parts;
    const resource = (id: string): { physicalId: string; attribute: (name: string) => unknown } | undefined => {
      const found = stack.resources.get(id);
      if (found?.physicalId === undefined) return undefined;
      return { physicalId: found.physicalId, attribute: (name) => found.attributes[name] };
    };
    return new StackScope({
      place,
      network,
      stacks,
      stack,
      template,
      parameters: stack.wish.parameters,
      resource,
      masked,
    });
  }

  /** The turn of one resource. */
  async #step(context: StepContext, step: Item): Promise<void> {
    const { stack, course } = context;
    const { item, scope, masked } = step;
    const { logicalId } = item;
    const existing = stack.resources.get(logicalId);
    if (existing?.status === 'CREATE_IN_PROGRESS' && existing.physicalId !== undefined) {
      return finishCreation(context, existing);
    }
    if (
      !existing ||
      !isThere(existing) ||
      existing.status.startsWith('CREATE_F') ||
      existing.physicalId === undefined
    ) {
      if (existing?.physicalId !== undefined && isThere(existing)) course.cleanup.push(existing);
      if (course.kind === 'update') remember(course, { logicalId });
      return createResource(context, step);
    }
    let wanted;
    try {
      wanted = wantedOf(item, scope, stack.wish.tags);
    } catch (error) {
      setResourceStatus(this.#parts.clock, stack, existing, 'UPDATE_FAILED', { reason: reasonOf(error, 'update') });
      throw error;
    }
    const changes = changesOf(item.type, existing, wanted);
    const { dependsOn, deletionPolicy, replacePolicy, metadata } = item;
    remember(course, { logicalId, resource: { ...existing } });
    if (changes.some(({ replaces }) => replaces)) {
      const former = { ...existing, replacePolicy };
      await createResource(context, step, former);
      course.cleanup.push(former);
      return;
    }
    if (changes.length > 0) {
      await updateResource(context, existing, wanted, JSON.stringify(masked.value(item.properties)));
    }
    Object.assign(existing, { dependsOn, deletionPolicy, replacePolicy, metadata });
  }

  /** Puts everything back that an update has changed. @returns logical ids for which that failed */
  async #back(context: Running): Promise<string[]> {
    const { stack, course } = context;
    // What has been cancelled is the way forward.
    const way = { ...context, signal: new AbortController().signal };
    const failed: string[] = [];
    for (const { logicalId, resource } of course.formers) {
      if (resource) continue;
      const made = stack.resources.get(logicalId);
      stack.resources.delete(logicalId);
      if (made && isThere(made) && !course.cleanup.includes(made)) course.cleanup.push(made);
    }
    const formers = new Map(
      course.formers.flatMap(({ logicalId, resource }) => (resource ? [[logicalId, resource] as const] : [])),
    );
    await inOrder(
      formers,
      ({ dependsOn }) => dependsOn,
      async (former, id) => {
        if (course.retain.includes(id)) return;
        if (!(await this.#putBack(way, former))) failed.push(id);
      },
    );
    return failed;
  }

  async #putBack(context: Running, former: StackResource): Promise<boolean> {
    const { stack, course } = context;
    const { logicalId, properties, tags } = former;
    const now = stack.resources.get(logicalId);
    if (now?.physicalId === former.physicalId && now) {
      const { dependsOn, deletionPolicy, replacePolicy, metadata } = former;
      Object.assign(now, { dependsOn, deletionPolicy, replacePolicy, metadata });
      if (!now.status.startsWith('UPDATE_') || (now.status === former.status && now.at === former.at)) return true;
      try {
        await updateResource(context, now, { properties, tags });
        return true;
      } catch {
        return false;
      }
    }
    if (now && isThere(now)) course.cleanup.push(now);
    const kept = { ...former };
    const index = course.cleanup.findIndex(({ physicalId }) => physicalId === former.physicalId);
    if (index >= 0) course.cleanup.splice(index, 1);
    stack.resources.set(logicalId, kept);
    setResourceStatus(this.#parts.clock, stack, kept, 'UPDATE_COMPLETE');
    return true;
  }

  /** Deletes resources, those first that others do not need. @returns logical ids of what is still there */
  async #remove(context: Running, resources: readonly StackResource[]): Promise<string[]> {
    const { stack, course } = context;
    const { clock } = this.#parts;
    const keyed = new Map(
      resources.filter(isThere).map((resource, index) => [`${index} ${resource.logicalId}`, resource]),
    );
    const dependents = ({ logicalId }: StackResource): string[] =>
      [...keyed].filter(([, { dependsOn }]) => dependsOn.includes(logicalId)).map(([key]) => key);
    const failed = new Set<StackResource>();
    const outer = { ...context, signal: new AbortController().signal };
    await inOrder(keyed, dependents, async (resource) => {
      const blocked = dependents(resource).some((key) => failed.has(keyed.get(key) ?? resource));
      if (blocked || this.#isOver(context)) return void failed.add(resource);
      if (this.#isKept(stack, course, resource)) return setResourceStatus(clock, stack, resource, 'DELETE_SKIPPED');
      if (!(await removeResource(outer, resource))) failed.add(resource);
    });
    return [...failed].filter(({ status }) => status === 'DELETE_FAILED').map(({ logicalId }) => logicalId);
  }

  #isKept(stack: Stack, course: Course, resource: StackResource): boolean {
    if (course.retain.includes(resource.logicalId)) return true;
    const { deletionPolicy, replacePolicy, logicalId } = resource;
    if (course.phase === 'back') return deletionPolicy === 'Retain' && !course.retainExceptOnCreate;
    const replaced = course.kind === 'update' && stack.resources.has(logicalId);
    return replaced ? replacePolicy === 'Retain' : deletionPolicy.startsWith('Retain');
  }
}

/** The first state of a resource counts, if an update touches it again. */
function remember(course: Course, former: Course['formers'][number]): void {
  if (!course.formers.some(({ logicalId }) => logicalId === former.logicalId)) course.formers.push(former);
}

/** A step that an earlier sandbox had begun and not ended begins anew; a creation goes on. */
function takeBack(course: Course, stack: Stack, resource: StackResource): void {
  if (!resource.status.startsWith('UPDATE_IN_PROGRESS') || course.phase !== 'forward') return;
  const former = course.formers.find(({ logicalId }) => logicalId === resource.logicalId)?.resource;
  if (!former) return;
  if (resource.physicalId !== former.physicalId && resource.physicalId !== undefined) course.cleanup.push(resource);
  stack.resources.set(resource.logicalId, { ...former });
}

function failureText(failed: readonly { readonly id: string; readonly verb: string }[]): string {
  const of = (verb: string): string => {
    const ids = failed.filter((one) => one.verb === verb).map(({ id }) => id);
    return ids.length > 0 ? `The following resource(s) failed to ${verb}: ${listed(ids)}. ` : '';
  };
  return `${of('create')}${of('update')}`.trimEnd();
}
