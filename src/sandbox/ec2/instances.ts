import type { EcsContext } from '../ecsService/context';
import type { ContainerInstance } from '../ecsService/types';
import type { Operation } from '../http/apiEndpoint';
import { type DescribeRequest, select } from './filters';
import { type Network, defaultGroup, defaultSubnets, defaultVpc } from './network';

/** The name of an instance type of about this size; the sandbox knows the size of its instances only. */
function typeOf({ cpu, architecture }: ContainerInstance): string {
  const size = cpu <= 2048 ? 'large' : cpu <= 4096 ? 'xlarge' : cpu <= 8192 ? '2xlarge' : '4xlarge';
  return `${architecture === 'ARM64' ? 'm6g' : 'm5'}.${size}`;
}

/** An address that follows from the instance's id, so that it lasts. */
function addressOf({ ec2InstanceId }: ContainerInstance): string {
  const digits = Number.parseInt(ec2InstanceId.slice(-4), 16) || 0;
  return `10.0.${(digits >> 8) & 0x7f}.${digits & 0xff || 10}`;
}

function describe({ place }: EcsContext, network: Network, instance: ContainerInstance): Record<string, unknown> {
  const [subnet] = defaultSubnets;
  const address = addressOf(instance);
  const group = { GroupId: defaultGroup, GroupName: network.groups.get(defaultGroup)?.name ?? 'default' };
  return {
    InstanceId: instance.ec2InstanceId,
    InstanceType: typeOf(instance),
    Architecture: instance.architecture === 'ARM64' ? 'arm64' : 'x86_64',
    State: { Code: 16, Name: 'running' },
    LaunchTime: new Date(instance.registeredAt),
    Placement: { AvailabilityZone: network.subnets.get(subnet)?.zone ?? `${place.region}a`, Tenancy: 'default' },
    PrivateIpAddress: address,
    PrivateDnsName: `ip-${address.replaceAll('.', '-')}.ec2.internal`,
    SubnetId: subnet,
    VpcId: defaultVpc,
    SecurityGroups: [group],
    Monitoring: { State: 'disabled' },
    Tags: [],
  };
}

/** The instances behind container instances. There is no other instance in the sandbox, and none has a public address. */
export function instanceOperations(network: Network, ecs: EcsContext): Record<string, Operation> {
  return {
    DescribeInstances: (input: DescribeRequest & { InstanceIds?: readonly string[] }) => {
      const all = [...ecs.state.clusters.values()].flatMap(({ instances }) => [...instances.values()]);
      const { items, NextToken } = select(all, input, {
        ids: input.InstanceIds ?? [],
        idOf: ({ ec2InstanceId }) => ec2InstanceId,
        error: 'InvalidInstanceID.NotFound',
        values: {
          'instance-id': ({ ec2InstanceId }) => ec2InstanceId,
          'instance-type': typeOf,
          'instance-state-name': () => 'running',
          'vpc-id': () => defaultVpc,
          'private-ip-address': addressOf,
        },
      });
      const Reservations = items.map((instance) => ({
        ReservationId: instance.ec2InstanceId.replace(/^i-/, 'r-'),
        OwnerId: ecs.place.account,
        Groups: [],
        Instances: [describe(ecs, network, instance)],
      }));
      return { Reservations, NextToken };
    },
  };
}
