import { message } from '../../core/message';
import type { TextKind } from '../finding';
import type { Entry } from './entry';

const api: readonly TextKind[] = ['api'];

/** ECS Exec (ECS developer guide, "Troubleshooting ECS Exec"). */
export const exec: readonly Entry[] = [
  {
    id: 'execOff',
    where: api,
    pattern: /execute command was not enabled|execute command agent isn'?t running/,
    brief: message('ECS Exec is off'),
    cause: () => message('ECS Exec was off when the task started, or its agent does not run.'),
    fix: message('Switch it on for the service, and redeploy.'),
    examples: [
      'The execute command failed because execute command was not enabled when the task was run or the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.',
    ],
  },
  {
    id: 'execUnconnected',
    where: api,
    pattern: /targetnotconnected|execute command failed due to an internal error/,
    brief: message('ECS Exec does not connect'),
    cause: () => message('The agent in the container has no connection to Session Manager.'),
    fix: message(
      'The task role needs the four ssmmessages actions, the subnets a way to ssmmessages; a read-only root file system keeps the agent from starting.',
    ),
    confidence: 'likely',
    network: true,
    examples: ['TargetNotConnectedException: The execute command failed due to an internal error. Try again later.'],
  },
  {
    id: 'execKey',
    where: api,
    pattern: /(?:session|execute command).*kms|kms.*(?:session|handshake)/,
    brief: message('ECS Exec’s key'),
    cause: () => message('The session is encrypted with a key that the task role or you may not use.'),
    fix: message('Allow kms:Decrypt on the key to the task role, and kms:GenerateDataKey to you.'),
    examples: [
      'The session could not start: fetching data key failed: Unable to retrieve data key, error when decrypting data key AccessDeniedException: kms:Decrypt',
    ],
  },
  {
    id: 'execContainer',
    where: api,
    pattern:
      /unable to execute on (?:a )?container|container (?:that )?is not running|task (?:that )?is not running|no container found/,
    brief: message('container does not run'),
    cause: () => message('The container does not run.'),
    fix: message('Choose a running task.'),
    examples: ['InvalidParameterException: Unable to execute on container that is not running'],
  },
];
