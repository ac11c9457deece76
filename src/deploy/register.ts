import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { EcsGateway, RawTaskDefinition } from '../ecs/gateway';
import { explainRefusal } from './refusal';
import { unexpectedDifferences } from './taskDefinition';

/**
 * Registers a revision and compares what ECS made of it with what was asked for.
 * @returns the ARN of the revision
 * @throws GantryError taskDefinitionChanged when something was lost or changed on the way; no service runs it yet
 */
export async function registerCompared(
  ecs: EcsGateway,
  input: RawTaskDefinition,
  signal: AbortSignal,
): Promise<string> {
  const taskDefinition = await ecs.registerTaskDefinition(input, signal).catch(explainRefusal);
  const changed = unexpectedDifferences(input, await ecs.describeTaskDefinition(taskDefinition, signal));
  if (changed.length === 0) return taskDefinition;
  throw new GantryError(
    'taskDefinitionChanged',
    message('The new revision is not what was asked for ({0}), so the service was not touched.', changed.join(', ')),
  );
}
