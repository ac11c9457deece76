import { message } from '../core/message';
import type { Task, TaskPlacement } from '../ecs/model';
import type { TaskNeeds } from '../ecs/taskNeeds';
import { directWayIn } from './directWay';
import type { AwsService } from './endpoints';
import { hop, open, type Hop } from './hop';
import type { Network } from './network';
import { taskHop } from './taskHop';
import { waysIn, type Arrival } from './wayIn';
import { wayOut } from './wayOut';

/** What the ways lead to and from: the tasks of a service, or one of them. */
export interface Traveller {
  readonly placement: TaskPlacement;
  readonly needs: TaskNeeds;
  readonly targetGroups: readonly {
    readonly arn: string;
    readonly container: string | undefined;
    readonly containerPort: number | undefined;
  }[];
  /** The services of AWS that the tasks ask. */
  readonly asked: readonly AwsService[];
  /** The interface and address of the one task that is meant. */
  readonly networkInterface?: string | undefined;
  readonly address?: string | undefined;
  /** The tasks that a way in each is drawn to; none: to wherever a task may start. */
  readonly tasks?: readonly TaskAt[];
}

/** A task, as far as its place in the network goes. */
export type TaskAt = Pick<Task, 'id' | 'lastStatus' | 'networkInterface' | 'subnet' | 'privateAddress'>;

export interface Way {
  readonly direction: 'in' | 'out';
  /** `443 → web:8080 → 6d0ecf83`, or the service of AWS and the subnet. */
  readonly title: string;
  readonly hops: readonly Hop[];
}

/** Every way in and out. */
export function waysOf(network: Network, traveller: Traveller): Way[] {
  const { placement, needs } = traveller;
  const behind = traveller.targetGroups.flatMap(({ arn, container = '', containerPort = 0 }) =>
    destinations(traveller).flatMap((task) => {
      const arrival: Arrival = {
        ...{ targetGroup: arn, container, port: containerPort, networkMode: needs.networkMode },
        containerPorts: needs.containers.find(({ name }) => name === container)?.ports ?? [],
        ...{ subnets: task?.subnet ? [task.subnet] : placement.subnets, securityGroups: placement.securityGroups },
        ...{ networkInterface: traveller.networkInterface, address: traveller.address, task },
      };
      return waysIn(network, arrival).map(({ hops }): Way => {
        const title = [listenerOf(hops), `${container}:${containerPort}`, task?.id.slice(0, 8)];
        return { direction: 'in', title: title.filter(Boolean).join(' → '), hops };
      });
    }),
  );
  const direct = traveller.targetGroups.length > 0 ? [] : directWays(network, traveller);
  const out = placement.subnets.flatMap((subnet) =>
    traveller.asked.map((service): Way => {
      const { securityGroups, publicAddress } = placement;
      const hops = wayOut(network, { subnet, securityGroups, publicAddress }, service);
      const start =
        hops[0]?.kind === 'subnet' ? [] : [hop('subnet', subnet, open(message('Tasks are in {0}', subnet)))];
      return { direction: 'out', title: `${subnet} → ${service}`, hops: [...start, ...hops] };
    }),
  );
  return [...behind, ...direct, ...out];
}

/** Each task that is known, or whichever comes. */
function destinations({ tasks = [] }: Traveller): readonly (TaskAt | undefined)[] {
  return tasks.length > 0 ? tasks : [undefined];
}

const listenerOf = (hops: readonly Hop[]): string | undefined => hops.find(({ kind }) => kind === 'listener')?.id;

function directWays(network: Network, traveller: Traveller): Way[] {
  const { placement, needs, networkInterface } = traveller;
  const ports = needs.containers.flatMap((container) =>
    container.ports.map((port) => ({ name: container.name, port })),
  );
  return destinations(traveller).flatMap((task) => {
    const subnets = task?.subnet ? [task.subnet] : placement.subnets;
    return subnets.flatMap((subnet) =>
      ports.map(({ name, port }): Way => {
        const way = directWayIn(network, {
          ...{ subnet, securityGroups: placement.securityGroups, hasPublicAddress: placement.publicAddress },
          ...{ at: networkInterface ?? task?.networkInterface ?? subnet, container: name, port },
        });
        const [last, ...before] = [...way].reverse();
        const hops = task && last ? [...before.reverse(), taskHop(network, task), last] : way;
        return { direction: 'in', title: [`${name}:${port}`, task?.id.slice(0, 8)].filter(Boolean).join(' → '), hops };
      }),
    );
  });
}
