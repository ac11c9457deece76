import { message, type Message } from '../../core/message';
import { memoriesFor } from '../../ecs/fargateSizes';
import type { RawTaskDefinition } from '../../ecs/gateway';
import { containersOf } from '../../ecs/taskDefinition';
import { needsOf } from '../../ecs/taskNeeds';
import { sizeNumber } from '../memorySize';
import { checkSize } from '../preflight/size';
import type { MemberPath } from './document';

/** Something that is wrong with a task definition. `error`: ECS refuses it; `warning`: its tasks would not start. */
export interface Problem {
  readonly path: MemberPath;
  readonly severity: 'error' | 'warning';
  readonly sentence: Message;
  readonly fix?: Message | undefined;
}

type Json = Record<string, unknown>;
/** A container with its place in the list. */
type Placed = readonly [container: Json, index: number];

const error = (path: MemberPath, sentence: Message, fix?: Message): Problem => ({
  ...{ path, severity: 'error', sentence },
  ...(fix ? { fix } : {}),
});
const at = (index: number, ...rest: MemberPath): MemberPath => ['containerDefinitions', index, ...rest];
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const recordsOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const nameOf = ({ name }: Json): string => String(name ?? '');

/** Whether tasks of it are to run on Fargate. */
export function wantsFargate(input: RawTaskDefinition): boolean {
  const wanted = input['requiresCompatibilities'];
  return Array.isArray(wanted) && wanted.includes('FARGATE');
}

/**
 * Whether lists of objects hold objects. What has another shape is for the JSON schema to say, and nothing else is
 * looked at.
 */
export function isSound(input: RawTaskDefinition): boolean {
  const lists = ['portMappings', 'environment', 'secrets', 'mountPoints', 'dependsOn', 'volumesFrom'];
  const holdsObjects = (value: unknown): boolean =>
    value === undefined || (Array.isArray(value) && value.every((each) => isObject(each)));
  const isOptional = (value: unknown): boolean => value === undefined || isObject(value);
  return (
    holdsObjects(input['containerDefinitions']) &&
    holdsObjects(input['volumes']) &&
    isOptional(input['runtimePlatform']) &&
    containersOf(input).every(
      (container) =>
        lists.every((list) => holdsObjects(container[list])) &&
        ['logConfiguration', 'repositoryCredentials'].every((member) => isOptional(container[member])),
    )
  );
}

/** What ECS would refuse, by the rules that no schema can say (ECS RegisterTaskDefinition). Asks nobody. */
export function definitionProblems(input: RawTaskDefinition): Problem[] {
  if (!isSound(input)) return [];
  const containers = containersOf(input).map((container, index): Placed => [container, index]);
  return [
    ...sizeProblems(input),
    ...nameProblems(containers),
    ...essentialProblems(containers),
    ...memoryProblems(input, containers),
    ...portProblems(needsOf(input).networkMode, containers),
    ...orderProblems(containers),
    ...volumeProblems(input, containers),
    ...secretProblems(input, containers),
  ];
}

function sizeProblems(input: RawTaskDefinition): Problem[] {
  if (!wantsFargate(input)) return [];
  const missing = ['cpu', 'memory'].filter((member) => input[member] === undefined);
  if (missing.length > 0) {
    return missing.map((member) =>
      error(['requiresCompatibilities'], message('Fargate needs “{0}” of the whole task.', member)),
    );
  }
  const [cpu, memory] = ['cpu', 'memory'].map((member) => String(sizeNumber(input[member]) ?? ''));
  const needs = { ...needsOf(input), cpu, memory };
  const member =
    needs.networkMode !== 'awsvpc' ? 'networkMode' : memoriesFor(Number(cpu ?? 0)).length === 0 ? 'cpu' : 'memory';
  return checkSize(needs, true).flatMap(({ state, cause, fix }) =>
    state === 'failed' ? [error(input[member] === undefined ? ['requiresCompatibilities'] : [member], cause, fix)] : [],
  );
}

function nameProblems(containers: readonly Placed[]): Problem[] {
  const names = containers.map(([container]) => nameOf(container));
  return containers.flatMap(([container, index]) => {
    const name = nameOf(container);
    return name !== '' && names.indexOf(name) < index
      ? [error(at(index, 'name'), message('Two containers have the name “{0}”.', name))]
      : [];
  });
}

function essentialProblems(containers: readonly Placed[]): Problem[] {
  if (containers.length === 0 || containers.some(([{ essential }]) => essential !== false)) return [];
  return [
    error(
      at(0, 'essential'),
      message('No container is essential.'),
      message('At least one has to be: when it ends, the task ends.'),
    ),
  ];
}

function memoryProblems(input: RawTaskDefinition, containers: readonly Placed[]): Problem[] {
  const task = sizeNumber(input['memory']);
  if (task === undefined && wantsFargate(input)) return [];
  const units = sizeNumber(input['cpu']);
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const own = containers.flatMap(([container, index]) => containerMemory(container, index, task));
  const wanted = sum(containers.map(([{ memory, memoryReservation }]) => sizeNumber(memoryReservation ?? memory) ?? 0));
  const cpu = sum(containers.map(([container]) => sizeNumber(container['cpu']) ?? 0));
  return [
    ...own,
    ...(task !== undefined && own.length === 0 && wanted > task
      ? [error(['memory'], message('The containers want {0} MiB, but the task has {1}.', wanted, task))]
      : []),
    ...(units !== undefined && cpu > units
      ? [error(['cpu'], message('The containers want {0} CPU units, but the task has {1}.', cpu, units))]
      : []),
  ];
}

