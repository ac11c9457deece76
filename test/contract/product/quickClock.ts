import type { Clock } from '../../../src/core/clock';

/** Looks ten times as often as a person's, because the sandbox's rollouts are quick too. */
export const quickClock: Clock = {
  now: () => Date.now(),
  after(ms, action) {
    const handle = setTimeout(action, ms / 10);
    return { cancel: () => clearTimeout(handle) };
  },
};
