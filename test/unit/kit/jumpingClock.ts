import type { Clock, Timer } from '../../../src/core/clock';

/** A clock that jumps to the next timer as soon as nothing else is left to do: hours pass in milliseconds. */
export class JumpingClock implements Clock {
  private time = Date.UTC(2026, 0, 2, 3, 4, 5);
  private readonly timers = new Set<{ at: number; action: () => void }>();
  private scheduled = false;

  now(): number {
    return this.time;
  }

  after(ms: number, action: () => void): Timer {
    const timer = { at: this.time + ms, action };
    this.timers.add(timer);
    this.schedule();
    return { cancel: () => void this.timers.delete(timer) };
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      const next = [...this.timers].sort((a, b) => a.at - b.at)[0];
      if (!next) return;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.action();
      if (this.timers.size > 0) this.schedule();
    });
  }
}
