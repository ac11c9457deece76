import { message } from '../../core/message';
import type { TextKind } from '../finding';
import { task, type Entry } from './entry';

const stop: readonly TextKind[] = ['stopped', 'stopCode'];

/** The host under the task, and what AWS does to it. */
export const host: readonly Entry[] = [
  {
    id: 'stoppedByPerson',
    where: ['stopCode'],
    pattern: /^userinitiated/,
    brief: message('stopped by a person'),
    cause: () => message('A person or a tool stopped the task.'),
    fix: message('CloudTrail names who called StopTask.'),
    examples: ['UserInitiated', 'UserInitiated: Spot prices, maintenance'],
  },
  {
    id: 'spotInterruption',
    where: stop,
    pattern: /spot ?interruption|spot task was interrupted|spot instance .*(?:interrupt|terminat|reclaim)/,
    brief: message('Spot interruption'),
    cause: () => message('AWS took the Spot capacity back.'),
    fix: message('Keep a base on on-demand capacity; end within the two minutes of the warning.'),
    examples: ['SpotInterruption', 'Your Spot Task was interrupted.'],
  },
  {
    id: 'hostGone',
    where: stop,
    pattern:
      /host ec2 \(instance ([\w-]+)\) (?:stopped|terminated)|container instance deregistration forced|container instance .*(?:not found|was terminated)/,
    brief: message('container instance is gone'),
    cause: ({ groups }) =>
      message('The container instance {0} was stopped, terminated or deregistered.', groups[1] ?? ''),
    fix: message('The service starts the task elsewhere; look into the Auto Scaling group if it repeats.'),
    examples: ['Host EC2 (instance i-0abc) terminated.', 'Container instance deregistration forced by user'],
  },
  {
    id: 'maintenance',
    where: stop,
    pattern: /terminationnotice|maintenance|task retirement|scheduled for retirement|platform (?:version )?update/,
    brief: message('maintenance by AWS'),
    cause: () => message('AWS replaced the task for maintenance of its host.'),
    fix: message('Run more than one task, so that one can be replaced.'),
    examples: ['TerminationNotice', 'ECS is performing maintenance on the underlying infrastructure hosting the task.'],
  },
  {
    id: 'infrastructureHealth',
    where: stop,
    pattern:
      /infrastructure ?health|underlying infrastructure|host (?:is )?(?:impaired|unhealthy)|instance status check/,
    brief: message('unhealthy host'),
    cause: () => message('The host under the task was unhealthy.'),
    fix: message('The service starts the task elsewhere.'),
    examples: ['InfrastructureHealth', 'Task stopped because the underlying infrastructure failed'],
  },
  {
    id: 'runtimeTimeout',
    where: task,
    pattern: /(?:docker|containerruntime)timeouterror: could not transition to (\w+); timed out after waiting (\S+)/,
    brief: message('container engine is too slow'),
    cause: ({ groups }) => message('The container did not get to {0} within {1}.', groups[1] ?? '', groups[2] ?? ''),
    fix: message(
      'The host is overloaded or the image is large: use larger instances, faster disks or a smaller image.',
    ),
    examples: [
      'DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s',
      'ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m: context deadline exceeded',
    ],
  },
  {
    id: 'agentFailed',
    where: task,
    pattern:
      /cannotinspectcontainererror|cannotstopcontainererror|hostconfigerror|cannotcreatecontainererror.*(?:conflict|devicemapper|devmapper|untar)|internalerror/,
    brief: message('container engine fails'),
    cause: () => message('The container engine of the host does not do what ECS asks.'),
    fix: message('Replace the container instance, or update its agent and its engine.'),
    confidence: 'likely',
    examples: [
      'CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s',
      'CannotStopContainerError: failed sending SIGTERM to container: context deadline exceeded',
      'CannotCreateContainerError: API error (409): Conflict. The container name "/ecs-web-1" is already in use',
    ],
  },
];
