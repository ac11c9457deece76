import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { type ElbContext, groupOf } from './context';
import { targetKey } from './targetHealth';
import type { Backend, Target, TargetGroup } from './types';

interface Wanted {
  readonly Id: string;
  readonly Port?: number;
  readonly AvailabilityZone?: string;
}

interface Request {
  readonly TargetGroupArn: string;
  readonly Targets?: readonly Wanted[];
}

function checked(group: TargetGroup, { Id: id, Port: port = group.port }: Wanted): { id: string; port: number } {
  const fits = group.targetType === 'ip' ? /^\d{1,3}(\.\d{1,3}){3}$/.test(id) : /^i-[0-9a-f]{8,17}$/.test(id);
  if (!fits) {
    const what = group.targetType === 'ip' ? 'IP address' : 'instance ID';
    throw new ApiError('InvalidTargetException', `The following targets are not valid ${what}s: '${id}'`);
  }
  return { id, port };
}

/** Only what is on this machine is ever spoken to. */
function backendOf({ id, port }: { id: string; port: number }): Backend {
  return id.startsWith('127.') ? { kind: 'port', port } : { kind: 'elsewhere' };
}

function describeHealth(group: TargetGroup, target: Target): Record<string, unknown> {
  const { id: Id, port: Port, zone: AvailabilityZone, state: State, reason: Reason, description: Description } = target;
  return {
    Target: { Id, Port, AvailabilityZone },
    HealthCheckPort: group.health.port === 'traffic-port' ? String(Port) : group.health.port,
    TargetHealth: { State, Reason, Description },
  };
}

function healthOf({ state }: ElbContext, request: Request): unknown {
  const group = groupOf(state, request.TargetGroupArn);
  const wanted = request.Targets?.map((target) => checked(group, target));
  const all = wanted ?? [...group.targets.values()];
  const descriptions = all.map(({ id, port }) => {
    const target = group.targets.get(targetKey({ id, port }));
    if (target) return describeHealth(group, target);
    const reason = 'Target.NotRegistered';
    const description = 'Target is not registered to the target group';
    return describeHealth(group, {
      id,
      port,
      state: 'unused',
      reason,
      description,
      inARow: 0,
      backend: { kind: 'elsewhere' },
    });
  });
  return { TargetHealthDescriptions: descriptions };
}

export function targetOperations(context: ElbContext): Record<string, Operation> {
  const { state, health } = context;
  return {
    RegisterTargets: ({ TargetGroupArn, Targets = [] }: Request) => {
      const group = groupOf(state, TargetGroupArn);
      const places = Targets.map((target) => ({ ...checked(group, target), zone: target.AvailabilityZone }));
      for (const { zone, ...place } of places) {
        health.register(group, { ...place, backend: backendOf(place), ...(zone === undefined ? {} : { zone }) });
      }
    },
    DeregisterTargets: ({ TargetGroupArn, Targets = [] }: Request) => {
      const group = groupOf(state, TargetGroupArn);
      for (const place of Targets.map((target) => checked(group, target))) {
        const target = group.targets.get(targetKey(place));
        if (target) health.deregister(group, target);
      }
    },
    DescribeTargetHealth: (input: Request) => healthOf(context, input),
  };
}
