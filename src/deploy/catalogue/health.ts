import { message } from '../../core/message';
import type { TextKind } from '../finding';
import type { Entry } from './entry';

/** The same words stand in the service’s events and in DescribeTargetHealth. */
const checked: readonly TextKind[] = ['target', 'event'];

/** Health checks of load balancers and containers (ELB, "Target health status"). */
export const health: readonly Entry[] = [
  {
    id: 'healthPathMissing',
    where: checked,
    pattern: /codes: \[404\]/,
    brief: message('health check gets 404'),
    cause: () => message('The load balancer asks for a path that the container does not have (404).'),
    fix: message('Correct the path of the target group’s health check, or answer on it.'),
    network: true,
    examples: [
      '(service web) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1) due to (reason Health checks failed with these codes: [404])',
      'Target.ResponseCodeMismatch: Health checks failed with these codes: [404]',
    ],
  },
  {
    id: 'healthNeedsLogin',
    where: checked,
    pattern: /codes: \[40[13]\]/,
    brief: message('health check needs a login'),
    cause: () => message('The container answers the load balancer’s health check with 401 or 403.'),
    fix: message('Check a path that needs no login and no Host header.'),
    network: true,
    examples: [
      'Target.ResponseCodeMismatch: Health checks failed with these codes: [401]',
      'Health checks failed with these codes: [403]',
    ],
  },
  {
    id: 'healthRedirects',
    where: checked,
    pattern: /codes: \[3\d\d\]/,
    brief: message('health check is redirected'),
    cause: () => message('The container answers the load balancer’s health check with a redirect.'),
    fix: message('Check the path that it redirects to, or accept 200-399 in the matcher.'),
    network: true,
    examples: ['Target.ResponseCodeMismatch: Health checks failed with these codes: [302]'],
  },
  {
    id: 'healthServerError',
    where: checked,
    pattern: /codes: \[(5\d\d)\]/,
    brief: message('health check gets an error'),
    cause: ({ groups }) =>
      message('The container answers the load balancer’s health check with an error ({0}).', groups[1] ?? ''),
    fix: message('Read its log: something that it needs does not work.'),
    network: true,
    examples: [
      'Target.ResponseCodeMismatch: Health checks failed with these codes: [502]',
      'due to (reason Health checks failed with these codes: [500])',
    ],
  },
  {
    id: 'healthCode',
    where: checked,
    pattern: /codes: \[([^\]]+)\]|responsecodemismatch/,
    brief: message('health check gets another code'),
    cause: ({ groups }) =>
      message('The load balancer’s health check gets {0}, which its matcher does not take.', groups[1] ?? ''),
    fix: message('Correct path or matcher of the target group’s health check.'),
    network: true,
    examples: [
      'Target.ResponseCodeMismatch: Health checks failed with these codes: [418]',
      'Health checks failed with these codes: [404,502]',
    ],
  },
  {
    id: 'healthTimeout',
    where: checked,
    pattern: /request timed out|target\.timeout|connection to target timed out/,
    brief: message('health check times out'),
    cause: () => message('The load balancer’s health check gets no answer from the task.'),
    fix: message(
      'Listen on 0.0.0.0 and the mapped port, let the task’s security group take that of the load balancer, and give slow starts a grace period.',
    ),
    confidence: 'likely',
    network: true,
    examples: [
      '(service web) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1) due to (reason Request timed out)',
      'Target.Timeout: Request timed out',
    ],
  },
  {
    id: 'classicLoadBalancer',
    where: ['event', 'target'],
    pattern: /unhealthythreshold number of health checks consecutively|unhealthy in \(elb /,
    brief: message('load balancer’s health checks'),
    cause: () => message('The Classic Load Balancer’s health checks failed.'),
    fix: message('Check host port, ping path and the security group of the instances.'),
    examples: [
      '(service web) (instance i-0abc) is unhealthy in (elb web) due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)',
    ],
  },
  {
    id: 'targetUnused',
    where: ['target'],
    pattern:
      /target\.notinuse|target\.invalidstate|target\.ipunusable|not configured to receive traffic|availability zone .*not enabled/,
    brief: message('load balancer does not use the target'),
    cause: () =>
      message('The load balancer sends nothing to the task: no listener names the target group, or its zone is off.'),
    fix: message('Add a listener rule for the target group, and enable the zone of the task in the load balancer.'),
    examples: [
      'Target.NotInUse: Target group is not configured to receive traffic from the load balancer',
      'Target.NotInUse: Target is in an Availability Zone that is not enabled for the load balancer',
    ],
  },
  {
    id: 'healthRefused',
    where: checked,
    pattern: /target\.failedhealthchecks|reason health checks failed\)|^health checks failed\.?$/,
    brief: message('health check cannot connect'),
    cause: () => message('The load balancer cannot connect to the container’s port.'),
    fix: message('Listen on 0.0.0.0 and on the port of the port mapping.'),
    confidence: 'likely',
    network: true,
    examples: [
      'Target.FailedHealthChecks: Health checks failed',
      '(service web) (port 80) is unhealthy in (target-group arn:x) due to (reason Health checks failed)',
    ],
  },
  {
    id: 'loadBalancerHealth',
    where: ['stopped', 'event'],
    pattern: /failed elb health checks(?: in \(?(?:target-group|elb) ([^)]+))?|is unhealthy in \(?target-group/,
    brief: message('load balancer’s health checks'),
    cause: ({ groups }) => message('The load balancer’s health checks failed ({0}).', groups[1] ?? ''),
    fix: message('Check path, port, expected codes and the health check grace period.'),
    network: true,
    examples: [
      'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1)',
      'Task failed ELB health checks in (elb web)',
    ],
  },
  {
    id: 'latticeHealth',
    where: ['event', 'stopped'],
    pattern: /vpc lattice.*(?:unhealthy|health check)|unhealthy.*vpc lattice/,
    brief: message('VPC Lattice’s health checks'),
    cause: () => message('The health checks of VPC Lattice failed.'),
    fix: message('Check path and port of the VPC Lattice target group.'),
    examples: [
      '(service web) (task 0f) is unhealthy in VPC Lattice target group arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-0f',
    ],
  },
  {
    id: 'containerHealth',
    where: ['stopped', 'event'],
    pattern: /failed container health checks|container health check .*(?:failed|unhealthy)/,
    brief: message('container’s health check'),
    cause: () => message('The health check of the container failed.'),
    fix: message('Run its command in the container; check interval, retries and startPeriod.'),
    examples: ['Task failed container health checks', '(service web) (task 0f) failed container health checks.'],
  },
  {
    id: 'alarm',
    where: ['event', 'deployment'],
    pattern: /alarms? (?:was |were )?detected|alarm\S* .*in alarm|cloudwatch alarm/,
    brief: message('alarm'),
    cause: () => message('A CloudWatch alarm of the deployment went off.'),
    fix: message('Look at the alarm’s metric since the deployment started.'),
    examples: [
      'Service deployment rolled back because alarm detected: cpu-high.',
      '(service web) (deployment ecs-svc/1) deployment failed: alarm detected.',
    ],
  },
];
