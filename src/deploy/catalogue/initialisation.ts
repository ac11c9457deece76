import { message } from '../../core/message';
import { task, type Entry } from './entry';

/** What is left of ResourceInitializationError when nothing nearer matches. */
export const initialisation: readonly Entry[] = [
  {
    id: 'gpuRuntime',
    where: task,
    pattern: /nvidia-container-cli|could not select device driver|nvidia.*(?:runtime|driver).*not/,
    brief: message('GPU is not there'),
    cause: () => message('The instance has no GPU, or no driver for it.'),
    fix: message('Use a GPU instance with the ECS GPU-optimized AMI.'),
    examples: [
      'CannotStartContainerError: Error response from daemon: could not select device driver "nvidia" with capabilities: [[gpu]]',
    ],
  },
  {
    id: 'resourceInitialization',
    where: task,
    pattern: /resourceinitializationerror/,
    brief: message('could not be prepared'),
    cause: () => message('ECS could not prepare the task.'),
    confidence: 'likely',
    network: true,
    examples: ['ResourceInitializationError: something that is new'],
  },
];
