import { tagList } from './tags';
import { isHealthy } from './taskLife';
import type { Cluster, ContainerState, Task } from './types';

const at = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

/** A task as DescribeTasks shows it. Tags come only when they are asked for. */
export function describeTask(cluster: Cluster, task: Task, withTags: boolean): Record<string, unknown> {
  const { registered } = task.taskDefinition;
  const containers = registered.containerDefinitions;
  const checked = containers.some(({ healthCheck }) => healthCheck !== undefined);
  const sum = (of: 'cpu'): string => String(containers.reduce((total, container) => total + (container[of] ?? 0), 0));
  const memory = containers.reduce(
    (total, container) => total + (container.memory ?? container.memoryReservation ?? 0),
    0,
  );
  const arm = registered.runtimePlatform?.cpuArchitecture === 'ARM64';
  return {
    attachments: task.eni ? [attachment(task.eni)] : [],
    attributes: [{ name: 'ecs.cpu-architecture', value: arm ? 'arm64' : 'x86_64' }],
    availabilityZone: `${task.arn.split(':')[3] ?? ''}a`,
    capacityProviderName: task.capacityProvider,
    clusterArn: cluster.arn,
    connectivity: task.lastStatus === 'PROVISIONING' ? undefined : 'CONNECTED',
    connectivityAt: task.lastStatus === 'PROVISIONING' ? undefined : at(task.pullStartedAt ?? task.createdAt),
    containerInstanceArn: task.containerInstance,
    containers: task.containers.map((container) => describeContainer(task, container)),
    cpu: registered.cpu ?? sum('cpu'),
    createdAt: at(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    executionStoppedAt: at(task.executionStoppedAt),
    group: task.group,
    healthStatus: checked ? (isHealthy(task) ? 'HEALTHY' : worst(task)) : 'UNKNOWN',
    lastStatus: task.lastStatus,
    launchType: task.launchType,
    memory: registered.memory ?? String(memory),
    overrides: task.overrides,
    ...(task.launchType === 'FARGATE'
      ? { platformVersion: task.platformVersion, platformFamily: 'Linux', ephemeralStorage: { sizeInGiB: 20 } }
      : {}),
    pullStartedAt: at(task.pullStartedAt),
    pullStoppedAt: at(task.pullStoppedAt),
    startedAt: at(task.startedAt),
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedAt: at(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stoppingAt: at(task.stoppingAt),
    tags: withTags ? tagList(task.tags) : [],
    taskArn: task.arn,
    taskDefinitionArn: task.taskDefinition.arn,
    version: task.version,
  };
}

function worst({ containers }: Task): string {
  return containers.some(({ health }) => health === 'UNHEALTHY') ? 'UNHEALTHY' : 'UNKNOWN';
}

function describeContainer(task: Task, container: ContainerState): Record<string, unknown> {
  const definition = task.taskDefinition.registered.containerDefinitions.find(({ name }) => name === container.name);
  const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
  return {
    containerArn: `${task.arn.replace(':task/', ':container/')}/${container.id}`,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    imageDigest: container.imageDigest,
    runtimeId: container.runtimeId,
    lastStatus: container.lastStatus,
    exitCode: container.exitCode,
    reason: container.reason,
    networkBindings: container.bindings,
    networkInterfaces: task.eni ? [{ attachmentId: task.eni.id, privateIpv4Address: task.eni.ip }] : [],
    healthStatus: container.health ?? 'UNKNOWN',
    managedAgents: task.enableExecuteCommand ? [execAgent(task, container)] : undefined,
    cpu: text(definition?.cpu ?? 0),
    memory: text(definition?.memory),
    memoryReservation: text(definition?.memoryReservation),
  };
}

/** The agent of ECS Exec beside a container. */
function execAgent(task: Task, { lastStatus }: ContainerState): Record<string, unknown> {
  const lastStartedAt = lastStatus === 'PENDING' ? undefined : at(task.startedAt ?? task.pullStoppedAt);
  return { name: 'ExecuteCommandAgent', lastStatus, lastStartedAt };
}

function attachment(eni: NonNullable<Task['eni']>): Record<string, unknown> {
  return {
    id: eni.id,
    type: 'ElasticNetworkInterface',
    status: eni.status,
    details: [
      { name: 'subnetId', value: eni.subnet },
      { name: 'networkInterfaceId', value: eni.eniId },
      { name: 'macAddress', value: eni.mac },
      { name: 'privateDnsName', value: `ip-${eni.ip.replaceAll('.', '-')}.ec2.internal` },
      { name: 'privateIPv4Address', value: eni.ip },
    ],
  };
}
