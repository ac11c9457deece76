import { message } from '../../core/message';
import type { TextKind } from '../finding';
import type { Entry } from './entry';

/** Service events, RunTask failures and stopped reasons all use the same words. */
const placing: readonly TextKind[] = ['event', 'api', 'stopped'];

/** Placement, capacity and quotas (ECS developer guide, "Service event messages", "API failure reasons"). */
export const placement: readonly Entry[] = [
  {
    id: 'noInstances',
    where: placing,
    pattern: /no container instances were found|no container instances? (?:is|are) registered/,
    brief: message('no container instances'),
    cause: () => message('The cluster has no container instances.'),
    fix: message('Add instances or a capacity provider, or run the service on Fargate.'),
    examples: [
      '(service web) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
      'No Container Instances were found in your capacity provider.',
    ],
  },
  {
    id: 'cpuShort',
    where: placing,
    pattern: /insufficient cpu|resource:cpu/,
    brief: message('not enough CPU'),
    cause: () => message('No container instance has enough CPU units left.'),
    fix: message('Ask for less CPU, or add capacity.'),
    examples: [
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0f) has insufficient CPU units available.',
      'RESOURCE:CPU',
    ],
  },
  {
    id: 'memoryShort',
    where: placing,
    pattern: /insufficient memory|resource:memory/,
    brief: message('not enough memory'),
    cause: () => message('No container instance has enough memory left.'),
    fix: message('Ask for less memory, or add capacity.'),
    examples: [
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0f has insufficient\nmemory available.',
      'RESOURCE:MEMORY',
    ],
  },
  {
    id: 'portsShort',
    where: placing,
    pattern: /already using a port required|resource:ports?/,
    brief: message('host port is taken'),
    cause: () => message('Every container instance uses the host port of the task already.'),
    fix: message('Use a dynamic host port (0) or awsvpc, or add instances.'),
    examples: [
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0f) is already using a port required by your task.',
      'RESOURCE:PORTS',
    ],
  },
  {
    id: 'gpuShort',
    where: placing,
    pattern: /resource:gpu|insufficient gpu/,
    brief: message('not enough GPUs'),
    cause: () => message('No container instance has enough GPUs left.'),
    fix: message('Add GPU instances.'),
    examples: ['RESOURCE:GPU'],
  },
  {
    id: 'constraintUnmet',
    where: placing,
    pattern:
      /placement constraint (?:unsatisfied|is not|not)|(?:memberof|distinctinstance)[^.]*unsatisfied|did not satisfy .*constraint/,
    brief: message('placement constraint'),
    cause: () => message('No container instance satisfies the placement constraints.'),
    fix: message('Check the placement constraints of the service and the task definition.'),
    examples: [
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0f) encountered error "MemberOf placement constraint unsatisfied."',
      'distinctInstance placement constraint unsatisfied',
    ],
  },
  {
    id: 'attributeMissing',
    where: placing,
    pattern: /missing an attribute|error "?attribute|^attribute\b/,
    brief: message('instance lacks an attribute'),
    cause: () => message('No container instance has an attribute that the task needs, such as its CPU architecture.'),
    fix: message('Compare requiresAttributes of the task definition with the instances; update their agent.'),
    examples: [
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0f) is missing an attribute required by your task.',
      'ATTRIBUTE',
    ],
  },
  {
    id: 'agentDisconnected',
    where: placing,
    pattern: /error "?agent|agent (?:is )?(?:not connected|disconnected)|^agent\b/,
    brief: message('agent is disconnected'),
    cause: () => message('The ECS agent of the container instance is not connected.'),
    fix: message('Restart the agent, and check the instance’s role and its way to ECS.'),
    examples: [
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0f) encountered error "AGENT".',
      'AGENT',
    ],
  },
  {
    id: 'instanceInactive',
    where: placing,
    pattern: /error "?(?:inactive|draining)|^inactive\b|container instance .*(?:is|are) draining/,
    brief: message('instance is not active'),
    cause: () => message('The container instance is draining or gone.'),
    fix: message('Activate it, or add another one.'),
    examples: [
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0f) encountered error "INACTIVE".',
    ],
  },
  {
    id: 'taskQuota',
    where: placing,
    pattern: /reached the limit (?:on|of) the number of (tasks|vcpus)/,
    brief: message('quota of tasks or vCPUs'),
    cause: ({ groups }) => message('The account has reached its Fargate quota ({0}).', groups[1] ?? ''),
    fix: message('Raise the quota in Service Quotas, or stop other tasks.'),
    examples: [
      '(service web) was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently.',
      "You've reached the limit on the number of tasks you can run concurrently",
    ],
  },
  {
    id: 'sizeQuota',
    where: placing,
    pattern: /requested (cpu|memory) configuration is above your limit/,
    brief: message('task is larger than allowed'),
    cause: ({ groups }) => message('The task asks for more than the account may use ({0}).', groups[1] ?? ''),
    fix: message('Ask for less, or raise the quota in Service Quotas.'),
    examples: [
      '(service web) was unable to place a task. Reason: The requested MEMORY configuration is above your limit.',
    ],
  },
  {
    id: 'capacityUnavailable',
    where: placing,
    pattern:
      /capacity is unavailable|insufficient capacity|no spot capacity|insufficientinstancecapacity|unfulfillable/,
    brief: message('no capacity'),
    cause: () => message('AWS has no capacity of this kind at the moment.'),
    fix: message('Try again later, add subnets in other zones, or put a base on FARGATE beside FARGATE_SPOT.'),
    examples: [
      '(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
      'InsufficientInstanceCapacity: We currently do not have sufficient m7g.large capacity in the Availability Zone you requested',
    ],
  },
  {
    id: 'capacityProvider',
    where: placing,
    pattern:
      /capacity provider.*(?:not active|not found|does not exist|no usable|unable|invalid|not associated|cannot)|unable to (?:launch|provision) .*instance/,
    brief: message('capacity provider'),
    cause: () => message('A capacity provider of the service cannot give instances.'),
    fix: message('Check its Auto Scaling group, its instance profile and its infrastructure role.'),
    confidence: 'likely',
    examples: [
      '(service web) was unable to place a task because the capacity provider ondemand is not active.',
      'The specified capacity provider x was not found. Specify a valid name. Capacity provider not found',
    ],
  },
  {
    id: 'accountBlocked',
    where: placing,
    pattern:
      /account is (?:currently )?(?:blocked|suspended|restricted)|account was blocked|not been verified|pending verification/,
    brief: message('account is blocked'),
    cause: () => message('AWS has blocked the account, or does not know it long enough.'),
    fix: message('Look for a message of AWS in the account’s mail, and ask AWS Support.'),
    examples: [
      '(service web) was unable to place a task. Reason: Your AWS account is currently blocked. For more information, please contact AWS Support.',
    ],
  },
  {
    id: 'platformVersion',
    where: placing,
    pattern:
      /platform version .*(?:does not exist|not support|not satisfy|incompatible)|platformtaskdefinitionincompatibility|platformunknown/,
    brief: message('platform version'),
    cause: () => message('The Fargate platform version does not have what the task definition asks for.'),
    fix: message('Set the platform version to LATEST.'),
    examples: [
      '(service web) failed to launch a task with (error The platform version 1.3.0 does not support the task definition).',
      'PlatformTaskDefinitionIncompatibilityException: The specified platform does not satisfy the task definition’s required capabilities.',
    ],
  },
  {
    id: 'noRoom',
    where: placing,
    pattern: /unable to stop or start tasks during a deployment because of the service deployment configuration/,
    brief: message('no room to replace tasks'),
    cause: () => message('minimumHealthyPercent and maximumPercent leave no room to replace a task.'),
    fix: message('Set them to 100 and 200, or to 0 and 100 where a second task cannot run beside the first.'),
    examples: [
      '(service web) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    ],
  },
  {
    id: 'schedulerThrottled',
    where: placing,
    pattern: /operations are being throttled|throttlingexception|rate exceeded|requestlimitexceeded/,
    brief: message('AWS throttles'),
    cause: () => message('AWS throttles what the service does; it goes on by itself.'),
    fix: message('Wait; where it lasts, find the tool that calls too often.'),
    examples: [
      '(service web) operations are being throttled on elb. Will try again later.',
      'ThrottlingException: Rate exceeded',
    ],
  },
  {
    id: 'placementInternal',
    where: placing,
    pattern: /unable to place a task.*internal error/,
    brief: message('error inside AWS'),
    cause: () => message('An error inside AWS keeps the task from being placed.'),
    fix: message('Wait, or use subnets in other zones.'),
    examples: ['(service web) was unable to place a task. Reason: Internal error.'],
  },
  {
    id: 'placementFailed',
    where: placing,
    pattern: /unable to place a task|failed to launch a task with|no container instance met all/,
    brief: message('cannot be placed'),
    cause: () => message('ECS cannot place the task.'),
    confidence: 'likely',
    examples: [
      '(service web) was unable to place a task. Reason: something new.',
      '(service web) failed to launch a task with (error Something new).',
    ],
  },
];
