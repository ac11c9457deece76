import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { CommandEndpoint } from '../sessions/commandEndpoint';
import type { Sessions } from '../sessions/sessions';
import { shellWords } from '../sessions/shellWords';
import { type SessionTarget, execRequest, isAlive, sessionTarget } from '../sessions/targets';
import { type EcsContext, clusterNamed, findTask } from './context';
import type { ContainerState, Task } from './types';

interface Request {
  readonly cluster?: string;
  readonly container?: string;
  readonly command: string;
  readonly interactive: boolean;
  readonly task: string;
}

const notEnabled =
  'The execute command failed because execute command was not enabled when the task was run or the execute command ' +
  "agent isn't running. Wait and try again or run a new task with execute command enabled and try again.";

function run(context: EcsContext, sessions: Sessions, request: Request): unknown {
  const cluster = clusterNamed(context, request.cluster);
  const task = findTask(cluster, request.task);
  if (!task) throw invalidParameter('The referenced task was not found.');
  if (!request.interactive) throw invalidParameter('Interactive is the only mode supported currently.');
  const container = containerOf(task, request.container);
  const target = connectedTarget(task, container);
  const words = wordsOf(request.command);
  const { account } = context.place;
  const ticket = sessions.start({
    prefix: 'ecs-execute-command',
    target: target.name,
    document: 'AmazonECS-ExecuteInteractiveCommand',
    owner: `arn:aws:sts::${account}:assumed-role/AWSServiceRoleForECS/ecs-execute-command`,
    alive: () => isAlive(task, container),
    endpoint: (channel, id) =>
      new CommandEndpoint(
        'InteractiveCommands',
        { command: request.command },
        {
          inside: context.runtime.inside,
          request: execRequest(target, words, id),
          output: (data) => channel.send(data),
          done: (output) => channel.close(output),
        },
      ),
  });
  return {
    clusterArn: cluster.arn,
    containerArn: `${task.arn.replace(':task/', ':container/')}/${container.id}`,
    containerName: container.name,
    interactive: true,
    session: ticket,
    taskArn: task.arn,
  };
}

function containerOf(task: Task, name: string | undefined): ContainerState {
  const [only, ...more] = task.containers;
  if (name === undefined) {
    if (only && more.length === 0) return only;
    throw invalidParameter('Container name is required when the task has more than one container.');
  }
  const found = task.containers.find((container) => container.name === name);
  if (!found) throw invalidParameter(`Container ${name} was not found in the task.`);
  return found;
}

function connectedTarget(task: Task, container: ContainerState): SessionTarget {
  if (!task.enableExecuteCommand) throw invalidParameter(notEnabled);
  if (task.lastStatus === 'STOPPED' || task.desiredStatus === 'STOPPED') {
    throw invalidParameter('The execute command failed because the task is not running.');
  }
  const target = sessionTarget(task, container);
  // The agent comes up with the container: before that there is nobody to talk to.
  if (!target) {
    throw new ApiError(
      'TargetNotConnectedException',
      'The execute command failed due to an internal error. Try again later.',
    );
  }
  return target;
}

function wordsOf(command: string): readonly string[] {
  let words: readonly string[];
  try {
    words = shellWords(command);
  } catch (error) {
    throw invalidParameter(`The command cannot be parsed: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (words.length === 0) throw invalidParameter('Command cannot be empty.');
  return words;
}

/** ECS Exec: a command in a running container, by a session of Session Manager. */
export function executeCommandOperations(context: EcsContext, sessions: Sessions): Record<string, Operation> {
  return { ExecuteCommand: (input: Request) => run(context, sessions, input) };
}
