import { containersOf } from '../ecs/taskDefinition';
import type { RawTaskDefinition } from '../ecs/gateway';

/** Where a container of a task writes its log. */
export type LogDestination =
  | {
      readonly kind: 'awslogs';
      readonly group: string;
      /** Undefined without a stream prefix: then the stream is named after the container's id on its host. */
      readonly stream: string | undefined;
      readonly region: string | undefined;
    }
  | { readonly kind: 'other'; readonly driver: string }
  | { readonly kind: 'none' };

/** The awslogs driver's own rule: `awslogs-stream-prefix/CONTAINER/TASKID` (ECS developer guide, "awslogs"). */
export function logDestination(taskDefinition: RawTaskDefinition, container: string, taskId: string): LogDestination {
  const definition = containersOf(taskDefinition).find(({ name }) => name === container);
  const log = definition?.['logConfiguration'] as
    { readonly logDriver?: string; readonly options?: Readonly<Record<string, string>> } | undefined;
  if (!log?.logDriver) return { kind: 'none' };
  const { options = {} } = log;
  const group = options['awslogs-group'];
  if (log.logDriver !== 'awslogs' || !group) return { kind: 'other', driver: log.logDriver };
  const prefix = options['awslogs-stream-prefix'];
  return {
    kind: 'awslogs',
    group,
    stream: prefix === undefined ? undefined : `${prefix}/${container}/${taskId}`,
    region: options['awslogs-region'],
  };
}
