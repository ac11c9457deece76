import { sleep, type Clock } from './clock';

/** A token bucket: `burst` calls at once, refilled with `perSecond`. */
export interface Bucket {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Keeps callers below a bucket, first come first served. AWS throttles per account and Region, and other tools
 * share the bucket, so Gantry gives itself half of what AWS allows.
 */
export class Limiter {
  private tokens: number;
  private updatedAt: number;
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly bucket: Bucket,
    private readonly clock: Clock,
  ) {
    this.tokens = bucket.burst;
    this.updatedAt = clock.now();
  }

  /**
   * Waits until one more call may be sent.
   * @throws the signal's reason when it is aborted while waiting.
   */
  take(signal?: AbortSignal): Promise<void> {
    const turn = this.queue.then(() => this.takeNow(signal));
    // A cancelled caller must not break the queue for those behind it.
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async takeNow(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.refill();
    if (this.tokens < 1) {
      await sleep(this.clock, Math.ceil(((1 - this.tokens) / this.bucket.perSecond) * 1000), signal);
      this.refill();
    }
    this.tokens -= 1;
  }

  private refill(): void {
    const now = this.clock.now();
    this.tokens = Math.min(this.bucket.burst, this.tokens + ((now - this.updatedAt) / 1000) * this.bucket.perSecond);
    this.updatedAt = now;
  }
}
