import { message } from '../../core/message';
import type { TextKind } from '../finding';
import type { Entry } from './entry';

const exit: readonly TextKind[] = ['exit'];

/** Exit codes: 128 and more is the signal that ended the process (POSIX shells, docker run). */
export const exitCodes: readonly Entry[] = [
  {
    id: 'segmentationFault',
    where: exit,
    pattern: /exit code (?:139|3221225477)$/,
    brief: message('segmentation fault'),
    cause: ({ container }) => message('“{0}” crashed with a segmentation fault.', container),
    fix: message('Native code is broken, or built for another base image or CPU.'),
    examples: ['exit code 139', 'exit code 3221225477'],
  },
  {
    id: 'illegalInstruction',
    where: exit,
    pattern: /exit code 132$/,
    brief: message('illegal instruction'),
    cause: ({ container }) => message('“{0}” used an instruction that the CPU does not have.', container),
    fix: message('Build it for an older CPU level (such as x86-64-v2), or use newer instances.'),
    examples: ['exit code 132'],
  },
  {
    id: 'aborted',
    where: exit,
    pattern: /exit code (?:134|135|136)$/,
    brief: message('aborted'),
    cause: ({ container }) =>
      message('“{0}” aborted itself: a failed assertion, a broken address or arithmetic.', container),
    fix: message('Read the last lines of its log.'),
    examples: ['exit code 134', 'exit code 135'],
  },
  {
    id: 'killed',
    where: exit,
    pattern: /exit code 137$/,
    brief: message('killed'),
    cause: ({ container }) => message('“{0}” was killed: out of memory, or it did not stop in time.', container),
    fix: message('Look at its memory and its handling of SIGTERM.'),
    confidence: 'likely',
    examples: ['exit code 137'],
  },
  {
    id: 'terminated',
    where: exit,
    pattern: /exit code (?:143|130)$/,
    brief: message('asked to stop'),
    cause: ({ container }) => message('“{0}” was asked to stop and did.', container),
    fix: message('Something in the task sends it SIGTERM; read the last lines of its log.'),
    confidence: 'likely',
    examples: ['exit code 143'],
  },
  {
    id: 'usage',
    where: exit,
    pattern: /exit code (?:2|64)$/,
    brief: message('wrong arguments'),
    cause: ({ groups, container }) =>
      message('“{0}” ended with {1}, which mostly means wrong arguments.', container, groups[0] ?? ''),
    fix: message('Check command and entryPoint, and read the last lines of its log.'),
    confidence: 'likely',
    examples: ['exit code 2', 'exit code 64'],
  },
  {
    id: 'exited',
    where: exit,
    pattern: /exit code ([1-9]\d*)$/,
    brief: message('its container exits'),
    cause: ({ groups, container }) =>
      message('“{0}” ended with exit code {1} after its start.', container, groups[1] ?? ''),
    fix: message('Read the last lines of its log.'),
    examples: ['exit code 1', 'exit code 255', 'exit code 3'],
  },
  {
    id: 'endedByItself',
    where: exit,
    pattern: /exit code 0$/,
    brief: message('ended by itself'),
    cause: ({ container }) => message('“{0}” ended by itself; a service’s container has to keep running.', container),
    fix: message('Keep the process in the foreground, or run it as a task.'),
    examples: ['exit code 0'],
  },
];
