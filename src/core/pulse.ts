import type { Clock, Timer } from './clock';

/**
 * Does something again and again while somebody looks, and nothing at all while nobody does. The pause is counted from
 * the end of one time to the beginning of the next, so that a slow answer never piles up.
 */
export class Pulse {
  private timer: Timer | undefined;
  private running: Promise<void> | undefined;
  private endedAt = Number.NEGATIVE_INFINITY;
  private ended = false;

  /**
   * @param pause milliseconds
   * @param action must not throw
   * @param isWanted whether somebody looks
   */
  constructor(
    private readonly clock: Clock,
    private readonly pause: number,
    private readonly action: () => Promise<void>,
    private readonly isWanted: () => boolean,
  ) {}

  /** Somebody looks, or nobody does any more: what is old is done again at once. */
  wake(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.ended || this.running || !this.isWanted()) return;
    const left = this.endedAt + this.pause - this.clock.now();
    if (left <= 0) return void this.now();
    this.timer = this.clock.after(left, () => this.wake());
  }

  /** Does it now, whoever looks; who asks while it is being done waits for the same end. */
  now(): Promise<void> {
    if (this.ended) return Promise.resolve();
    this.timer?.cancel();
    this.timer = undefined;
    this.running ??= this.action().finally(() => {
      this.running = undefined;
      this.endedAt = this.clock.now();
      this.wake();
    });
    return this.running;
  }

  dispose(): void {
    this.ended = true;
    this.timer?.cancel();
  }
}
