import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { fargateUnits, memoriesFor } from '../ecs/fargateSizes';
import type { RawTaskDefinition } from '../ecs/gateway';
import { containersOf } from '../ecs/taskDefinition';

/** One number of a task definition, before and after. */
export interface SizeChange {
  /** `web: memory`, or `memory` and `cpu` of the task. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

export interface Raised {
  readonly taskDefinition: RawTaskDefinition;
  readonly changes: readonly SizeChange[];
}

/**
 * The same task definition with about twice the memory for one container, in the next size that exists. Where the
 * container has no limit of its own, the task’s memory grows; on Fargate the CPU grows with it where it must.
 * @param described as RegisterTaskDefinition takes it
 * @throws GantryError targetInvalid when there is no larger size, or no number that could be raised
 */
export function raiseMemory(described: RawTaskDefinition, container: string): Raised {
  const next = structuredClone(described) as Record<string, unknown>;
  const containers = containersOf(next);
  const own = containers.find(({ name }) => name === container);
  if (!own) throw noLarger(container);
  const changes: SizeChange[] = [];
  const limit = sizeNumber(own['memory']);
  const reserved = sizeNumber(own['memoryReservation']);
  const task = sizeNumber(next['memory']);
  if (limit !== undefined) {
    own['memory'] = limit * 2;
    changes.push({ what: `${container}: memory`, from: `${limit} MiB`, to: `${limit * 2} MiB` });
  }
  const others = containers.filter((each) => each !== own).reduce((sum, each) => sum + sizeOf(each), 0);
  const needed = limit === undefined ? (task ?? 0) * 2 : limit * 2 + others;
  if (task !== undefined && (limit === undefined || needed > task)) changes.push(...raiseTask(next, needed, container));
  if (limit === undefined && task === undefined && reserved !== undefined) {
    own['memoryReservation'] = reserved * 2;
    changes.push({ what: `${container}: memoryReservation`, from: `${reserved} MiB`, to: `${reserved * 2} MiB` });
  }
  if (changes.length === 0) throw noLarger(container);
  return { taskDefinition: next, changes };
}

function raiseTask(next: Record<string, unknown>, needed: number, container: string): SizeChange[] {
  const memory = sizeNumber(next['memory']);
  const cpu = sizeNumber(next['cpu']);
  const size = isFargate(next) ? fargateSize(cpu ?? 256, needed, container) : { cpu, memory: needed };
  const changes = [{ what: 'memory', from: `${memory ?? 0} MiB`, to: `${size.memory} MiB` }];
  // The task's numbers are texts in the API, the containers' are numbers.
  next['memory'] = String(size.memory);
  if (size.cpu === cpu || size.cpu === undefined) return changes;
  next['cpu'] = String(size.cpu);
  return [...changes, { what: 'cpu', from: String(cpu ?? ''), to: String(size.cpu) }];
}

/** The smallest size with that much memory and at least that much CPU. */
function fargateSize(cpu: number, needed: number, container: string): { cpu: number; memory: number } {
  for (const units of fargateUnits) {
    const memory = units >= cpu ? memoriesFor(units).find((size) => size >= needed) : undefined;
    if (memory !== undefined) return { cpu: units, memory };
  }
  throw noLarger(container);
}

function isFargate(taskDefinition: RawTaskDefinition): boolean {
  const required = taskDefinition['requiresCompatibilities'];
  return Array.isArray(required) && required.includes('FARGATE');
}

function sizeOf(container: Record<string, unknown>): number {
  return sizeNumber(container['memory']) ?? sizeNumber(container['memoryReservation']) ?? 0;
}

/** Containers have numbers, tasks have texts: `512`, and `1GB` or `1 vCPU` in ones that the console wrote. */
export function sizeNumber(value: unknown): number | undefined {
  const [, digits, unit = ''] = /^([\d.]+)\s*(gb|vcpu)?$/i.exec(String(value ?? '')) ?? [];
  return digits === undefined ? undefined : Number(digits) * (unit ? 1024 : 1);
}

function noLarger(container: string): GantryError {
  return new GantryError(
    'targetInvalid',
    message('There is no larger size for “{0}” that Gantry could choose.', container),
  );
}
