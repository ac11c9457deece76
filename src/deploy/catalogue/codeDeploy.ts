import { message } from '../../core/message';
import type { Entry } from './entry';

/** What CodeDeploy says of its deployments, by its error codes (CodeDeploy API reference, ErrorInformation). */
export const codeDeploy: readonly Entry[] = [
  {
    id: 'codeDeployTimedOut',
    where: ['deployment'],
    pattern: /timed out while waiting for the replacement task set/,
    brief: message('new tasks not healthy in time'),
    cause: () => message('The new tasks did not become healthy in the time that CodeDeploy gives them.'),
    fix: message('Look at the stopped tasks and at the health checks of the new target group.'),
    examples: [
      'ECS_UPDATE_ERROR: The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.',
    ],
  },
  {
    id: 'codeDeployAlarm',
    where: ['deployment'],
    pattern: /^alarm_active\b|alarms have been activated/,
    brief: message('an alarm went off'),
    cause: () => message('An alarm of the deployment group went off, so CodeDeploy stopped the deployment.'),
    fix: message('Look at the alarm and at what it measures.'),
    examples: [
      'ALARM_ACTIVE: One or more alarms have been activated according to the Amazon CloudWatch metrics you selected',
    ],
  },
  {
    id: 'codeDeployHook',
    where: ['deployment'],
    pattern: /^hook_execution_failure\b/,
    brief: message('deployment hook failed'),
    cause: () => message('A hook of the AppSpec failed or did not answer.'),
    fix: message('Read the log of its Lambda function.'),
    examples: ['HOOK_EXECUTION_FAILURE: One or more of the lifecycle event validation functions failed.'],
  },
  {
    id: 'codeDeployStopped',
    where: ['deployment'],
    pattern: /^manual_stop\b/,
    brief: message('deployment was stopped'),
    cause: () => message('A person or a tool stopped the deployment.'),
    examples: ['MANUAL_STOP: The deployment was stopped by a user.'],
  },
  {
    id: 'codeDeployWaited',
    where: ['deployment'],
    pattern: /traffic rerouting was not started|^timeout\b/,
    brief: message('nobody continued it'),
    cause: () => message('The deployment waited for somebody to continue it, and nobody did in time.'),
    fix: message('Deploy again and continue it, or let the deployment group go on by itself.'),
    confidence: 'likely',
    examples: ['TIMEOUT: The deployment was stopped because traffic rerouting was not started within the wait time.'],
  },
  {
    id: 'codeDeployRole',
    where: ['deployment'],
    pattern: /^iam_role_(?:missing|permissions)\b/,
    brief: message('service role of CodeDeploy'),
    cause: () =>
      message('The service role of the deployment group is missing, or may not do what the deployment needs.'),
    fix: message('Attach AWSCodeDeployRoleForECS to the service role of the deployment group.'),
    examples: ['IAM_ROLE_PERMISSIONS: The service role does not give you permission to perform operations in ECS.'],
  },
  {
    id: 'codeDeployBalancer',
    where: ['deployment'],
    pattern: /^(?:elastic_load_balancing_invalid|missing_elb_information)\b/,
    brief: message('load balancer of CodeDeploy'),
    cause: () => message('The target groups or listeners of the deployment group do not fit the service.'),
    fix: message('Correct the load balancer of the deployment group: two target groups and the production listener.'),
    examples: ['ELASTIC_LOAD_BALANCING_INVALID: The ELB could not be updated because the target group is invalid.'],
  },
  {
    id: 'codeDeployRevision',
    where: ['deployment'],
    pattern: /^(?:invalid_revision|invalid_ecs_service|ecs_update_error)\b/,
    brief: message('ECS refused the deployment'),
    cause: () => message('ECS did not take what CodeDeploy asked for.'),
    fix: message('Compare the AppSpec with the service: task definition, container and port.'),
    confidence: 'likely',
    examples: [
      'ECS_UPDATE_ERROR: TaskDefinition is inactive',
      'INVALID_ECS_SERVICE: The Amazon ECS service was not found.',
    ],
  },
  {
    id: 'codeDeployBusy',
    where: ['api'],
    pattern: /already has an active deployment/,
    brief: message('a deployment goes on'),
    cause: () => message('Another deployment of the same deployment group goes on.'),
    fix: message('Wait for it, or roll it back.'),
    examples: ["The Deployment Group 'web' already has an active Deployment 'd-ABCDEF123'"],
  },
];
