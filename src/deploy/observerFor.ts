import type { Clock } from '../core/clock';
import { CodeDeployObserver, type CodeDeploySources } from './codeDeployObserver';
import { EcsObserver } from './ecsObserver';
import type { RolloutStart } from './rollout';
import type { RolloutObserver } from './rolloutObserver';

/** Who looks at a deployment, by who carries it out. */
export function observerFor(sources: CodeDeploySources, clock: Clock, start: RolloutStart): RolloutObserver {
  if (start.controller === 'CODE_DEPLOY') return new CodeDeployObserver(sources, clock, start);
  return new EcsObserver(sources.ecs, start);
}
