import type { ContainerDefinition, Task } from '../ecsService/types';
import type { LogStore } from './logStore';

/** The awslogs driver of a container: where its output goes. */
export function awslogsOf(
  { name, logConfiguration }: ContainerDefinition,
  task: Task,
): { group: string; stream: string; create: boolean } | undefined {
  if (logConfiguration?.logDriver !== 'awslogs') return undefined;
  const { options = {} } = logConfiguration;
  const prefix = options['awslogs-stream-prefix'];
  return {
    group: options['awslogs-group'] ?? '',
    stream: prefix === undefined ? task.id : `${prefix}/${name}/${task.id}`,
    create: options['awslogs-create-group'] === 'true',
  };
}

/** Opens the streams of a task's containers. @returns why that is not possible, in AWS's words. */
export function openStreams(store: LogStore, task: Task): { container: string; reason: string } | undefined {
  for (const definition of task.taskDefinition.registered.containerDefinitions) {
    const target = awslogsOf(definition, task);
    if (!target) continue;
    if (!store.groups.has(target.group)) {
      if (!target.create) return { container: definition.name, reason: missingGroup(task) };
      store.createGroup(target.group);
    }
    store.ensureStream(target.group, target.stream);
  }
  return undefined;
}

function missingGroup({ launchType }: Task): string {
  const cause = 'ResourceNotFoundException: The specified log group does not exist.';
  return launchType === 'FARGATE'
    ? 'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to ' +
        `create Cloudwatch log stream: ${cause}`
    : `CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ${cause}`;
}

/** Takes one line of a container's output. `at` in milliseconds since the Unix epoch. */
export function writeLine(store: LogStore, task: Task, container: string, line: string, at: number): void {
  const definition = task.taskDefinition.registered.containerDefinitions.find(({ name }) => name === container);
  const target = definition && awslogsOf(definition, task);
  const group = target && store.groups.get(target.group);
  // CloudWatch does not take empty events, and somebody may have deleted the group.
  if (!group || line === '') return;
  store.append(target.group, store.ensureStream(target.group, target.stream), [{ timestamp: at, message: line }]);
}
