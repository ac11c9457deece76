import { message } from '../core/message';
import { blocked, hop, open, unknown, unread, type Hop, type Verdict } from './hop';
import type { Target, TargetGroup } from './model';
import type { Network } from './network';
import type { Arrival } from './wayIn';

/** The target group and what it thinks of its targets. */
export function targetHops(network: Network, group: TargetGroup, arrival: Arrival): Hop[] {
  return [
    hop('targetGroup', group.name, groupVerdict(network, group, arrival)),
    hop('targetHealth', group.name, healthVerdict(network, group, arrival)),
  ];
}

/** Tasks in awsvpc mode register by address, others by instance (Amazon ECS Developer Guide, "Load balancing"). */
function groupVerdict(network: Network, group: TargetGroup, { networkMode, subnets }: Arrival): Verdict {
  const wanted = networkMode === 'awsvpc' ? 'ip' : 'instance';
  if (group.targetType !== wanted) {
    return blocked(
      message(
        '{0} takes targets of type {1}; tasks in {2} mode need {3}',
        group.name,
        group.targetType,
        networkMode,
        wanted,
      ),
    );
  }
  const all = network.subnets.known ? network.subnets.value : [];
  const stranger = all.find(({ id, vpc }) => subnets.includes(id) && group.vpc !== undefined && vpc !== group.vpc);
  if (stranger) {
    return blocked(
      message('{0} is for {1}, but {2} is in {3}', group.name, group.vpc ?? '', stranger.id, stranger.vpc),
    );
  }
  return open(message('{0} takes targets of type {1}', group.name, group.targetType));
}

function healthVerdict(network: Network, group: TargetGroup, { address, port }: Arrival): Verdict {
  if (!network.targets.known) return unread(network.targets.gap);
  const all = network.targets.value[group.arn] ?? [];
  const meant = address === undefined ? all : all.filter(({ id }) => id === address);
  if (meant.length === 0) {
    return address === undefined
      ? unknown(message('{0} has no targets', group.name))
      : blocked(message('{0} is not registered in {1}', address, group.name));
  }
  const elsewhere = meant.every((target) => target.port !== undefined && target.port !== port);
  if (elsewhere && address !== undefined) {
    return blocked(message('{0} is registered with port {1}, not {2}', address, meant[0]?.port ?? '', port));
  }
  const healthy = meant.filter(({ state }) => state === 'healthy').length;
  if (healthy > 0) return open(message('{0} of {1} targets are healthy', healthy, meant.length));
  return notHealthy(meant[0], group);
}

function notHealthy(target: Target | undefined, group: TargetGroup): Verdict {
  const why = target?.description ?? target?.reason ?? '';
  const state = target?.state ?? '';
  return state === 'unhealthy'
    ? blocked(message('No target of {0} is healthy: {1}', group.name, why))
    : unknown(message('The targets of {0} are {1}', group.name, state));
}
