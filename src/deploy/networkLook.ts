import { nameOf } from '../core/arn';
import { GantryError, isCancelled } from '../core/errors';
import { message } from '../core/message';
import type { EcsGateway } from '../ecs/gateway';
import { findService } from '../ecs/findService';
import type { Service, Task, TaskPlacement } from '../ecs/model';
import { serviceOfTask } from '../ecs/taskGroup';
import { needsOf } from '../ecs/taskNeeds';
import { readNetwork, type NetworkSources } from '../network/readNetwork';
import { waysOf, type TaskAt, type Way } from '../network/ways';
import { servicesAsked } from './preflight/network';

/** Whom a look at the network asks. */
export type LookSources = NetworkSources & { readonly ecs: EcsGateway };

/** What is looked at, by names: what is known of it may be old. */
export type NetworkSubject =
  | { readonly kind: 'service'; readonly cluster: string; readonly service: string }
  | { readonly kind: 'task'; readonly cluster: string; readonly task: string };

/** The ways in and out, as AWS describes them at one moment. */
export interface NetworkLook {
  readonly name: string;
  readonly ways: readonly Way[];
  /** Tasks of the service to which no way was drawn. */
  readonly tasksLeftOut: number;
}

/** So many tasks of a service get a way of their own; what stands before them is the same for all. */
const tasksShown = 4;

const nowhere: TaskPlacement = { subnets: [], securityGroups: [], publicAddress: false };

/**
 * Looks at the network around a service, or around one of its tasks.
 * @throws GantryError serviceMissing, notFound, cancelled, and what ECS refuses; what EC2 and ELB refuse is a gap
 */
export async function lookAtNetwork(
  sources: LookSources,
  subject: NetworkSubject,
  signal: AbortSignal,
): Promise<NetworkLook> {
  const { ecs } = sources;
  if (subject.kind === 'task') {
    const task = await findTask(ecs, subject, signal);
    const name = serviceOfTask(task);
    const service = name === undefined ? undefined : await findService(ecs, subject.cluster, name, signal);
    return { name: task.id, ...(await look(sources, task.taskDefinition, service, { task }, signal)) };
  }
  const { cluster } = subject;
  const [service, tasks] = await Promise.all([
    findService(ecs, cluster, subject.service, signal),
    tasksOf(ecs, cluster, subject.service, signal),
  ]);
  return { name: service.name, ...(await look(sources, service.taskDefinition ?? '', service, { tasks }, signal)) };
}

async function findTask(
  ecs: EcsGateway,
  { cluster, task }: Extract<NetworkSubject, { kind: 'task' }>,
  signal: AbortSignal,
): Promise<Task> {
  const { found } = await ecs.describeTasks(cluster, [task], signal);
  const [first] = found;
  if (first) return first;
  throw new GantryError('notFound', message('Task {0} is not there any more.', nameOf(task)));
}

/** Two calls. Without permission for them, ways end where a task would be. */
async function tasksOf(ecs: EcsGateway, cluster: string, serviceName: string, signal: AbortSignal): Promise<Task[]> {
  try {
    const { items } = await ecs.listTasks(cluster, { serviceName }, undefined, signal);
    if (items.length === 0) return [];
    const { found } = await ecs.describeTasks(cluster, items.slice(0, 100), signal);
    return [...found].sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
  } catch (error) {
    if (isCancelled(error)) throw error;
    return [];
  }
}

async function look(
  sources: LookSources,
  definition: string,
  service: Service | undefined,
  { task, tasks = [] }: { readonly task?: Task; readonly tasks?: readonly Task[] },
  signal: AbortSignal,
): Promise<Omit<NetworkLook, 'name'>> {
  const needs = needsOf((await sources.ecs.describeTaskDefinition(definition, signal)).taskDefinition);
  const targetGroups = service?.targetGroups ?? [];
  const planned = service?.placement ?? nowhere;
  const near = task?.subnet ? { ...planned, subnets: [task.subnet] } : planned;
  const { networkInterface, privateAddress: address } = task ?? {};
  const asked = { ...near, targetGroups: targetGroups.map(({ arn }) => arn), networkInterface };
  const network = await readNetwork(sources, asked, signal);
  const found = network.networkInterfaces.known ? network.networkInterfaces.value[0] : undefined;
  const placement = found
    ? {
        subnets: near.subnets,
        securityGroups: found.securityGroups.map(({ id }) => id),
        // Where the interface has none yet, what the service asks for is what tasks get.
        publicAddress: found.publicAddress !== undefined || near.publicAddress,
      }
    : near;
  const shown: readonly TaskAt[] = task ? [task] : tasks.slice(0, tasksShown);
  const traveller = { placement, needs, targetGroups, asked: servicesAsked(needs), networkInterface, address };
  return {
    ways: waysOf(network, { ...traveller, tasks: shown }),
    tasksLeftOut: Math.max(0, tasks.length - tasksShown),
  };
}
