import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock';
import type { Stack, StackResource } from './types';

/** Sets a stack's status and says so in its events. */
export function setStatus(clock: Clock, stack: Stack, status: string, reason?: string): void {
  stack.status = status;
  stack.reason = reason;
  stack.events.push({
    ...{ id: randomUUID(), at: clock.now(), logicalId: stack.name, physicalId: stack.id, status, reason },
    ...{ type: 'AWS::CloudFormation::Stack', token: stack.course?.token },
  });
}

/** Sets a resource's status and says so in the events of its stack. */
export function setResourceStatus(
  clock: Clock,
  stack: Stack,
  resource: StackResource,
  status: string,
  { reason, properties }: { readonly reason?: string; readonly properties?: string | undefined } = {},
): void {
  resource.status = status;
  resource.reason = reason;
  resource.at = clock.now();
  stack.events.push({
    ...{ id: `${resource.logicalId}-${status}-${randomUUID()}`, at: resource.at, logicalId: resource.logicalId },
    ...{ physicalId: resource.physicalId ?? '', type: resource.type, status, reason, properties },
    token: stack.course?.token,
  });
}
