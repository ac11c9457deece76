import { message } from '../../core/message';
import type { LogGroupNeed } from '../../ecs/taskNeeds';
import type { LogsGateway } from '../../logs/gateway';
import { known } from '../../network/known';
import { failed, passed, skipped, type Check } from './check';

/** Whether the log groups are there: without one a container does not start. */
export function checkLogGroups(
  gateway: LogsGateway,
  needs: readonly LogGroupNeed[],
  region: string,
  signal: AbortSignal,
): Promise<Check[]> {
  return Promise.all(needs.map((need) => checkLogGroup(gateway, need, region, signal)));
}

async function checkLogGroup(
  gateway: LogsGateway,
  { name, region: own, isCreated }: LogGroupNeed,
  region: string,
  signal: AbortSignal,
): Promise<Check> {
  if (isCreated) return passed('logGroup', message('“{0}” is made when it is missing.', name));
  if (own !== undefined && own !== region) {
    return skipped('logGroup', {
      reason: message('“{0}” is in {1}, which this connection does not reach.', name, own),
    });
  }
  const found = await known('logs:DescribeLogGroups', () => gateway.findGroup(name, signal));
  if (!found.known) return skipped('logGroup', found.gap);
  if (found.value) return passed('logGroup', message('“{0}” exists.', name));
  return {
    ...failed(
      'logGroup',
      message('The log group “{0}” does not exist, so no container can start.', name),
      message('Create it, or set the option awslogs-create-group.'),
    ),
    action: { kind: 'createLogGroup', name },
  };
}
