import { english, message, type Message } from '../../core/message';
import type { Service, TaskPlacement } from '../../ecs/model';
import type { TaskNeeds } from '../../ecs/taskNeeds';
import { decisive, type Hop } from '../../network/hop';
import type { Network } from '../../network/network';
import { waysIn } from '../../network/wayIn';
import { wayOut } from '../../network/wayOut';
import { failed, passed, skipped, warning, type Check } from './check';

/** The services of AWS that a task asks before its containers start (AWS PrivateLink for Amazon ECR, for ECS). */
export function servicesAsked({ logGroups, secrets }: TaskNeeds): string[] {
  return [
    ...['ecr.api', 'ecr.dkr', 's3'],
    ...(logGroups.length > 0 ? ['logs'] : []),
    ...(secrets.some(({ valueFrom }) => valueFrom.includes(':secretsmanager:')) ? ['secretsmanager'] : []),
    ...(secrets.some(({ valueFrom }) => !valueFrom.includes(':secretsmanager:')) ? ['ssm'] : []),
  ];
}

/**
 * Whether each subnet has a way to each service. On EC2 the instance pulls, so only tasks on Fargate are asked about.
 */
export function checkWayOut(network: Network, placement: TaskPlacement, services: readonly string[]): Check[] {
  const { subnets, securityGroups, publicAddress } = placement;
  const ways = subnets.flatMap((subnet) =>
    services.map((service) => {
      const deciding = decisive(wayOut(network, { subnet, securityGroups, publicAddress }, service));
      return { subnet, service, deciding };
    }),
  );
  const shut = ways.filter(({ deciding }) => deciding?.state === 'blocked');
  const first = shut[0];
  if (first?.deciding) {
    const same = shut.filter(({ deciding }) => deciding?.id === first.deciding?.id);
    const asked = [...new Set(same.map(({ service }) => service))].join(', ');
    const cause = message('Tasks in {0} cannot reach {1}: {2}.', first.subnet, asked, english(first.deciding.reason));
    return [failed('wayOut', cause, fixOut(first.deciding, asked))];
  }
  const open = ways.find(({ deciding }) => deciding?.state === 'unknown')?.deciding;
  if (open) return [skipped('wayOut', gapOf(open))];
  return [passed('wayOut', message('Tasks in {0} reach {1}.', subnets.join(', '), services.join(', ')))];
}

function fixOut({ kind }: Hop, services: string): Message {
  switch (kind) {
    case 'securityGroup':
      return message('Let the security group send to port 443.');
    case 'networkAcl':
      return message('Let the network ACL pass port 443 out and the answers in.');
    default:
      return message(
        'Give the tasks a public address in a public subnet, add a NAT gateway, or add VPC endpoints for {0}.',
        services,
      );
  }
}

const inner: readonly Hop['kind'][] = ['targetGroup', 'subnet', 'networkAcl', 'securityGroup', 'networkInterface'];

/** Whether the load balancer reaches the tasks: the part of the way in that begins at the target group. */
export function checkWayIn(network: Network, service: Service, needs: TaskNeeds): Check[] {
  const { placement } = service;
  return service.targetGroups.map(({ arn, container = '', containerPort = 0 }) => {
    const ways = waysIn(network, {
      ...{ targetGroup: arn, container, port: containerPort, networkMode: needs.networkMode },
      containerPorts: needs.containers.find(({ name }) => name === container)?.ports ?? [],
      ...{ subnets: placement?.subnets ?? [], securityGroups: placement?.securityGroups ?? [] },
    });
    const deciding = decisive(ways.flatMap(({ hops }) => innerPart(hops)));
    if (deciding?.state === 'blocked') {
      const cause = message('The load balancer does not reach “{0}”: {1}.', container, english(deciding.reason));
      return failed('wayIn', cause, fixIn(deciding, containerPort));
    }
    if (deciding?.state === 'unknown') return skipped('wayIn', gapOf(deciding));
    return passed('wayIn', message('The load balancer reaches “{0}” on {1}.', container, containerPort));
  });
}

/** Before the target group only what leads to none at all matters: who may ask is not the ship's business. */
function innerPart(hops: readonly Hop[]): Hop[] {
  const at = hops.findIndex(({ kind }) => kind === 'targetGroup');
  if (at >= 0) return hops.slice(at).filter(({ kind }) => inner.includes(kind));
  const last = hops.at(-1);
  return last ? [last] : [];
}

function fixIn({ kind }: Hop, port: number): Message {
  switch (kind) {
    case 'securityGroup':
      return message('Let the security group of the tasks in on port {0} from that of the load balancer.', port);
    case 'networkAcl':
      return message('Let the network ACLs pass port {0}, and the answers to ports 1024–65535.', port);
    default:
      return message('Correct the target group of the service.');
  }
}

/** What the target groups' health checks will do to new tasks. */
export function checkHealth(network: Network, service: Service): Check[] {
  if (!network.targetGroups.known) return [skipped('healthCheck', network.targetGroups.gap)];
  return network.targetGroups.value.map(({ name, health: { protocol, path, interval, unhealthyThreshold } }) => {
    const what = path === undefined ? protocol : `${protocol} ${path}`;
    if ((service.gracePeriod ?? 0) > 0) {
      return passed(
        'healthCheck',
        message('{0} asks {1}; the first {2} s do not count.', name, what, service.gracePeriod ?? 0),
      );
    }
    return warning(
      'healthCheck',
      message(
        '{0} asks {1} from the start: a task that is not ready after {2} s is stopped.',
        name,
        what,
        interval * unhealthyThreshold,
      ),
      message('Set healthCheckGracePeriodSeconds of “{0}” to the time that a start takes.', service.name),
    );
  });
}

function gapOf({ reason, permission }: Hop): { reason: Message; permission?: string } {
  return { reason, ...(permission ? { permission } : {}) };
}
