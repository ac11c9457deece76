import type { Clock, Timer } from '../../../src/core/clock';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** Time that stands still until a test moves it. Timers fire in the order of their time. */
export class VirtualClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #order = 0;
  readonly #pending = new Set<Pending>();

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): Timer {
    this.#order += 1;
    const entry = { at: this.#now + ms, order: this.#order, action };
    this.#pending.add(entry);
    return { cancel: () => void this.#pending.delete(entry) };
  }

  /** Lets `ms` milliseconds pass, with everything that falls due in them. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#pending].sort((a, b) => a.at - b.at || a.order - b.order);
      if (!next || next.at > end) break;
      this.#pending.delete(next);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }
}
