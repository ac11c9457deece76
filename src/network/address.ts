import { message, type Message } from '../core/message';
import type { EcsGateway } from '../ecs/gateway';
import type { Service, Task } from '../ecs/model';
import { primaryOf } from '../ecs/primary';
import { summarize } from '../ecs/taskDefinition';
import type { NetworkGateway } from './gateway';
import { balancedAddress, url, type WayIn } from './balancedAddress';

/** What is asked to find the way in. */
export interface AddressSources {
  readonly ecs: EcsGateway;
  readonly network: NetworkGateway;
}

/**
 * The address under which a browser reaches a service: what Express Mode says, its load balancer, else a published port
 * of a running task; or why there is none.
 * @param container the container whose ports count; undefined for any
 */
export async function serviceAddress(
  sources: AddressSources,
  service: Service,
  container: string | undefined,
  signal: AbortSignal,
): Promise<WayIn> {
  // Its load balancer has other services behind it too, which only the name of the host tells apart.
  if (service.express) return expressAddress(sources.ecs, service, signal);
  const behind = await loadBalancerAddress(sources.network, service, signal);
  if (behind?.address !== undefined) return behind;
  const { items } = await sources.ecs.listTasks(service.clusterArn, { serviceName: service.name }, undefined, signal);
  if (items.length === 0) return behind ?? none(message('No task of “{0}” is running.', service.name));
  const { found } = await sources.ecs.describeTasks(service.clusterArn, items.slice(0, 100), signal);
  const current = primaryOf(service)?.id;
  // A task of the newest deployment answers with the newest image.
  const tasks = [...found].sort((a, b) => Number(b.startedBy === current) - Number(a.startedBy === current));
  let why: WayIn | undefined;
  for (const task of tasks) {
    const way = await taskAddress(sources, task, container, signal);
    if (way.address !== undefined) return way;
    why ??= way;
  }
  return behind ?? why ?? none(message('No task of “{0}” is running.', service.name));
}

function none(reason: Message): WayIn {
  return { address: undefined, reason };
}

async function expressAddress(ecs: EcsGateway, { arn, name }: Service, signal: AbortSignal): Promise<WayIn> {
  const { endpoints } = await ecs.describeExpress(arn, signal);
  const [first = ''] = endpoints;
  const address = /^https?:\/\//.test(first) ? first : `https://${first}`;
  return first && URL.canParse(address)
    ? { address: new URL(address).href }
    : none(message('Express Mode has given “{0}” no endpoint yet.', name));
}

/** The address of one running task, by its published ports; or why there is none. */
export async function taskAddress(
  { ecs, network }: AddressSources,
  task: Task,
  container: string | undefined,
  signal: AbortSignal,
): Promise<WayIn> {
  if (task.lastStatus !== 'RUNNING') return none(message('The task {0} is not running.', task.id.slice(0, 12)));
  const containers = task.containers.filter(({ name }) => container === undefined || name === container);
  const binding = containers.flatMap(({ networkBindings }) => networkBindings)[0];
  if (binding) {
    const host = isAny(binding.bindIp) ? await hostOf(ecs, network, task, signal) : binding.bindIp;
    return host ? { address: url(host, binding.hostPort) } : none(message('Its container instance has no address.'));
  }
  // In awsvpc mode the task has an address of its own and the container's port is the port.
  if (!task.networkInterface) return none(message('Its containers publish no port.'));
  const host = (await network.describeNetworkInterface(task.networkInterface, signal))?.publicAddress;
  if (!host) return none(message('Its task has no public address, and there is no load balancer in front of it.'));
  const definition = summarize(await ecs.describeTaskDefinition(task.taskDefinition, signal));
  const port = definition.containers
    .filter(({ name }) => name === (container ?? name))
    .flatMap(({ ports }) => ports)[0];
  return port === undefined ? none(message('Its containers publish no port.')) : { address: url(host, port) };
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

/** By its load balancers; undefined where it has none. Rules are read only where no default action leads to it. */
async function loadBalancerAddress(
  network: NetworkGateway,
  service: Service,
  signal: AbortSignal,
): Promise<WayIn | undefined> {
  const groups = service.targetGroups.map(({ arn }) => arn);
  if (groups.length === 0) return undefined;
  const described = await network.describeTargetGroups(groups, signal);
  const arns = [...new Set(described.flatMap(({ loadBalancers }) => loadBalancers))];
  if (arns.length === 0) return none(message('No load balancer uses its target group.'));
  let why: WayIn | undefined;
  for (const balancer of await network.describeLoadBalancers(arns, signal)) {
    const listeners = await network.describeListeners(balancer.arn, signal);
    const isDirect = listeners.some(({ targetGroups }) => targetGroups.some((arn) => groups.includes(arn)));
    const withRules = listeners.map(async (listener) => ({
      listener,
      rules: isDirect ? [] : await network.describeRules(listener.arn, signal),
    }));
    const way = balancedAddress(balancer, await Promise.all(withRules), groups);
    if (way.address !== undefined) return way;
    why ??= way;
  }
  return why;
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
