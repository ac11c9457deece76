import { formatImageReference } from '../core/imageRef';
import type { RawTaskDefinition } from '../ecs/gateway';
import type { Plan, RedeployPlan } from './plan';
import { differencesOf, nextRevision, withImage } from './taskDefinition';

/** One member that the next revision has differently; undefined where there is none of it. */
export interface RevisionChange {
  /** `containerDefinitions[0].image` */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * What RegisterTaskDefinition is told: the file of the target or the running revision, with another image in one
 * container.
 * @throws GantryError taskDefinitionChanged when the container is gone
 */
export function nextInput(redeploy: RedeployPlan, image: string): RawTaskDefinition {
  const { source, from, container } = redeploy;
  return source ? withImage(source.input, container, image) : nextRevision(from, container, image);
}

/** How the next revision will differ from the one that the service runs, by comparing them as they are registered. */
export function revisionChanges({ image }: Plan, redeploy: RedeployPlan): RevisionChange[] {
  const next = nextInput(redeploy, formatImageReference(image));
  return differencesOf(next, redeploy.from).map(({ path, asked, registered }) => ({
    path,
    ...{ before: textOf(registered), after: textOf(asked) },
  }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
}
