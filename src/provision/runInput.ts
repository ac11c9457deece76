import type { RunTaskInput } from '../ecs/gateway';
import type { CapacityChoice } from './choices';
import type { PlacedChoices } from './placement';

/** What RunTask is told. Without security groups ECS takes the default one of the VPC. */
export function runInput({ definition, cluster, capacity, network }: PlacedChoices): RunTaskInput {
  return { cluster, taskDefinition: definition.arn, ...launchOf(capacity), ...networkOf(network) };
}

/** A launch type or a strategy: one excludes the other. */
function launchOf(capacity: CapacityChoice): Record<string, unknown> {
  const strategy = (capacityProvider: string): Record<string, unknown> => ({
    capacityProviderStrategy: [{ capacityProvider, weight: 1 }],
  });
  switch (capacity.kind) {
    case 'fargate':
      return { launchType: 'FARGATE' };
    case 'fargateSpot':
      return strategy('FARGATE_SPOT');
    case 'provider':
      return strategy(capacity.name);
    default:
      return { launchType: 'EC2' };
  }
}

function networkOf(network: PlacedChoices['network']): Record<string, unknown> {
  if (!network) return {};
  const { subnets, securityGroups, publicAddress } = network;
  const awsvpcConfiguration = {
    subnets,
    ...(securityGroups ? { securityGroups } : {}),
    assignPublicIp: publicAddress ? 'ENABLED' : 'DISABLED',
  };
  return { networkConfiguration: { awsvpcConfiguration } };
}
