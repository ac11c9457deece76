import { message } from '../../core/message';
import type { Rule } from './rule';

/** Engines that cannot be used at all. The first that matches wins. */
export const daemonRules: readonly Rule[] = [
  {
    id: 'socketDenied',
    pattern: /permission denied.*(docker\.sock|daemon socket|\.sock)/is,
    reason: 'engineDenied',
    sentence: (name) => message('You may not use {0}: permission denied on its socket.', name),
    examples: [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/version": dial unix /var/run/docker.sock: connect: permission denied',
    ],
  },
  {
    id: 'notRunning',
    pattern:
      /cannot connect to the docker daemon|is the docker daemon running|error during connect|failed to connect to the docker API|cannot connect to podman|unable to connect to Podman|rootless containerd not running|cannot access containerd socket|instance .* (does not exist|is not running)|connection refused/i,
    reason: 'engineNotRunning',
    sentence: (name) => message('{0} is installed but not running.', name),
    examples: [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'error during connect: this error may indicate that the docker daemon is not running: open //./pipe/docker_engine: The system cannot find the file specified.',
      'Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`',
      'time="2025-01-01T00:00:00Z" level=fatal msg="instance \\"finch\\" does not exist"',
    ],
  },
];
