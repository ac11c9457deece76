import type { ElbState } from '../elb/types';
import type { Permission, SecurityGroup } from './network';

/**
 * What the groups of a load balancer let in beside what somebody wrote. A listener has a free port of this machine in
 * the place of the one that was asked for, and shows it; who lets clients in to port 80 means that listener.
 */
export function realPorts(elb: ElbState, { id, ingress }: SecurityGroup): Permission[] {
  const moved = [...elb.listeners.values()].filter(
    ({ balancer, port, wantedPort }) =>
      port > 0 && port !== wantedPort && elb.balancers.get(balancer)?.securityGroups.includes(id),
  );
  return moved.flatMap(({ port, wantedPort }) =>
    ingress
      .filter((permission) => letsIn(permission, wantedPort) && !letsIn(permission, port))
      .map((permission) => ({
        ...{ ...permission, from: port, to: port },
        description: `The sandbox listens on ${port} in the place of ${wantedPort}`,
      })),
  );
}

function letsIn({ protocol, from, to }: Permission, port: number): boolean {
  return protocol === '-1' || (['tcp', '6'].includes(protocol) && from <= port && port <= to);
}
