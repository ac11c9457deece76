import type { Figure } from './figure';

/** Calls to AWS of one ship, by operation, and its wall time beside a shell script's. */
export function ship(): Promise<readonly Figure[]> {
  return Promise.resolve([
    { name: 'API calls of one ship', unit: 'calls', values: [] },
    { name: 'one ship', unit: 'ms', values: [] },
    { name: 'the same by docker and the AWS CLI', unit: 'ms', values: [] },
  ]);
}
