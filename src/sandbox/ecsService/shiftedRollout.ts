import type { EcsContext } from './context';
import { type Sides, moveOn, tasksWanted } from './stages';
import { tasksOf } from './taskIndex';
import type { Cluster, Deployment, Service, Task } from './types';

/** What the scheduler does for a deployment that shifts traffic. */
export interface Hands {
  /** Starts tasks of a deployment. @returns how many. */
  readonly start: (deployment: Deployment, count: number) => number;
  readonly stop: (deployment: Deployment, tasks: readonly Task[]) => number;
  readonly lookAgain: (at: number) => void;
  /** False for a task that has to go, whoever started it. */
  readonly mayStay: (task: Task) => boolean;
}

/** Keeps blue and green at what the plan wants of each of them. @returns how many tasks were started or stopped. */
export function keepBothSides(
  context: EcsContext,
  cluster: Cluster,
  service: Service,
  sides: Sides,
  desired: number,
  hands: Hands,
): number {
  const live = (deployment: Deployment): Task[] =>
    tasksOf(cluster, service.name, deployment.id).filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  const isUp = (deployment: Deployment): boolean => live(deployment).filter(({ settled }) => settled).length >= desired;
  const isGone = (deployment: Deployment): boolean =>
    tasksOf(cluster, service.name, deployment.id).every(({ lastStatus }) => lastStatus === 'STOPPED');
  const until = moveOn(context, service, sides, { isUp, isGone });
  if (until !== undefined) hands.lookAgain(until);
  let changed = 0;
  for (const deployment of [...service.deployments]) {
    const wanted = tasksWanted(sides, deployment, desired);
    if (wanted === undefined) continue;
    const all = live(deployment);
    const own = all.filter(hands.mayStay);
    const leaving = all.filter((task) => !hands.mayStay(task));
    const surplus = [...own]
      .sort((a, b) => Number(a.settled) - Number(b.settled) || b.createdAt - a.createdAt)
      .slice(0, Math.max(0, own.length - wanted));
    const replaced = own.filter(({ settled }) => settled).length >= wanted ? leaving : [];
    changed += hands.stop(deployment, [...surplus, ...replaced]);
    if (own.length < wanted) changed += hands.start(deployment, wanted - own.length);
  }
  // Those that a reconciliation has emptied are no longer there.
  const { target, source } = sides;
  const gone = service.deployments.filter((one) => one !== target && one !== source && isGone(one));
  for (const one of gone) service.deployments.splice(service.deployments.indexOf(one), 1);
  return changed;
}
