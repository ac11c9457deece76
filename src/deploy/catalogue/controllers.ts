import { message } from '../../core/message';
import type { Entry } from './entry';

/** What deployments say of themselves: always a consequence, so it is said only where nothing nearer is known. */
export const controllers: readonly Entry[] = [
  {
    id: 'hookFailed',
    where: ['event', 'deployment'],
    pattern: /(?:lifecycle )?hook.*(?:failed|timed out|counts as failed)|hook .*returned.*fail/,
    brief: message('deployment hook failed'),
    cause: () => message('A lifecycle hook of the deployment failed or did not answer.'),
    fix: message('Read the log of its Lambda function.'),
    examples: [
      'Service deployment rolled back because the lifecycle hook arn:aws:lambda:us-east-1:123456789012:function:check failed.',
    ],
  },
  {
    id: 'deploymentStopped',
    where: ['event', 'deployment'],
    pattern: /(?:stopped|rolled back).*(?:by user|because of (?:a )?stopservicedeployment|user request)|stop_requested/,
    brief: message('deployment was stopped'),
    cause: () => message('A person or a tool stopped the deployment.'),
    examples: [
      'Deployment was stopped by user request',
      'Service deployment rolled back because of StopServiceDeployment.',
    ],
  },
  {
    id: 'circuitBreaker',
    where: ['event', 'deployment'],
    pattern: /circuit breaker|tasks failed to start|deployment failed/,
    brief: message('tasks failed to start'),
    cause: () => message('The circuit breaker ended the deployment, because its tasks failed.'),
    fix: message('Look at its stopped tasks while ECS shows them, for about an hour.'),
    confidence: 'likely',
    examples: [
      'ECS deployment circuit breaker: tasks failed to start.',
      '(service web) (deployment ecs-svc/1) deployment failed: tasks failed to start.',
      'ECS Deployment Circuit Breaker was triggered',
    ],
  },
  {
    id: 'startsThrottled',
    where: ['event'],
    pattern: /unable to consistently start tasks/,
    brief: message('tasks keep failing'),
    cause: () => message('Tasks keep failing, so ECS waits longer and longer between starts.'),
    fix: message('Mend the cause and start a new deployment: it begins without the waits.'),
    action: 'forceDeployment',
    confidence: 'likely',
    examples: [
      '(service web) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    ],
  },
  {
    id: 'rollingBack',
    where: ['event', 'deployment'],
    pattern: /rolling back to|rolled back/,
    brief: message('rolled back'),
    cause: () => message('ECS went back to the revision before.'),
    confidence: 'likely',
    examples: ['(service web) rolling back to deployment ecs-svc/1.', 'Service deployment rolled back.'],
  },
  {
    id: 'stoppedBeforePull',
    where: ['stopped', 'container'],
    pattern: /taskstoppedbeforepullbegin/,
    brief: message('stopped before it began'),
    cause: () => message('The task was stopped before its image was pulled.'),
    confidence: 'likely',
    examples: ['TaskStoppedBeforePullBeginError: Task stopped before image pull could begin for task'],
  },
  {
    id: 'essentialContainerExited',
    where: ['stopped', 'stopCode'],
    pattern: /essential ?container(?: in task)? ?exited|^task failed to start|^taskfailedtostart|^servicescheduler/,
    brief: message('a container ended'),
    cause: () => message('A container without which the task cannot go on has ended.'),
    confidence: 'likely',
    examples: ['Essential container in task exited', 'EssentialContainerExited', 'Task failed to start'],
  },
];
