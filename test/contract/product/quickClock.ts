import type { Clock } from '../../../src/core/clock';

/**
 * A clock whose waits are a twentieth as long, because the sandbox's rollouts are quick too.
 * @param error milliseconds by which it is wrong
 */
export function quickClock(error = 0): Clock {
  return {
    now: () => Date.now() + error,
    after(ms, action) {
      const handle = setTimeout(action, ms / 20);
      return { cancel: () => clearTimeout(handle) };
    },
  };
}
