import type { EcsContext } from './context';
import { isGoingOn, primaryOf } from './deployments';
import { failDeployment } from './rollback';
import type { Service } from './types';

/** Fails the deployment that is going on when one of its alarms has gone off. */
export function checkAlarms(context: EcsContext, service: Service): void {
  const { current } = service;
  const primary = primaryOf(service);
  if (!current || !primary || !isGoingOn(current) || current.alarms?.status !== 'MONITORING') return;
  const triggered = current.alarms.names.filter((name) => context.alarms.get(name) === 'ALARM');
  if (triggered.length === 0) return;
  current.alarms.status = 'TRIGGERED';
  current.alarms.triggered = triggered;
  failDeployment(context, service, primary, {
    state: 'ECS deployment failed: alarm detected.',
    event: 'alarm detected.',
    reason: `Alarm detected: ${triggered.join(', ')}.`,
    rollback: current.configuration.alarms?.rollback ?? false,
  });
}