function containerMemory(container: Json, index: number, task: number | undefined): Problem[] {
  const memory = sizeNumber(container['memory']);
  const reserved = sizeNumber(container['memoryReservation']);
  const name = nameOf(container);
  if (memory === undefined && reserved === undefined && task === undefined) {
    const fix = message('Set “memory” or “memoryReservation”, or “memory” of the task.');
    return [error(at(index, 'name'), message('Nothing says how much memory “{0}” gets.', name), fix)];
  }
  if (memory !== undefined && task !== undefined && memory > task) {
    return [error(at(index, 'memory'), message('“{0}” wants {1} MiB, but the task has {2}.', name, memory, task))];
  }
  if (memory !== undefined && reserved !== undefined && reserved > memory) {
    return [
      error(at(index, 'memoryReservation'), message('“{0}” reserves {1} MiB of at most {2}.', name, reserved, memory)),
    ];
  }
  return [];
}

function portProblems(networkMode: string, containers: readonly Placed[]): Problem[] {
  const taken = new Map<string, string>();
  return containers.flatMap(([container, index]) =>
    recordsOf(container['portMappings']).flatMap((mapping, place) => {
      const path = at(index, 'portMappings', place);
      if (networkMode === 'none') {
        return [error(path, message('In the network mode “none” a container has no port mappings.'))];
      }
      return portProblem(networkMode, nameOf(container), mapping, path, taken);
    }),
  );
}

/** In awsvpc and host mode all containers of a task share the ports of one interface. */
function portProblem(
  networkMode: string,
  container: string,
  { containerPort, hostPort, protocol }: Json,
  path: MemberPath,
  taken: Map<string, string>,
): Problem[] {
  if (typeof containerPort !== 'number') return [];
  const isShared = networkMode === 'awsvpc' || networkMode === 'host';
  if (isShared && typeof hostPort === 'number' && hostPort !== containerPort) {
    const fix = message('Leave “hostPort” out, or set it to {0}.', containerPort);
    const cause = message('In {0} mode the host port is the container port, {1}.', networkMode, containerPort);
    return [error([...path, 'hostPort'], cause, fix)];
  }
  const port = isShared ? containerPort : hostPort;
  if (typeof port !== 'number' || port === 0) return [];
  const key = `${port}/${typeof protocol === 'string' ? protocol : 'tcp'}`;
  const other = taken.get(key);
  taken.set(key, other ?? container);
  if (other === undefined) return [];
  return [
    error([...path, isShared ? 'containerPort' : 'hostPort'], message('“{0}” has the port {1} already.', other, key)),
  ];
}

function orderProblems(containers: readonly Placed[]): Problem[] {
  return containers.flatMap(([container, index]) =>
    recordsOf(container['dependsOn']).flatMap(({ containerName, condition }, place) => {
      const path = at(index, 'dependsOn', place);
      const other = containers.find(([each]) => each['name'] === containerName)?.[0];
      const name = String(containerName);
      if (!other || other === container) {
        return [error([...path, 'containerName'], message('There is no other container “{0}”.', name))];
      }
      if (condition === 'HEALTHY' && other['healthCheck'] === undefined) {
        return [error([...path, 'condition'], message('“{0}” has no health check, so it is never healthy.', name))];
      }
      const waitsForEnd = condition === 'COMPLETE' || condition === 'SUCCESS';
      return waitsForEnd && other['essential'] !== false
        ? [error([...path, 'condition'], message('“{0}” is essential: when it ends, the task ends.', name))]
        : [];
    }),
  );
}

function volumeProblems(input: RawTaskDefinition, containers: readonly Placed[]): Problem[] {
  const volumes = recordsOf(input['volumes']).map(({ name }) => name);
  return containers.flatMap(([container, index]) =>
    recordsOf(container['mountPoints']).flatMap(({ sourceVolume }, place) =>
      sourceVolume === undefined || volumes.includes(sourceVolume)
        ? []
        : [
            error(
              at(index, 'mountPoints', place, 'sourceVolume'),
              message('There is no volume “{0}” in “volumes”.', String(sourceVolume)),
            ),
          ],
    ),
  );
}

function secretProblems(input: RawTaskDefinition, containers: readonly Placed[]): Problem[] {
  if (input['executionRoleArn'] !== undefined) return [];
  return containers.flatMap(([container, index]) =>
    recordsOf(container['secrets']).length > 0
      ? [
          error(
            at(index, 'secrets'),
            message('Without an execution role ECS cannot read the secrets of “{0}”.', nameOf(container)),
            message('Set executionRoleArn to a role with AmazonECSTaskExecutionRolePolicy.'),
          ),
        ]
      : [],
  );
}
