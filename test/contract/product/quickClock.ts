import type { Clock } from '../../../src/core/clock';

/**
 * A clock whose waits are a twentieth as long, because the sandbox's rollouts are quick too.
 * @param error milliseconds by which it is wrong
 * @param factor how many times as short its waits are
 */
export function quickClock(error = 0, factor = 20): Clock {
  return {
    now: () => Date.now() + error,
    after(ms, action) {
      const handle = setTimeout(action, ms / factor);
      return { cancel: () => clearTimeout(handle) };
    },
  };
}
