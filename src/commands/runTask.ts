import { serviceOfTask } from '../ecs/taskGroup';
import stringArgv from 'string-argv';
import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import type { RunTaskInput } from '../ecs/gateway';
import type { Task } from '../ecs/model';
import { summarize } from '../ecs/taskDefinition';
import { askService, type ServicePlace } from '../ui/askService';
import { confirmInProduction, requireWritable } from '../ui/changes';
import type { Connections, Session } from '../ui/connections';
import { ask, pick, type Title } from '../ui/pick';
import type { TaskPlace } from './verbs';

/** Runs one task like those of a service, or like another task: same revision, same place in the network. */
export async function runTaskLike(
  connections: Connections,
  given: ServicePlace | TaskPlace | undefined,
): Promise<void> {
  const title = vscode.l10n.t('Run Task');
  requireWritable(given?.session ?? connections.session);
  const place = given ?? (await askService(connections.session, title));
  const { session } = place;
  const input = 'task' in place ? await likeTask(session, place.task) : await likeService(place);
  const overrides = await askOverrides(session, input.taskDefinition, title);
  await confirmInProduction(session, {
    verb: title,
    question: vscode.l10n.t('Run a task of “{0}”?', nameOf(input.taskDefinition)),
    detail: vscode.l10n.t('In the cluster “{0}”.', nameOf(input.cluster)),
  });
  announceTask(input, await startOnce(session, { ...input, ...overrides }, session.signal));
}

/** Starts one task. @returns its ARN */
export async function startOnce({ connection }: Session, input: RunTaskInput, signal: AbortSignal): Promise<string> {
  const [arn = ''] = await connection.ecs.runTask({ ...input, count: 1, startedBy: 'gantry' }, signal);
  return arn;
}

export function announceTask({ cluster }: RunTaskInput, arn: string): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Task {0} has been started in “{1}”.', nameOf(arn).slice(0, 12), nameOf(cluster)),
  );
}

/** Members of a service that RunTask takes too, under the same names. */
const sharedMembers = ['capacityProviderStrategy', 'networkConfiguration', 'platformVersion', 'enableExecuteCommand'];

async function likeService({ session, service }: ServicePlace): Promise<RunTaskInput> {
  const raw = await session.connection.ecs.describeRawService(service.clusterArn, service.name, session.signal);
  const shared = Object.fromEntries(
    sharedMembers.flatMap((name) => (isGiven(raw[name]) ? [[name, raw[name]] as const] : [])),
  );
  // A strategy and a launch type exclude each other.
  const launch = 'capacityProviderStrategy' in shared || !raw['launchType'] ? {} : { launchType: raw['launchType'] };
  return { cluster: service.clusterArn, taskDefinition: service.taskDefinition ?? '', ...shared, ...launch };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

async function likeTask(session: Session, task: Task): Promise<RunTaskInput> {
  const { ecs, network } = session.connection;
  const service = serviceOfTask(task);
  const input = { cluster: task.clusterArn, taskDefinition: task.taskDefinition };
  if (service) {
    const { found } = await ecs.describeServices(task.clusterArn, [service], session.signal);
    const [known] = found;
    if (known) {
      const like = await likeService({ session, cluster: nameOf(task.clusterArn), service: known });
      return { ...like, ...input };
    }
  }
  const launch = /^(FARGATE|EC2|EXTERNAL)$/.test(task.launchType ?? '') ? { launchType: task.launchType } : {};
  if (!task.networkInterface) return { ...input, ...launch };
  const eni = await network.describeNetworkInterface(task.networkInterface, session.signal);
  const awsvpcConfiguration = {
    subnets: [eni?.subnet ?? task.subnet].filter((subnet) => subnet !== undefined),
    securityGroups: (eni?.securityGroups ?? []).map(({ id }) => id),
    assignPublicIp: eni?.publicAddress ? 'ENABLED' : 'DISABLED',
  };
  return { ...input, ...launch, networkConfiguration: { awsvpcConfiguration } };
}

/** Asks for another command; leaving it empty runs the one of the task definition. */
export async function askOverrides(
  session: Session,
  taskDefinition: string,
  title: Title,
): Promise<Record<string, unknown>> {
  const { containers } = summarize(await session.connection.ecs.describeTaskDefinition(taskDefinition, session.signal));
  const text = await ask({
    title,
    prompt: vscode.l10n.t('Command; empty for the one of the task definition “{0}”', nameOf(taskDefinition)),
    placeHolder: 'npm run migrate',
  });
  if (!text) return {};
  const name =
    containers.length < 2
      ? containers[0]?.name
      : await pick(
          title,
          vscode.l10n.t('Container that runs the command'),
          containers.map((each) => ({ label: each.name, description: each.image, value: each.name })),
        );
  return { overrides: { containerOverrides: [{ name, command: stringArgv(text) }] } };
}
