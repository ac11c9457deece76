import type { CapacityChoice, ServiceChoices, ClusterChoice } from '../choices';
import { getAtt, ref, type Resource, type Value } from './ast';
import { managedInstancesRoles } from './roles';

/** The cluster, where it is a new one, and what its tasks run on. */
export function clusterResources({ cluster, capacity, network }: ServiceChoices): Record<string, Resource> {
  return {
    ...newCluster(cluster, capacity),
    ...(capacity.kind === 'autoScalingGroup' ? groupProvider(capacity.arn) : {}),
    ...(capacity.kind === 'managedInstances' ? instancesProvider(cluster, network.subnets) : {}),
    ...(ownProvider(capacity) && cluster.kind === 'new' ? association(capacity) : {}),
  };
}

/** A new cluster with Fargate; other providers are associated once they are there. */
export function newCluster(cluster: ClusterChoice, capacity?: CapacityChoice): Record<string, Resource> {
  if (cluster.kind === 'existing') return {};
  const hasOwn = capacity && ownProvider(capacity);
  return {
    Cluster: {
      type: 'AWS::ECS::Cluster',
      comment: 'A group of services and tasks. It costs nothing by itself.',
      properties: {
        ClusterName: cluster.name,
        ...(hasOwn ? {} : { CapacityProviders: ['FARGATE', 'FARGATE_SPOT'] }),
        ClusterSettings: [{ Name: 'containerInsights', Value: cluster.insights ? 'enabled' : 'disabled' }],
      },
    },
  };
}

/** What the service is told about its cluster. */
export function clusterName(cluster: ClusterChoice): Value {
  return cluster.kind === 'new' ? ref('Cluster') : cluster.name;
}

/** What the service is told about what its tasks run on. */
export function launchProperties(capacity: CapacityChoice): Record<string, Value> {
  const strategy = (provider: Value): Record<string, Value> => ({
    CapacityProviderStrategy: [{ CapacityProvider: provider, Weight: 1 }],
  });
  switch (capacity.kind) {
    case 'fargate':
      return { LaunchType: 'FARGATE' };
    case 'registeredInstances':
      return { LaunchType: 'EC2' };
    case 'fargateSpot':
      return strategy('FARGATE_SPOT');
    case 'provider':
      return strategy(capacity.name);
    case 'autoScalingGroup':
    case 'managedInstances':
      return strategy(ref('CapacityProvider'));
  }
}

/** What has to be there before a service can ask for its capacity. */
export function capacityDependencies({ cluster, capacity }: ServiceChoices): string[] {
  return ownProvider(capacity) && cluster.kind === 'new' ? ['ClusterCapacity'] : [];
}

function ownProvider({ kind }: CapacityChoice): boolean {
  return kind === 'autoScalingGroup' || kind === 'managedInstances';
}

function groupProvider(arn: string): Record<string, Resource> {
  return {
    CapacityProvider: {
      type: 'AWS::ECS::CapacityProvider',
      comment: 'Starts and stops instances of the Auto Scaling group as tasks need them.',
      properties: {
        AutoScalingGroupProvider: {
          AutoScalingGroupArn: arn,
          ManagedScaling: { Status: 'ENABLED', TargetCapacity: 100 },
          ManagedTerminationProtection: 'DISABLED',
        },
      },
    },
  };
}

function instancesProvider(cluster: ClusterChoice, subnets: readonly string[]): Record<string, Resource> {
  return {
    ...managedInstancesRoles(),
    CapacityProvider: {
      type: 'AWS::ECS::CapacityProvider',
      comment: 'Instances that ECS starts, patches and stops in your account.',
      properties: {
        ClusterName: clusterName(cluster),
        ManagedInstancesProvider: {
          InfrastructureRoleArn: getAtt('InfrastructureRole', 'Arn'),
          InstanceLaunchTemplate: {
            Ec2InstanceProfileArn: getAtt('InstanceProfile', 'Arn'),
            NetworkConfiguration: { Subnets: [...subnets], SecurityGroups: [ref('InstanceSecurityGroup')] },
          },
        },
      },
    },
    InstanceSecurityGroup: {
      type: 'AWS::EC2::SecurityGroup',
      comment: 'The instances themselves: nobody connects to them.',
      properties: {
        GroupDescription: 'Instances of Amazon ECS',
        VpcId: ref('Vpc'),
        SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0', Description: 'To ECS, ECR and the outside' }],
      },
    },
  };
}

function association(capacity: CapacityChoice): Record<string, Resource> {
  const provider = ref('CapacityProvider');
  return {
    ClusterCapacity: {
      type: 'AWS::ECS::ClusterCapacityProviderAssociations',
      comment:
        capacity.kind === 'managedInstances'
          ? 'What the cluster takes where nothing else is said: the managed instances.'
          : 'What the cluster takes where nothing else is said: the instances of the group.',
      properties: {
        Cluster: ref('Cluster'),
        CapacityProviders: [provider],
        DefaultCapacityProviderStrategy: [{ CapacityProvider: provider, Weight: 1 }],
      },
    },
  };
}
