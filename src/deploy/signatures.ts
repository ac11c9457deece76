import { message, type Message } from '../core/message';
import type { Finding } from './finding';

/** One known failure: how it reads, what it means, what to do. */
export interface Signature {
  readonly id: string;
  /** The cause in two or three words, for a row. */
  readonly brief: Message;
  readonly pattern: RegExp;
  readonly cause: (match: RegExpExecArray, container: string) => Message;
  readonly fix: Message | undefined;
  /** The text has more than one possible cause. */
  readonly likely?: true;
}

/**
 * Known failures in order of precedence: pulling and resource initialisation before exit codes before health checks.
 * The patterns are loose, because AWS rewords its texts (ECS developer guide, "Stopped tasks error messages").
 */
export const catalogue: readonly Signature[] = [
  {
    id: 'imagePlatform',
    brief: message('image for another platform'),
    pattern: /descriptor matching platform ['"‘]?([\w/]+)|no matching manifest for ([\w/]+)/i,
    cause: (match) =>
      message('The image was not built for {0}, which the task definition asks for.', match[1] ?? match[2] ?? ''),
    fix: message('Build for that platform, or change cpuArchitecture in the task definition.'),
  },
  {
    id: 'pullDenied',
    brief: message('may not pull the image'),
    pattern: /not authorized to perform: ecr:(\w+)/i,
    cause: (match) => message('The execution role may not pull the image (ecr:{0}).', match[1] ?? ''),
    fix: message('Attach AmazonECSTaskExecutionRolePolicy to the execution role; check the repository policy.'),
  },
  {
    id: 'pullRateLimit',
    brief: message('pull rate limit'),
    pattern: /toomanyrequests|pull rate limit/i,
    cause: () => message('The registry of the image limits the pull rate.'),
    fix: message('Copy the image to ECR, or use a pull-through cache.'),
  },
  {
    id: 'registryUnreachable',
    brief: message('registry out of reach'),
    pattern:
      /CannotPull.*(request canceled|context canceled|i\/o timeout|deadline exceeded|connection refused)|unable to pull secrets or registry auth.*connection issue|unable to retrieve ecr registry auth/is,
    cause: () => message('The task cannot reach the registry.'),
    fix: message(
      'Give its subnets a way out: a public address, a NAT gateway, or endpoints for ecr.api, ecr.dkr, s3 and logs.',
    ),
  },
  {
    id: 'imageMissing',
    brief: message('image does not exist'),
    pattern:
      /CannotPull.*(not found|manifest unknown|404|403 Forbidden|does not exist|requested access to the resource is denied)/is,
    cause: () => message('The image does not exist in the registry.'),
    fix: message('Check repository, tag, account and Region, or push the image again.'),
  },
  {
    id: 'diskFull',
    brief: message('disk full'),
    pattern: /no space left on device/i,
    cause: () => message('The disk is full.'),
    fix: message('Raise ephemeralStorage, or clean up the container instance.'),
  },
  {
    id: 'secretDenied',
    brief: message('may not read a secret'),
    pattern: /(asm|ssm|secrets?).*AccessDenied|kms:Decrypt/is,
    cause: () => message('The execution role may not read a secret of the task definition.'),
    fix: message('Allow secretsmanager:GetSecretValue or ssm:GetParameters, and kms:Decrypt, on that ARN.'),
  },
  {
    id: 'secretMissing',
    brief: message('secret does not exist'),
    pattern: /(fetching secret data|unable to retrieve secrets?).*(invalid parameters|ResourceNotFound|can.t find)/is,
    cause: () => message('A secret or parameter of the task definition does not exist.'),
    fix: message('Correct valueFrom in the task definition.'),
  },
  {
    id: 'logGroupMissing',
    brief: message('log group does not exist'),
    pattern: /log group does not exist/i,
    cause: () => message('The log group of the task definition does not exist.'),
    fix: message('Create the log group, or set awslogs-create-group.'),
  },
  {
    id: 'resourceInitialization',
    brief: message('could not be prepared'),
    pattern: /ResourceInitializationError/i,
    cause: () => message('ECS could not prepare the task.'),
    fix: undefined,
    likely: true,
  },
  {
    id: 'outOfMemory',
    brief: message('out of memory'),
    pattern: /OutOfMemory|killed due to memory usage/i,
    cause: (_, container) => message('“{0}” used more memory than its limit.', container),
    fix: message('Raise its memory in a new revision, or find the leak.'),
  },
  {
    id: 'wrongCommand',
    brief: message('command cannot be run'),
    pattern:
      /CannotStartContainer.*(executable file not found|no such file or directory|permission denied)|exit code (126|127)$/is,
    cause: (_, container) => message('The command of “{0}” cannot be run.', container),
    fix: message(
      'Compare command and entryPoint with the image; check line endings and the executable bit of scripts.',
    ),
  },
  {
    id: 'wrongArchitecture',
    brief: message('wrong architecture'),
    pattern: /exec format error/i,
    cause: (_, container) => message('“{0}” has a program for another CPU architecture.', container),
    fix: message('Build for the platform of the task definition.'),
  },
  {
    id: 'loadBalancerHealth',
    brief: message('load balancer’s health checks'),
    pattern: /failed ELB health checks in \(?(?:target-group|elb) ([^)]+)/i,
    cause: (match) => message('The load balancer’s health checks failed ({0}).', match[1] ?? ''),
    fix: message('Check path, port, expected codes and the health check grace period.'),
  },
  {
    id: 'containerHealth',
    brief: message('container’s health check'),
    pattern: /failed container health checks/i,
    cause: () => message('The health check of the container failed.'),
    fix: message('Run its command in the container; check interval, retries and startPeriod.'),
  },
  {
    id: 'segmentationFault',
    brief: message('segmentation fault'),
    pattern: /exit code 139$/,
    cause: (_, container) => message('“{0}” crashed with a segmentation fault.', container),
    fix: undefined,
  },
  {
    id: 'killed',
    brief: message('killed'),
    pattern: /exit code 137$/,
    cause: (_, container) => message('“{0}” was killed: out of memory, or it did not stop in time.', container),
    fix: message('Look at its memory and its handling of SIGTERM.'),
    likely: true,
  },
  {
    id: 'exited',
    brief: message('its container exits'),
    pattern: /exit code ([1-9]\d*)$/,
    cause: (match, container) => message('“{0}” ended with exit code {1} after its start.', container, match[1] ?? ''),
    fix: message('Read the last lines of its log.'),
  },
  {
    id: 'endedByItself',
    brief: message('ended by itself'),
    pattern: /exit code 0$/,
    cause: (_, container) => message('“{0}” ended by itself; a service’s container has to keep running.', container),
    fix: message('Keep the process in the foreground, or run it as a task.'),
  },
];

/** What is said when nothing matches: the raw text, never a guess. */
export function unrecognised(text: string): Pick<Finding, 'signature' | 'brief' | 'cause' | 'fix' | 'confidence'> {
  return {
    signature: `unrecognised:${text}`,
    brief: text ? message('{0}', text) : message('stopped without a reason'),
    cause: text ? message('Not recognised: {0}', text) : message('A task stopped without a reason.'),
    fix: undefined,
    confidence: 'unrecognised',
  };
}
