import type { Clock } from '../../core/clock';
import type { Check } from './check';

/** Milliseconds for which what has passed is believed. */
const memory = 60_000;

/** Answers of the last minute. What failed or was skipped is kept as long as is said: somebody may be mending it. */
export class Remembered {
  private readonly kept = new Map<string, { readonly at: number; readonly checks: readonly Check[] }>();

  /** @param patience milliseconds for which anything else is believed */
  constructor(
    private readonly clock: Clock,
    private readonly patience = 0,
  ) {}

  async checks(key: string, ask: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
    const known = this.kept.get(key);
    if (known && this.clock.now() - known.at < this.worth(known.checks)) return known.checks;
    this.kept.delete(key);
    const checks = await ask();
    if (this.worth(checks) > 0) this.kept.set(key, { at: this.clock.now(), checks });
    return checks;
  }

  private worth(checks: readonly Check[]): number {
    return checks.every(({ state }) => state === 'passed' || state === 'warning') ? memory : this.patience;
  }
}
