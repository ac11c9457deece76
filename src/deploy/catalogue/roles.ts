import { message } from '../../core/message';
import { task, type Entry } from './entry';

/** Roles and trust. */
export const roles: readonly Entry[] = [
  {
    id: 'roleNotTrusted',
    where: [...task, 'event', 'api'],
    pattern:
      /unable to assume (?:the )?(?:configured )?(?:ecs infrastructure )?role '?([^' )]*)|role is not valid|the role .* cannot be assumed/,
    brief: message('role cannot be assumed'),
    cause: ({ groups }) => message('ECS cannot assume the role {0}.', groups[1] ?? ''),
    fix: message('The role has to exist, and its trust policy has to allow ecs-tasks.amazonaws.com to sts:AssumeRole.'),
    examples: [
      "(service web) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/exec' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).",
      "ECS was unable to assume the configured ECS Infrastructure Role 'arn:aws:iam::123456789012:role/ebs'. Please verify that the role being passed has the proper trust relationship with Amazon ECS.",
      'ClientException: Role is not valid',
    ],
    counterExamples: [
      'Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
    ],
  },
  {
    id: 'serviceLinkedRole',
    where: [...task, 'event', 'api'],
    pattern: /unable to assume the service[- ]linked role|service[- ]linked role.*(?:does not exist|exists)/,
    brief: message('service-linked role is missing'),
    cause: () => message('The account has no service-linked role for ECS.'),
    fix: message('Create it once: aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com'),
    examples: ['Unable to assume the service linked role. Please verify that the ECS service linked role exists.'],
  },
  {
    id: 'targetRegistrationDenied',
    where: ['event'],
    pattern:
      /not authorized to perform: elasticloadbalancing:(\w+)|unable to (?:de)?register targets?|failed to (?:de)?register targets?/,
    brief: message('targets cannot be registered'),
    cause: () => message('ECS cannot register the tasks with the load balancer.'),
    fix: message('Check the service-linked role, the infrastructure role, and that the target group still exists.'),
    examples: [
      '(service web) failed to register targets in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1) with (error User: arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForECS/ecs is not authorized to perform: elasticloadbalancing:RegisterTargets)',
    ],
  },
];
