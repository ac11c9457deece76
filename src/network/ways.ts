import type { TaskPlacement } from '../ecs/model';
import type { TaskNeeds } from '../ecs/taskNeeds';
import { directWayIn } from './directWay';
import type { AwsService } from './endpoints';
import type { Hop } from './hop';
import type { Network } from './network';
import { waysIn } from './wayIn';
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
}

export interface Way {
  readonly direction: 'in' | 'out';
  /** `web:8080`, or the service of AWS and the subnet. */
  readonly title: string;
  readonly hops: readonly Hop[];
}

/** Every way in and out. */
export function waysOf(network: Network, traveller: Traveller): Way[] {
  const { placement, needs } = traveller;
  const behind = traveller.targetGroups.flatMap(({ arn, container = '', containerPort = 0 }) =>
    waysIn(network, {
      ...{ targetGroup: arn, container, port: containerPort, networkMode: needs.networkMode },
      containerPorts: needs.containers.find(({ name }) => name === container)?.ports ?? [],
      ...{ subnets: placement.subnets, securityGroups: placement.securityGroups },
      ...{ networkInterface: traveller.networkInterface, address: traveller.address },
    }).map(({ hops }): Way => ({ direction: 'in', title: `${container}:${containerPort}`, hops })),
  );
  const direct = traveller.targetGroups.length > 0 ? [] : directWays(network, traveller);
  const out = placement.subnets.flatMap((subnet) =>
    traveller.asked.map((service): Way => {
      const { securityGroups, publicAddress } = placement;
      const hops = wayOut(network, { subnet, securityGroups, publicAddress }, service);
      return { direction: 'out', title: `${subnet} → ${service}`, hops };
    }),
  );
  return [...behind, ...direct, ...out];
}

function directWays(network: Network, { placement, needs, networkInterface }: Traveller): Way[] {
  return placement.subnets.flatMap((subnet) =>
    needs.containers.flatMap(({ name, ports }) =>
      ports.map((port): Way => {
        const hops = directWayIn(network, {
          ...{ subnet, securityGroups: placement.securityGroups, hasPublicAddress: placement.publicAddress },
          ...{ at: networkInterface ?? subnet, container: name, port },
        });
        return { direction: 'in', title: `${name}:${port}`, hops };
      }),
    ),
  );
}
