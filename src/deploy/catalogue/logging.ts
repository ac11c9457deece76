import { message } from '../../core/message';
import { task, type Entry } from './entry';

/** Log drivers, which have to be ready before a container starts. */
export const logging: readonly Entry[] = [
  {
    id: 'logGroupMissing',
    where: task,
    pattern: /log group does not exist/,
    brief: message('log group does not exist'),
    cause: () => message('The log group of the task definition does not exist.'),
    fix: message('Create the log group, or set awslogs-create-group.'),
    action: 'createLogGroup',
    examples: [
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
      'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
    ],
  },
  {
    id: 'logDenied',
    where: task,
    pattern: /not authorized to perform: logs:(\w+)|logger args.*access ?denied|logging driver.*access ?denied/,
    brief: message('may not write its log'),
    cause: () => message('The execution role may not write to the log group of the task definition.'),
    fix: message('Allow logs:CreateLogStream and logs:PutLogEvents, and logs:CreateLogGroup for awslogs-create-group.'),
    action: 'attachPolicy',
    examples: [
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log group: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/00 is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:us-east-1:123456789012:log-group:/ecs/web:log-stream: because no identity-based policy allows the logs:CreateLogGroup action : exit status 1',
    ],
  },
  {
    id: 'logUnreachable',
    where: task,
    pattern:
      /(?:cloudwatch|logger args|connection issue between the task and amazon cloudwatch).*(?:requesterror|send request failed|i\/o timeout|deadline exceeded|signal: killed|connection issue|dial tcp|no such host)|connection issue between the task and (?:amazon )?cloudwatch/,
    brief: message('logs out of reach'),
    cause: () => message('The task cannot reach CloudWatch Logs.'),
    fix: message('Give its subnets a NAT gateway or a public address, or an endpoint for logs.'),
    network: true,
    examples: [
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 5 times: RequestError: send request failed caused by: Post "https://logs.us-east-1.amazonaws.com/": dial tcp 3.2.1.0:443: i/o timeout : exit status 1',
      'ResourceInitializationError: failed to validate logger args: : signal: killed',
      'ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration.',
    ],
  },
  {
    id: 'logRouter',
    where: task,
    pattern: /logging driver.*(?:fluent|24224|fluentd)|firelens/,
    brief: message('log router'),
    cause: () => message('The log router (FireLens) does not take the container’s log.'),
    fix: message('Let the container depend on the log router, and read the router’s own log.'),
    confidence: 'likely',
    examples: [
      'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: dial tcp 127.0.0.1:24224: connect: connection refused',
      'ResourceInitializationError: failed to create firelens config: unable to generate config',
    ],
  },
  {
    id: 'logOptions',
    where: task,
    pattern:
      /failed to (?:initialize logging driver|validate logger args)|unknown log opt|logging driver .*(?:not supported|unsupported)/,
    brief: message('log options'),
    cause: () => message('The log driver does not take the options of the task definition.'),
    fix: message('Check logConfiguration: group, Region, stream prefix, and what the driver knows.'),
    confidence: 'likely',
    examples: [
      "CannotCreateContainerError: Error response from daemon: unknown log opt 'awslogs-gruop' for awslogs log driver",
      'ResourceInitializationError: failed to validate logger args: invalid option mode: exit status 1',
    ],
  },
];
