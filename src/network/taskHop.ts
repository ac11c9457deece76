import { message } from '../core/message';
import { blocked, hop, open, unknown, type Hop, type Verdict } from './hop';
import type { Network } from './network';
import type { TaskAt } from './ways';

/**
 * The task at the end of a way: whether it runs, and what its target group thinks of it.
 * @param targetGroup ARN, where the way leads through one
 */
export function taskHop(network: Network, task: TaskAt, targetGroup?: string): Hop {
  return hop('task', task.id, verdictOf(network, task, targetGroup));
}

function verdictOf(network: Network, { id, lastStatus, privateAddress }: TaskAt, targetGroup?: string): Verdict {
  const name = id.slice(0, 12);
  if (lastStatus === 'STOPPED') return blocked(message('{0} has stopped', name));
  if (lastStatus !== 'RUNNING') return unknown(message('{0} is {1}', name, lastStatus.toLowerCase()));
  const targets = network.targets.known && targetGroup ? (network.targets.value[targetGroup] ?? []) : [];
  const target = targets.find((each) => each.id === privateAddress);
  if (!target) return open(message('{0} is running', name));
  if (target.state === 'healthy') return open(message('{0} is running and healthy', name));
  if (target.state !== 'unhealthy')
    return unknown(message('{0} is running; as a target it is {1}', name, target.state));
  return blocked(message('{0} is unhealthy: {1}', name, target.description ?? target.reason ?? ''));
}
