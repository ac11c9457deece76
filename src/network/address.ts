import type { EcsGateway } from '../ecs/gateway';
import type { Service, Task } from '../ecs/model';
import { summarize } from '../ecs/taskDefinition';
import type { NetworkGateway } from './gateway';
import type { Listener } from './model';

/** What is asked to find the way in. */
export interface AddressSources {
  readonly ecs: EcsGateway;
  readonly network: NetworkGateway;
}

/**
 * The address under which a browser reaches a service: what Express Mode says, its load balancer, else a published port of a running task.
 * Undefined when there is none that a browser could open.
 * @param container the container whose ports count; undefined for any
 */
export async function serviceAddress(
  sources: AddressSources,
  service: Service,
  container: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  // Its load balancer has other services behind it too, which only the name of the host tells apart.
  if (service.express) return expressAddress(sources.ecs, service, signal);
  const behind = await loadBalancerAddress(sources.network, service, signal);
  if (behind) return behind;
  const { items } = await sources.ecs.listTasks(service.clusterArn, { serviceName: service.name }, undefined, signal);
  if (items.length === 0) return undefined;
  const { found } = await sources.ecs.describeTasks(service.clusterArn, items.slice(0, 100), signal);
  const current = service.deployments.find(({ status }) => status === 'PRIMARY')?.id;
  // A task of the newest deployment answers with the newest image.
  const tasks = [...found].sort((a, b) => Number(b.startedBy === current) - Number(a.startedBy === current));
  for (const task of tasks) {
    const address = await taskAddress(sources, task, container, signal);
    if (address) return address;
  }
  return undefined;
}

async function expressAddress(ecs: EcsGateway, { arn }: Service, signal: AbortSignal): Promise<string | undefined> {
  const { endpoints } = await ecs.describeExpress(arn, signal);
  const [first] = endpoints;
  if (!first) return undefined;
  const address = /^https?:\/\//.test(first) ? first : `https://${first}`;
  return URL.canParse(address) ? new URL(address).href : undefined;
}

/** The address of one running task, by its published ports. */
export async function taskAddress(
  { ecs, network }: AddressSources,
  task: Task,
  container: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (task.lastStatus !== 'RUNNING') return undefined;
  const containers = task.containers.filter(({ name }) => container === undefined || name === container);
  const binding = containers.flatMap(({ networkBindings }) => networkBindings)[0];
  if (binding) {
    const host = isAny(binding.bindIp) ? await hostOf(ecs, network, task, signal) : binding.bindIp;
    return host && url(host, binding.hostPort);
  }
  // In awsvpc mode the task has an address of its own and the container's port is the port.
  const host =
    task.networkInterface && (await network.describeNetworkInterface(task.networkInterface, signal))?.publicAddress;
  if (!host) return undefined;
  const definition = summarize(await ecs.describeTaskDefinition(task.taskDefinition, signal));
  const port = definition.containers
    .filter(({ name }) => name === (container ?? name))
    .flatMap(({ ports }) => ports)[0];
  return port === undefined ? undefined : url(host, port);
}

async function hostOf(
  ecs: EcsGateway,
  network: NetworkGateway,
  task: Task,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!task.containerInstance) return undefined;
  const { found } = await ecs.describeContainerInstances(task.clusterArn, [task.containerInstance], signal);
  const instance = found[0]?.ec2Instance;
  return instance && network.publicAddressOfInstance(instance, signal);
}

async function loadBalancerAddress(
  network: NetworkGateway,
  service: Service,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (service.targetGroups.length === 0) return undefined;
  const groups = await network.describeTargetGroups(
    service.targetGroups.map(({ arn }) => arn),
    signal,
  );
  const arns = [...new Set(groups.flatMap(({ loadBalancers }) => loadBalancers))];
  if (arns.length === 0) return undefined;
  const balancers = await network.describeLoadBalancers(arns, signal);
  for (const { arn, dnsName } of balancers) {
    const listener = best(await network.describeListeners(arn, signal));
    if (listener) return url(dnsName, listener.port, listener.protocol === 'HTTPS');
  }
  return undefined;
}

/** HTTPS before HTTP, low ports before high ones. */
function best(listeners: readonly Listener[]): Listener | undefined {
  const usable = listeners.filter(({ protocol }) => ['HTTPS', 'HTTP', 'TCP'].includes(protocol));
  return usable.sort((a, b) => Number(b.protocol === 'HTTPS') - Number(a.protocol === 'HTTPS') || a.port - b.port)[0];
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function url(host: string, port: number, secure = port === 443): string {
  const usual = secure ? 443 : 80;
  return `${secure ? 'https' : 'http'}://${host}${port === usual ? '' : `:${port}`}/`;
}
