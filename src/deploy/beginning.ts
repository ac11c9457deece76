import type { Connection } from '../aws/api';
import { parseImageReference } from '../core/imageRef';
import type { DescribedTaskDefinition } from '../ecs/gateway';
import type { Service } from '../ecs/model';
import { summarize } from '../ecs/taskDefinition';
import type { Target } from './target';

/** The tag in the task definition of a service for which no image was pushed yet; its template writes it. */
export const noImage = 'none';

/** What is different as long as no version of a service has been healthy. */
export interface Beginning {
  /** How many tasks the first image starts; undefined when tasks are wanted already. */
  readonly desiredCount: number | undefined;
  /** Whether rollback is to be switched on when it has been healthy. */
  readonly lacksRollback: boolean;
}

/**
 * Whether a service that a stack has made has yet to prove itself. Until then there is nothing that a failed
 * deployment could be taken back to, so the stack makes it without rollback. One call, and none for a service that
 * has begun.
 */
export async function readBeginning(
  { stacks }: Pick<Connection, 'stacks'>,
  target: Target,
  service: Service,
  from: DescribedTaskDefinition,
  signal: AbortSignal,
): Promise<Beginning | undefined> {
  const { breaker } = service.rules;
  // Only rolling deployments have a circuit breaker; the others take traffic back by themselves.
  const lacksRollback = service.strategy === 'ROLLING' && breaker.enabled && !breaker.rollback;
  if (!target.stack || (!lacksRollback && service.desired > 0)) return undefined;
  const stack = await stacks.findStack(target.stack, signal);
  if (stack?.parameters['Image'] !== '') return undefined;
  const isEmpty = summarize(from).containers.some(({ image }) => parseImageReference(image)?.tag === noImage);
  const wanted = Number(stack.parameters['DesiredCount'] ?? 1);
  return { desiredCount: isEmpty && service.desired === 0 ? wanted : undefined, lacksRollback };
}

/**
 * From now on a deployment that fails is taken back: there is a version that was healthy.
 * @throws GantryError
 */
export async function switchRollbackOn(
  { ecs }: Pick<Connection, 'ecs'>,
  cluster: string,
  { name, rules }: Service,
  signal: AbortSignal,
): Promise<void> {
  // UpdateService replaces the whole configuration, so the percentages are said again.
  const deploymentConfiguration = {
    minimumHealthyPercent: rules.minimumPercent,
    maximumPercent: rules.maximumPercent,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  };
  await ecs.updateService({ cluster, service: name, settings: { deploymentConfiguration } }, signal);
}
