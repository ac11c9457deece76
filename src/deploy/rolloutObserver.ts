import type { Service } from '../ecs/model';
import type { DatedText } from './diagnosis';
import type { RolloutState } from './rolloutState';
import type { Verdict } from './verdict';

/** What one look at a rollout shows. */
export interface Look {
  readonly service: Service | undefined;
  readonly state: RolloutState | undefined;
  readonly verdict: Verdict | undefined;
  /** By whom its tasks are started (`ecs-svc/…`); undefined while it has none. */
  readonly tasksBy: string | undefined;
  /** How many of its tasks have failed. */
  readonly failed: number;
  /** What the deployment itself says about its failure. */
  readonly said: readonly DatedText[];
}

/** Looks at one deployment, whoever carries it out: ECS itself, or CodeDeploy. */
export interface RolloutObserver {
  /** @throws GantryError */
  look(signal: AbortSignal): Promise<Look>;
}
