import { formatImageReference } from '../core/imageRef';
import { containersOf } from '../ecs/taskDefinition';
import type { Plan, RedeployPlan } from './plan';
import { nextRevision, unexpectedDifferences } from './taskDefinition';

/** One member that the next revision has differently. */
export interface RevisionChange {
  /** `containerDefinitions[0].image` */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** How the next revision will differ from the one that the service runs, by comparing them as they are registered. */
export function revisionChanges({ image }: Plan, { from, container }: RedeployPlan): RevisionChange[] {
  const after = formatImageReference(image);
  const next = nextRevision(from, container, after);
  const before = containersOf(from.taskDefinition).find(({ name }) => name === container)?.['image'];
  return unexpectedDifferences(next, from).map((path) => ({ path, before: String(before ?? ''), after }));
}
