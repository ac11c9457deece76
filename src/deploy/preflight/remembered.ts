import type { Clock } from '../../core/clock';
import type { Check } from './check';

/** Milliseconds for which what has passed is believed. */
const memory = 60_000;

/** Answers of the last minute. What failed or was skipped is not kept: somebody may be mending it. */
export class Remembered {
  private readonly kept = new Map<string, { readonly at: number; readonly checks: readonly Check[] }>();

  constructor(private readonly clock: Clock) {}

  async checks(key: string, ask: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
    const known = this.kept.get(key);
    if (known && this.clock.now() - known.at < memory) return known.checks;
    this.kept.delete(key);
    const checks = await ask();
    if (checks.every(({ state }) => state === 'passed' || state === 'warning')) {
      this.kept.set(key, { at: this.clock.now(), checks });
    }
    return checks;
  }
}
