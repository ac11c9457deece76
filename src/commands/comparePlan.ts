import { nameOf } from '../core/arn';
import { formatImageReference } from '../core/imageRef';
import type { Plan } from '../deploy/plan';
import { nextInput, revisionChanges } from '../deploy/revisionChanges';
import { revisionInput } from '../deploy/taskDefinition';
import { summarize } from '../ecs/taskDefinition';
import type { Comparable } from './reports';

/** Shows two values side by side. */
export type Compare = (before: Comparable, after: Comparable) => Promise<void>;

/** Shows the revision that a service runs beside the one that a plan makes of it; undefined where nothing changes. */
export function comparison({ compare }: { readonly compare: Compare }, plan: Plan): (() => Promise<void>) | undefined {
  const { redeploy, image, target } = plan;
  if (!redeploy || redeploy.service.express || revisionChanges(plan, redeploy).length === 0) return undefined;
  return () =>
    compare(
      { name: nameOf(summarize(redeploy.from).arn), value: revisionInput(redeploy.from) },
      { name: target.name, value: nextInput(redeploy, formatImageReference(image)) },
    );
}
