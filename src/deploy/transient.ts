import { reasonOf } from '../core/errors';

/** Whether the next look may go well. */
export function isTransient(error: unknown): boolean {
  return ['throttled', 'unreachable', 'timedOut', 'badAnswer'].includes(reasonOf(error) ?? '');
}
