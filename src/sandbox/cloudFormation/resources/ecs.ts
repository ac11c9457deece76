import { alreadyExists } from '../failures';
import { type Handling, type ResourceType, changed, firstIn, objectIn } from '../handling';
import type { Members, StackTag } from '../types';

export const ecsTags = (tags: readonly StackTag[]): { key: string; value: string }[] =>
  tags.map(({ Key: key, Value: value }) => ({ key, value }));

/** Of everything in ECS that an ARN names. */
export async function retagArn(
  handling: Handling,
  resourceArn: string,
  added: readonly StackTag[],
  tagKeys: readonly string[],
): Promise<void> {
  if (added.length > 0) await handling.call('ecs', 'TagResource', { resourceArn, tags: ecsTags(added) });
  if (tagKeys.length > 0) await handling.call('ecs', 'UntagResource', { resourceArn, tagKeys });
}

const arn = ({ place }: Handling, resource: string): string =>
  `arn:aws:ecs:${place.region}:${place.account}:${resource}`;

/** AWS::ECS::Cluster */
const cluster: ResourceType = {
  nameProperty: 'ClusterName',
  create: async (handling, properties) => {
    const clusterName = String(properties['ClusterName'] ?? handling.name(255));
    const { status } = firstIn(await handling.read('ecs', 'DescribeClusters', { clusters: [clusterName] }), 'clusters');
    if (status === 'ACTIVE') throw alreadyExists('AWS::ECS::Cluster', clusterName);
    const { ClusterSettings: settings } = properties;
    const given = settings === undefined ? properties : { ...properties, Settings: settings };
    const input = handling.input('ecs', 'CreateCluster', given, ['ClusterName', 'ClusterSettings', 'Tags']);
    await handling.call('ecs', 'CreateCluster', { clusterName, ...input, tags: ecsTags(handling.tags) });
    handling.made(clusterName);
  },
  attributes: (handling, id) => ({ Arn: arn(handling, `cluster/${id}`) }),
  update: async (handling, id, properties, former) => {
    if (changed(former, properties, 'ClusterSettings', 'Configuration', 'ServiceConnectDefaults')) {
      const { ClusterSettings = [{ Name: 'containerInsights', Value: 'disabled' }] } = properties;
      const { Configuration, ServiceConnectDefaults } = properties;
      const wanted = Object.entries({ Settings: ClusterSettings, Configuration, ServiceConnectDefaults });
      const given = Object.fromEntries(wanted.filter(([, value]) => value !== undefined));
      await handling.call('ecs', 'UpdateCluster', { cluster: id, ...handling.input('ecs', 'UpdateCluster', given) });
    }
    if (changed(former, properties, 'CapacityProviders', 'DefaultCapacityProviderStrategy')) {
      await associate(handling, { ...properties, Cluster: id });
    }
  },
  remove: async (handling, id) => {
    await handling.call('ecs', 'DeleteCluster', { cluster: id });
  },
  retag: (handling, id, added, removed) => retagArn(handling, arn(handling, `cluster/${id}`), added, removed),
};

async function associate(handling: Handling, properties: Members): Promise<void> {
  const { Cluster, CapacityProviders = [], DefaultCapacityProviderStrategy = [] } = properties;
  const operation = 'PutClusterCapacityProviders';
  const given = { Cluster, CapacityProviders, DefaultCapacityProviderStrategy };
  await handling.call('ecs', operation, handling.input('ecs', operation, given));
}

/** AWS::ECS::ClusterCapacityProviderAssociations */
const associations: ResourceType = {
  create: async (handling, properties) => {
    await associate(handling, properties);
    handling.made(String(properties['Cluster']));
  },
  update: (handling, _, properties) => associate(handling, properties),
  remove: (handling, Cluster) => associate(handling, { Cluster }),
};

/** AWS::ECS::CapacityProvider */
const capacityProvider: ResourceType = {
  nameProperty: 'Name',
  create: async (handling, properties) => {
    const name = String(properties['Name'] ?? handling.name(255));
    const { ClusterName: of } = properties;
    const input = handling.input('ecs', 'CreateCapacityProvider', properties, ['Name', 'ClusterName', 'Tags']);
    const tags = ecsTags(handling.tags);
    await handling.call('ecs', 'CreateCapacityProvider', {
      ...{ name, ...input, tags, ...(of === undefined ? {} : { cluster: of }) },
    });
    handling.made(name);
  },
  settle: (handling, id) =>
    handling.until(async () => {
      const answer = await handling.read('ecs', 'DescribeCapacityProviders', { capacityProviders: [id] });
      return firstIn(answer, 'capacityProviders')['status'] === 'ACTIVE';
    }),
  update: async (handling, name, properties) => {
    const { AutoScalingGroupProvider: group, ManagedInstancesProvider, ClusterName: of } = properties;
    const given = group ? { AutoScalingGroupProvider: withoutGroup(group as Members) } : { ManagedInstancesProvider };
    const input = handling.input('ecs', 'UpdateCapacityProvider', given);
    await handling.call('ecs', 'UpdateCapacityProvider', {
      name,
      ...input,
      ...(of === undefined ? {} : { cluster: of }),
    });
  },
  remove: async (handling, id) => {
    await handling.call('ecs', 'DeleteCapacityProvider', { capacityProvider: id });
  },
  retag: (handling, id, added, removed) => retagArn(handling, arn(handling, `capacity-provider/${id}`), added, removed),
};

/** AWS::ECS::TaskDefinition: a change registers a new revision, and the one before is deregistered in the end. */
const taskDefinition: ResourceType = {
  create: async (handling, properties) => {
    const family = String(properties['Family'] ?? handling.name(255));
    const input = handling.input('ecs', 'RegisterTaskDefinition', properties, ['Family', 'Tags']);
    const tags = ecsTags(handling.tags);
    const answer = await handling.call('ecs', 'RegisterTaskDefinition', {
      ...{ containerDefinitions: [], ...input, family, ...(tags.length > 0 ? { tags } : {}) },
    });
    handling.made(String(objectIn(answer, 'taskDefinition')['taskDefinitionArn']));
  },
  attributes: (_, id) => ({ TaskDefinitionArn: id }),
  remove: async (handling, id) => {
    await handling.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: id });
  },
  retag: retagArn,
};

export const ecsTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::ECS::Cluster': cluster,
  'AWS::ECS::ClusterCapacityProviderAssociations': associations,
  'AWS::ECS::CapacityProvider': capacityProvider,
  'AWS::ECS::TaskDefinition': taskDefinition,
};

/** The group itself cannot be changed. */
function withoutGroup(provider: Members): Members {
  return Object.fromEntries(Object.entries(provider).filter(([name]) => name !== 'AutoScalingGroupArn'));
}
