import { message } from '../../core/message';
import type { Entry } from './entry';

/** Memory: the container's limit, and what programs say before it is reached. */
export const memory: readonly Entry[] = [
  {
    id: 'outOfMemory',
    where: ['container', 'stopped'],
    pattern: /outofmemory|killed due to memory usage|\boom[- ]?kill/,
    brief: message('out of memory'),
    cause: ({ container }) => message('“{0}” used more memory than its limit.', container),
    fix: message('Raise its memory in a new revision, or find the leak.'),
    action: 'raiseMemory',
    examples: [
      'OutOfMemoryError: Container killed due to memory usage',
      'OutOfMemory: container killed due to high memory usage',
    ],
  },
  {
    id: 'memoryMinimum',
    where: ['container', 'stopped', 'api'],
    pattern: /minimum memory (?:limit|reservation) allowed is (\S+)/,
    brief: message('memory limit is too small'),
    cause: ({ groups }) => message('The memory limit of the container is below {0}.', groups[1] ?? ''),
    fix: message('memory is in MiB: write 512, not 0.5.'),
    examples: ['CannotCreateContainerError: API error (500): Minimum memory limit allowed is 6MB'],
  },
  {
    id: 'heapFull',
    where: ['log'],
    pattern:
      /java\.lang\.outofmemoryerror|javascript heap out of memory|fatal error: runtime: out of memory|std::bad_alloc|^memoryerror|cannot allocate memory|allowed memory size of \d+ bytes exhausted/,
    brief: message('program’s memory is full'),
    cause: ({ container }) => message('The program in “{0}” ran out of the memory that it may use.', container),
    fix: message('Raise its own limit (-Xmx, --max-old-space-size) together with the container’s memory.'),
    action: 'raiseMemory',
    examples: [
      'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      "terminate called after throwing an instance of 'std::bad_alloc'",
    ],
  },
];
