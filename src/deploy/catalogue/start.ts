import { message } from '../../core/message';
import type { TextKind } from '../finding';
import type { Entry } from './entry';

/** What the container runtime says of a start, and what a shell says of it in the log. */
const starting: readonly TextKind[] = ['container', 'stopped', 'log'];

/** Containers that cannot be started (ECS developer guide, "CannotStartContainerError"). */
export const start: readonly Entry[] = [
  {
    id: 'wrongArchitecture',
    where: starting,
    pattern: /exec format error/,
    brief: message('wrong architecture'),
    cause: ({ container }) => message('“{0}” has a program for another CPU architecture.', container),
    fix: message('Build for the platform of the task definition.'),
    action: 'rebuild',
    examples: [
      'exec /app/server: exec format error',
      'standard_init_linux.go:228: exec user process caused: exec format error',
    ],
  },
  {
    id: 'lineEndings',
    where: starting,
    pattern:
      /\^m: bad interpreter|\\r: (?:command )?not found|env: '?(?:ba)?sh\\r'?: no such file|exec \S+\.sh: no such file or directory/,
    brief: message('script with Windows line endings'),
    cause: ({ container }) =>
      message(
        'A script of “{0}” names an interpreter that is not there, mostly because of Windows line endings.',
        container,
      ),
    fix: message('Save it with LF line endings (.gitattributes: *.sh eol=lf), and check its first line.'),
    confidence: 'likely',
    examples: [
      'exec /entrypoint.sh: no such file or directory',
      '/bin/sh^M: bad interpreter: No such file or directory',
      "env: 'bash\\r': No such file or directory",
    ],
  },
  {
    id: 'workingDirectory',
    where: ['container', 'stopped'],
    pattern: /chdir to cwd|working directory .*(?:no such|invalid|not exist)|mkdir .*: (?:file exists|not a directory)/,
    brief: message('working directory'),
    cause: ({ container }) => message('The working directory of “{0}” is not there or may not be entered.', container),
    fix: message('Correct workingDirectory, or WORKDIR and its rights in the Dockerfile.'),
    examples: [
      'CannotStartContainerError: Error response from daemon: OCI runtime create failed: runc create failed: unable to start container process: chdir to cwd ("/app") set in config.json failed: permission denied: unknown',
    ],
  },
  {
    id: 'userMissing',
    where: ['container', 'stopped'],
    pattern: /unable to find (?:user|group) ([^:\s]+)/,
    brief: message('user is not in the image'),
    cause: ({ groups, container }) => message('The user {0} of “{1}” is not in the image.', groups[1] ?? '', container),
    fix: message('Create the user in the Dockerfile, or correct user in the task definition.'),
    examples: [
      'CannotStartContainerError: Error response from daemon: unable to find user node: no matching entries in passwd file',
    ],
  },
  {
    id: 'notExecutable',
    where: ['container', 'stopped', 'exit'],
    pattern: /cannot(?:start|create).*permission denied|exit code 126$/,
    brief: message('command may not be run'),
    cause: ({ container }) => message('The command of “{0}” may not be executed.', container),
    fix: message('Set its executable bit: COPY --chmod=755, or RUN chmod +x.'),
    examples: [
      'CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "/app/run.sh": permission denied: unknown',
      'exit code 126',
    ],
  },
  {
    id: 'wrongCommand',
    where: ['container', 'stopped', 'exit'],
    pattern:
      /cannot(?:start|create).*(?:executable file not found|no such file or directory|no command specified)|exit code 127$/,
    brief: message('command cannot be run'),
    cause: ({ container }) => message('The command of “{0}” cannot be run.', container),
    fix: message(
      'Compare command and entryPoint with the image; check line endings and the executable bit of scripts.',
    ),
    examples: [
      'CannotStartContainerError: Error response from daemon: failed to create task for container: exec: "nope": executable file not found in $PATH: unknown',
      'CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "/no/such": stat /no/such: no such file or directory: unknown',
      'CannotCreateContainerError: Error response from daemon: No command specified',
      'exit code 127',
    ],
  },
  {
    id: 'runtimeLimits',
    where: ['container', 'stopped'],
    pattern:
      /error setting rlimit|operation not permitted|unable to apply caps|sysctl .*(?:not|invalid)|unknown capability/,
    brief: message('limits or capabilities'),
    cause: ({ container }) =>
      message('The host does not allow the limits, capabilities or kernel settings of “{0}”.', container),
    fix: message('Check ulimits, linuxParameters and systemControls in the task definition.'),
    confidence: 'likely',
    examples: [
      'CannotStartContainerError: Error response from daemon: OCI runtime create failed: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted',
    ],
  },
  {
    id: 'dependencyFailed',
    where: ['container', 'stopped'],
    pattern: /taskdependencyerror|dependency graph|dependson.*(?:not|never|fail)/,
    brief: message('a container that it waits for'),
    cause: ({ container }) => message('“{0}” waits for a container that did not do its part.', container),
    fix: message('Read the log of the container that it depends on; check dependsOn and startTimeout.'),
    examples: [
      'TaskDependencyError: container web cannot start: dependency migrate exited with code 1 instead of 0',
      'TaskFailedToStart: unable to resolve the dependency graph of the task',
    ],
  },
  {
    id: 'startFailed',
    where: ['container', 'stopped'],
    pattern: /cannotstartcontainererror|cannotcreatecontainererror/,
    brief: message('container does not start'),
    cause: ({ container }) => message('The container “{0}” cannot be started.', container),
    confidence: 'likely',
    examples: ['CannotStartContainerError: Error response from daemon: something that is new'],
  },
];
