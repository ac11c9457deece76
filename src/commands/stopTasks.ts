import { serviceOfTask } from '../ecs/taskGroup';
import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import type { Task } from '../ecs/model';
import { confirmChange, requireWritable } from '../ui/changes';
import type { Connections, Session } from '../ui/connections';
import { formatAge, formatTasks } from '../ui/format';
import { pick, type Choice } from '../ui/pick';
import { askService } from '../ui/askService';
import type { TaskPlace } from './verbs';

/** What ECS shows as the reason of the stop. */
const reason = 'Stopped by a person with Gantry';

/** Stops tasks, after asking. */
export async function stopTasks(connections: Connections, given: readonly TaskPlace[]): Promise<void> {
  const verb = vscode.l10n.t('Stop Task');
  requireWritable(given[0]?.session ?? connections.session);
  const places = given.length > 0 ? given : [await askTask(connections, verb)];
  const [first] = places;
  if (!first) return;
  const names = places.map(({ task }) => describe(task));
  const replaced = places.some(({ task }) => serviceOfTask(task) !== undefined);
  await confirmChange(first.session, {
    verb,
    question:
      places.length === 1
        ? vscode.l10n.t('Stop the task “{0}”?', first.task.id.slice(0, 12))
        : vscode.l10n.t('Stop {0}?', formatTasks(places.length)),
    detail: [
      ...names,
      ...(replaced ? [vscode.l10n.t('A service starts new tasks for those that it loses.')] : []),
    ].join('\n'),
  });
  for (const { session, task } of places) {
    await session.connection.ecs.stopTask(task.clusterArn, task.arn, reason, session.signal);
  }
  await Promise.all(places.map((place) => readAgain(place)));
}

/** The service's row moves at once, and its tasks with it. */
async function readAgain({ session, task }: TaskPlace): Promise<void> {
  const service = serviceOfTask(task);
  if (!service) return;
  const { found } = await session.connection.ecs.describeServices(task.clusterArn, [service], session.signal);
  for (const each of found) session.ecs.put(each);
}

async function askTask(connections: Connections, title: string): Promise<TaskPlace> {
  const { session } = connections;
  const { service } = await askService(session, title);
  const task = await pick(
    title,
    vscode.l10n.t('Task of {0}', service.name),
    choices(session, service.clusterArn, service.name),
  );
  return { session, task };
}

async function choices(session: Session, cluster: string, serviceName: string): Promise<Choice<Task>[]> {
  const { items } = await session.ecs.listTasks(cluster, { serviceName }, session.signal);
  return items.map((task) => ({
    label: task.id.slice(0, 12),
    description: [task.lastStatus.toLowerCase(), nameOf(task.taskDefinition), formatAge(task.startedAt)].join(' · '),
    value: task,
  }));
}

function describe(task: Task): string {
  return `${task.id.slice(0, 12)} · ${nameOf(task.taskDefinition)} · ${nameOf(task.clusterArn)}`;
}
