import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import type { ScalingChoice } from '../../provision/choices';
import { changedParameters, executeChange, prepareChange, type StackTools } from '../../provision/stackRun';
import type { Stack } from '../../provision/stacks';

/**
 * Lets scaling begin. A stack is made with a minimum of no task, because scaling would start tasks before there is an
 * image; now that there is one, its minimum is what was chosen. Nothing else of the stack changes by it.
 */
export async function startScaling(tools: StackTools, stack: Stack, { minimum }: ScalingChoice): Promise<void> {
  const signal = AbortSignal.timeout(300_000);
  const request = await changedParameters(tools, stack, { MinimumTasks: String(minimum) }, signal);
  const changeSet = await prepareChange(tools, request, signal);
  if (!changeSet) return;
  const others = changeSet.changes.filter(({ type }) => type !== 'AWS::ApplicationAutoScaling::ScalableTarget');
  if (others.some(({ type }) => type === 'AWS::ECS::Service' || type === 'AWS::ECS::TaskDefinition')) {
    await tools.stacks.deleteChangeSet(changeSet.id, signal);
    throw new GantryError(
      'stackFailed',
      message('Scaling could not begin: CloudFormation would change the service too.'),
    );
  }
  await executeChange(tools, changeSet, () => undefined, signal);
}
